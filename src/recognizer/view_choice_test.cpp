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

TEST(NoteChoice, IsThereForAllButOneSureGlyph) {
  Writing writing = of(1, 0.95F, 40, 0, 0);
  EXPECT_FALSE(may_be_of_note(writing));
  EXPECT_TRUE(may_be_of_note(of(1, 0.8F, 40, 0, 0)));
  EXPECT_TRUE(may_be_of_note({}));
  writing.reading.rejected = true;
  EXPECT_TRUE(may_be_of_note(writing));
  writing = of(3, 0.99F, 40, 0, 0);
  writing.mode = Mode::kLine;
  EXPECT_TRUE(may_be_of_note(writing));
}

TEST(NoteChoice, TakesTheSheetWhoseEdgesAreAllThatWasRead) {
  Writing edges = of(1, 0.99F, 200, 98, 100);
  add(edges, 1, 0.99F, 200, 292, 100);
  EXPECT_TRUE(is_rather_note(edges, of(2, 0.9F, 40, 150, 150), kSheet));
  add(edges, 1, 0.99F, 40, 180, 180);
  EXPECT_FALSE(is_rather_note(edges, of(2, 0.9F, 40, 150, 150), kSheet));
}

TEST(NoteChoice, TakesTheSurer) {
  Writing whole = of(6, 0.7F, 12, 0, 0);
  add(whole, 1, 0.7F, 12, 180, 180);
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
