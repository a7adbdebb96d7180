#include "recognizer/view_choice.h"

#include <gtest/gtest.h>

namespace longhand::recognizer {
namespace {

constexpr ink::Box kSheet{100, 100, 200, 200};

constexpr View kStainless{{0, 0, 400, 400}, true};

// Glyphs of one confidence and height in a row from a place on.
void add(Writing& writing, int count, float confidence, float height, float x, float y,
         const char* text = "7") {
  for (int i = 0; i < count; ++i) {
    GlyphReading glyph;
    glyph.text = text;
    glyph.confidence = confidence;
    glyph.box = {x + 20 * static_cast<float>(i), y, 10, height};
    writing.reading.glyphs.push_back(glyph);
  }
}

Writing of(int count, float confidence, float height, float x, float y, const char* text = "7") {
  Writing writing;
  add(writing, count, confidence, height, x, y, text);
  return writing;
}

TEST(ViewChoice, IsThereForAllButOneSureGlyph) {
  Writing writing = of(1, 0.95F, 40, 0, 0);
  EXPECT_TRUE(is_beyond_doubt(writing));
  EXPECT_FALSE(is_beyond_doubt(of(1, 0.8F, 40, 0, 0)));
  EXPECT_FALSE(is_beyond_doubt({}));
  writing.reading.rejected = true;
  EXPECT_FALSE(is_beyond_doubt(writing));
  writing = of(3, 0.99F, 40, 0, 0);
  writing.mode = Mode::kLine;
  EXPECT_FALSE(is_beyond_doubt(writing));
}

TEST(ViewChoice, TakesTheSheetWhoseEdgesAreAllThatWasRead) {
  Writing edges = of(1, 0.99F, 200, 98, 100, "1");
  add(edges, 1, 0.99F, 200, 292, 100, "1");
  EXPECT_TRUE(is_view_better(edges, of(2, 0.9F, 40, 150, 150), {kSheet}));
  add(edges, 1, 0.99F, 40, 180, 180);
  EXPECT_FALSE(is_view_better(edges, of(2, 0.9F, 40, 150, 150), {kSheet}));
}

TEST(ViewChoice, TakesTheSurer) {
  Writing whole = of(6, 0.7F, 12, 0, 0);
  add(whole, 1, 0.7F, 12, 180, 180);
  EXPECT_TRUE(is_view_better(whole, of(2, 0.95F, 40, 150, 150), {kSheet}));
  EXPECT_FALSE(is_view_better(whole, of(2, 0.6F, 40, 150, 150), {kSheet}));
  Writing rejected = of(2, 0.95F, 40, 150, 150);
  rejected.reading.rejected = true;
  EXPECT_FALSE(is_view_better(whole, rejected, {kSheet}));
}

// Half of a page in the sun: what is written in the shade isn't lost.
TEST(ViewChoice, LeavesOutNothingThatIsWrittenAlike) {
  Writing whole = of(2, 0.95F, 40, 150, 150);
  add(whole, 2, 0.95F, 36, 150, 350);
  add(whole, 2, 0.5F, 10, 0, 0);
  EXPECT_FALSE(is_view_better(whole, of(2, 0.99F, 40, 150, 150), {kSheet}));
}

// Spots of coffee, which look like ones, and now and then like something else.
TEST(ViewChoice, LeavesOutBlots) {
  Writing whole = of(3, 0.99F, 40, 100, 100);
  add(whole, 4, 0.99F, 38, 100, 300, "1");
  EXPECT_TRUE(is_view_better(whole, of(3, 0.97F, 40, 100, 100), kStainless));
  add(whole, 1, 0.95F, 42, 300, 300, "8");
  EXPECT_TRUE(is_view_better(whole, of(3, 0.97F, 40, 100, 100), kStainless));
  EXPECT_FALSE(is_view_better(whole, of(3, 0.9F, 40, 100, 100), kStainless));
}

// What was written faintly is none of them.
TEST(ViewChoice, KeepsWhatIsFaintAndClear) {
  Writing in_line = of(3, 0.99F, 40, 100, 100);
  add(in_line, 1, 0.99F, 40, 170, 100, "1");
  EXPECT_FALSE(is_view_better(in_line, of(3, 0.99F, 40, 100, 100), kStainless));
  Writing below = of(3, 0.99F, 40, 100, 100);
  add(below, 2, 0.9995F, 40, 100, 300);
  EXPECT_FALSE(is_view_better(below, of(3, 0.999F, 40, 100, 100), kStainless));
}

// Mirrored digits that show through: some of them can be read.
TEST(ViewChoice, LeavesOutWhatIsMostlyUnclear) {
  Writing whole = of(3, 0.99F, 40, 100, 100);
  add(whole, 2, 0.5F, 40, 200, 100);
  add(whole, 2, 0.95F, 40, 240, 100);
  EXPECT_TRUE(is_view_better(whole, of(3, 0.99F, 40, 100, 100), kStainless));
  EXPECT_FALSE(is_view_better(whole, of(3, 0.99F, 40, 100, 100), {{0, 0, 400, 400}}));
}

TEST(ViewChoice, WantsAViewThatOnlyDiffersToBeSurer) {
  const Writing whole = of(3, 0.98F, 40, 100, 100);
  EXPECT_FALSE(is_view_better(whole, of(3, 0.97F, 40, 100, 100), kStainless));
  EXPECT_TRUE(is_view_better(whole, of(3, 0.99F, 40, 100, 100), kStainless));
}

}  // namespace
}  // namespace longhand::recognizer
