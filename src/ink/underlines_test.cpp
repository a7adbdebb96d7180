#include "ink/underlines.h"

#include <gtest/gtest.h>

#include <cmath>

namespace longhand::ink {
namespace {

const Stroke kSeven = {{0, 20}, {40, 20}, {15, 100}};
const Stroke kOne = {{60, 35}, {75, 18}, {75, 100}};
const Stroke kStem = {{30, 0}, {30, 100}};

std::size_t left_of(std::vector<Stroke> strokes) {
  return without_underlines({std::move(strokes)}).strokes.size();
}

TEST(WithoutUnderlines, TakesALineUnderADigitOut) {
  const Strokes rest = without_underlines({{kSeven, {{-10, 115}, {60, 113}}}});
  ASSERT_EQ(rest.strokes.size(), 1U);
  EXPECT_EQ(rest.strokes[0].size(), kSeven.size());
}

TEST(WithoutUnderlines, TakesLinesUnderANumberOut) {
  EXPECT_EQ(left_of({kSeven, kOne, {{-5, 118}, {100, 112}}}), 2U);
  EXPECT_EQ(left_of({{{-5, 118}, {100, 112}}, kSeven, kOne, {{-5, 130}, {100, 127}}}), 2U);
}

TEST(WithoutUnderlines, TakesTheLineUnderEachLineOfAPageOut) {
  const Stroke below = {{5, 170}, {40, 165}, {30, 260}};
  EXPECT_EQ(left_of({kSeven, {{-10, 115}, {60, 113}}, below, {{-10, 277}, {70, 275}}}), 2U);
}

// Feet and serifs touch their sign or are no wider, and bars have no writing on them.
TEST(WithoutUnderlines, LeavesWhatBelongsToASignAlone) {
  EXPECT_EQ(left_of({kStem, {{0, 100}, {60, 100}}}), 2U);                      // a foot
  EXPECT_EQ(left_of({kStem, {{0, 106}, {60, 105}}}), 2U);                      // that hardly misses
  EXPECT_EQ(left_of({{{0, 0}, {60, 0}}, kStem, {{0, 114}, {60, 114}}}), 3U);   // an I
  EXPECT_EQ(left_of({{{0, 40}, {60, 40}}, {{0, 70}, {60, 70}}}), 2U);          // =
  EXPECT_EQ(left_of({{{0, 0}, {50, 0}, {0, 98}}, {{0, 100}, {60, 99}}}), 2U);  // a Z
  EXPECT_EQ(left_of({kSeven, {{-5, 60}, {50, 58}}}), 2U);                      // a bar across
  EXPECT_EQ(left_of({kSeven, {{60, 115}, {90, 115}}}), 2U);                    // beside
  EXPECT_EQ(left_of({kSeven, {{-10, 300}, {60, 300}}}), 2U);                   // far below
  // A minus, and its number, on the next line.
  EXPECT_EQ(left_of({kOne, {{55, 150}, {95, 150}}, {{110, 112}, {130, 112}, {118, 190}}}), 3U);
}

TEST(UnderlinesAmong, KnowsTheLineUnderAGlyphOfAPicture) {
  Plane plane(60, 70);
  const auto fill = [&](int x0, int y0, int x1, int y1) {
    for (int y = y0; y < y1; ++y) {
      for (int x = x0; x < x1; ++x) plane.at(x, y) = 1;
    }
  };
  fill(20, 5, 26, 45);
  fill(10, 52, 50, 58);
  fill(2, 2, 3, 3);  // dirt
  Grid<int> labels;
  const auto components = label_components(plane, 0.5F, labels);
  ASSERT_EQ(components.size(), 3U);
  EXPECT_EQ(underlines_among(components), (std::vector<bool>{false, false, true}));
  EXPECT_TRUE(underlines_among({}).empty());
}

TEST(WithoutUnderlines, TakesAnythingThatIsStrokes) {
  EXPECT_EQ(left_of({}), 0U);
  EXPECT_EQ(left_of({{}, {{5, 5}}, {{0, 40}, {60, 40}}}), 2U);
}

}  // namespace
}  // namespace longhand::ink
