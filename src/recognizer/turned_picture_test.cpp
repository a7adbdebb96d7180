#include "recognizer/turned_picture.h"

#include <gtest/gtest.h>

#include "ink/quarter_turn.h"
#include "recognizer/test_writing.h"

namespace longhand::recognizer {
namespace {

Writing of(const std::vector<float>& confidences, float text_confidence, const char* text = "7") {
  Writing writing;
  writing.mode = Mode::kLine;
  writing.reading.confidence = text_confidence;
  for (const float confidence : confidences) {
    GlyphReading glyph;
    glyph.text = text;
    glyph.confidence = confidence;
    glyph.candidates = {{text, confidence}};
    writing.reading.glyphs.push_back(glyph);
  }
  return writing;
}

TEST(TurnedPicture, OnlyWhatIsUnsureMayLieTurned) {
  EXPECT_TRUE(may_lie_turned(of({0.9F, 0.6F, 0.8F}, 0.4F)));
  EXPECT_FALSE(may_lie_turned(of({0.99F, 0.99F, 0.99F}, 0.5F)));
  EXPECT_FALSE(may_lie_turned(of({0.9F, 0.6F, 0.8F}, 0.95F)));  // one text is likely all the same
  EXPECT_FALSE(may_lie_turned(of({0.6F}, 0.6F)));
  EXPECT_FALSE(may_lie_turned(of(std::vector<float>(1'000, 0.5F), 0.1F)));
  Writing nothing;
  nothing.reading.rejected = true;
  EXPECT_TRUE(may_lie_turned(nothing));
}

TEST(TurnedPicture, IsTurnedAsItsSignsStand) {
  std::vector<ink::Box> row, column;
  for (int i = 0; i < 5; ++i) {
    const auto at = static_cast<float>(40 * i);
    row.push_back({at, 10, 20, 30});
    column.push_back({10, at, 30, 20});
  }
  EXPECT_EQ(turns_to_try(row), std::vector{2});
  EXPECT_EQ(turns_to_try(column), (std::vector{1, 3}));
  const std::vector<ink::Box> both_ways = {
      {0, 0, 30, 30}, {40, 0, 30, 30}, {200, 0, 30, 30}, {200, 40, 30, 30}};
  EXPECT_EQ(turns_to_try(both_ways), (std::vector{1, 3, 2}));
  EXPECT_TRUE(turns_to_try({row[0], row[1]}).empty());
  EXPECT_TRUE(turns_to_try({}).empty());
}

TEST(TurnedPicture, IsBetterOnlyWhereItIsFarLikelier) {
  const Writing unsure = of({0.8F, 0.7F, 0.9F, 0.8F}, 0.3F);
  EXPECT_TRUE(is_turned_better(unsure, of({0.99F, 0.99F, 0.99F, 0.99F}, 0.96F)));
  EXPECT_FALSE(is_turned_better(unsure, of({0.95F, 0.95F, 0.9F, 0.99F}, 0.8F)));
  EXPECT_FALSE(is_turned_better(unsure, of({0.99F}, 0.99F)));
  EXPECT_FALSE(is_turned_better(unsure, of({0.99F, 0.99F, 0.99F, 0.99F}, 0.2F)));
  EXPECT_FALSE(is_turned_better(of({0.94F, 0.94F, 0.94F}, 0.8F), of({0.99F, 0.99F, 0.99F}, 0.97F)));
  Writing rejected = of({0.99F, 0.99F, 0.99F, 0.99F}, 0.96F);
  rejected.reading.rejected = true;
  EXPECT_FALSE(is_turned_better(unsure, rejected));
}

// A photo that was taken sideways or upside down.
TEST(Reader, APictureThatLiesTurnedIsRead) {
  const std::string text = "4772\n2417\n7442";
  const ink::Raster upright = drawn(written(text));
  for (int quarters = 0; quarters < 4; ++quarters) {
    const ink::Raster given = ink::quarter_turned(upright, quarters);
    const Writing writing = read_as(Mode::kAuto, given);
    EXPECT_EQ(writing.reading.text, text) << quarters;
    EXPECT_EQ(writing.seen.quarters, (4 - quarters) % 4);
    ASSERT_GE(writing.reading.glyphs.size(), 2U);
    // Where they stand on the picture that was given.
    const ink::Box expected =
        ink::before_quarter_turn(read_as(Mode::kAuto, upright).reading.glyphs.front().box,
                                 (4 - quarters) % 4, given.grey.width, given.grey.height);
    const ink::Box box = writing.reading.glyphs.front().box;
    EXPECT_NEAR(box.x, expected.x, 3) << quarters;
    EXPECT_NEAR(box.y, expected.y, 3) << quarters;
    EXPECT_NEAR(box.w, expected.w, 3) << quarters;
  }
}

}  // namespace
}  // namespace longhand::recognizer
