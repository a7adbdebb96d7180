#include "recognizer/note_choice.h"

#include <gtest/gtest.h>

namespace longhand::recognizer {
namespace {

constexpr ink::Box kSheet{100, 100, 200, 200};

// Glyphs of one confidence and height in a row from a place on.
void add(Writing& writing, int count, float confidence, float height, float x, float y) {
  for (int i = 0; i < count; ++i) {
    GlyphReading glyph;
    glyph.confidence = confidence;
    glyph.box = {x + 20 * static_cast<float>(i), y, 10, height};
    writing.reading.glyphs.push_back(glyph);
  }
}

Writing of(int count, float confidence, float height, float x, float y) {
  Writing writing;
  add(writing, count, confidence, height, x, y);
  return writing;
}

TEST(NoteChoice, IsThereForWhatIsReadDoubtfully) {
  EXPECT_FALSE(is_doubtful(of(3, 0.95F, 40, 0, 0)));
  EXPECT_TRUE(is_doubtful(of(3, 0.8F, 40, 0, 0)));
  EXPECT_TRUE(is_doubtful({}));
  Writing rejected = of(3, 0.95F, 40, 0, 0);
  rejected.reading.rejected = true;
  EXPECT_TRUE(is_doubtful(rejected));
}

TEST(NoteChoice, TakesTheSurer) {
  const Writing whole = of(6, 0.7F, 12, 0, 0);
  EXPECT_TRUE(is_rather_note(whole, of(2, 0.95F, 40, 150, 150), kSheet));
  EXPECT_FALSE(is_rather_note(whole, of(2, 0.6F, 40, 150, 150), kSheet));
  Writing rejected = of(2, 0.95F, 40, 150, 150);
  rejected.reading.rejected = true;
  EXPECT_FALSE(is_rather_note(whole, rejected, kSheet));
}

// Half of a page in the sun: what is written in the shade isn't lost.
TEST(NoteChoice, LeavesOutNothingThatIsWrittenAlike) {
  Writing whole = of(2, 0.95F, 40, 150, 150);
  add(whole, 2, 0.95F, 36, 150, 350);
  add(whole, 2, 0.5F, 10, 0, 0);
  EXPECT_FALSE(is_rather_note(whole, of(2, 0.99F, 40, 150, 150), kSheet));
}

}  // namespace
}  // namespace longhand::recognizer
