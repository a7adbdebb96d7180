#include "ink/pen_skips.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "ink/test_strokes.h"

namespace longhand::ink {
namespace {

constexpr int kSide = 120;
constexpr float kPixel = 5;  // a glyph of 100 places is 20 pixels long

Plane drawn(const Strokes& strokes, float width) {
  return coverage_of(strokes, kSide, width);
}

// Without the ink of a straight band through (x, y), that many places wide, at that slope.
Plane cut(Plane plane, float x, float y, float slope, float wide) {
  const float length = std::sqrt(1 + slope * slope);
  for (int j = 0; j < kSide; ++j) {
    for (int i = 0; i < kSide; ++i) {
      const float away = (static_cast<float>(j) - y - slope * (static_cast<float>(i) - x)) / length;
      if (std::abs(away) < wide / 2) plane.at(i, j) = 0;
    }
  }
  return plane;
}

// How many places of `whole`'s ink are missing when what was found is added to `plane`, and how
// many are ink that was none.
struct Difference {
  int missing = 0, invented = 0;
};
Difference mended(const Plane& plane, const Plane& whole) {
  const Mask skips = find_pen_skips(plane, kPixel);
  Difference difference;
  for (std::size_t i = 0; i < plane.size(); ++i) {
    const bool ink = plane.values[i] >= 0.5F || (!skips.values.empty() && skips.values[i] != 0);
    const bool was = whole.values[i] >= 0.5F;
    difference.missing += was && !ink ? 1 : 0;
    difference.invented += ink && !was ? 1 : 0;
  }
  return difference;
}

int missing(const Plane& plane, const Plane& whole) {
  int places = 0;
  for (std::size_t i = 0; i < plane.size(); ++i)
    places += plane.values[i] < 0.5F && whole.values[i] >= 0.5F ? 1 : 0;
  return places;
}

TEST(PenSkips, AreFoundAcrossAStrokeWhicheverWayItRuns) {
  const Plane upright = drawn({{{{60, 10}, {60, 110}}}}, 12);
  const Plane level = drawn({{{{10, 60}, {110, 60}}}}, 12);
  const Plane oblique = drawn({{{{20, 20}, {100, 100}}}}, 12);
  for (const auto& [whole, slope] : {std::pair{upright, 0.0F},
                                     {upright, 0.5F},
                                     {level, 3.0F},
                                     {oblique, -1.0F},
                                     {oblique, -0.6F}}) {
    const Plane broken = cut(whole, 60, 60, slope, 6);
    const int gap = missing(broken, whole);
    const Difference difference = mended(broken, whole);
    EXPECT_LT(difference.missing, gap / 4);
    EXPECT_LT(difference.invented, gap / 4);
  }
}

TEST(PenSkips, AreFoundInALoop) {
  const Plane whole = drawn({{ellipse(60, 60, 30, 45)}}, 10);
  const Plane broken = cut(cut(whole, 60, 60, 0.1F, 6), 60, 60, -8, 6);
  const int gaps = missing(broken, whole);
  const Difference difference = mended(broken, whole);
  EXPECT_LT(difference.missing, gaps / 4);
  EXPECT_LT(difference.invented, gaps / 4);
}

TEST(PenSkips, LeaveWhatThePenLeftOutOnPurpose) {
  // The dot over an i, the hole of a loop, strokes side by side.
  const Plane letter = drawn({{{{60, 50}, {60, 110}}, {{60, 24}, {60, 25}}}}, 10);
  EXPECT_TRUE(find_pen_skips(letter, kPixel).values.empty());
  for (const Plane& plane :
       {drawn({{ellipse(60, 60, 26, 44)}}, 12), drawn({{ellipse(60, 60, 16, 16)}}, 10),
        drawn({{{{46, 10}, {46, 110}}, {{74, 10}, {74, 110}}}}, 14)}) {
    EXPECT_LT(mended(plane, plane).invented, missing(Plane(kSide, kSide), plane) / 8);
  }
}

TEST(PenSkips, AreNoneOfPaperAlone) {
  EXPECT_TRUE(find_pen_skips(Plane(kSide, kSide), kPixel).values.empty());
  EXPECT_TRUE(find_pen_skips(Plane(kSide, kSide, 1.0F), kPixel).values.empty());
  EXPECT_TRUE(find_pen_skips(Plane(), kPixel).values.empty());
  EXPECT_TRUE(find_pen_skips(Plane(1, 1, 1.0F), kPixel).values.empty());
}

}  // namespace
}  // namespace longhand::ink
