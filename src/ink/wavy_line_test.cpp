#include "ink/wavy_line.h"

#include <gtest/gtest.h>

#include "ink/test_strokes.h"

namespace longhand::ink {
namespace {

constexpr int kSide = 120;
constexpr float kPixel = 5;

Plane drawn(const Strokes& strokes, float width) {
  return coverage_of(strokes, kSide, width);
}

Stroke waves() {
  return {{8, 60}, {25, 44}, {42, 60}, {59, 44}, {76, 60}, {93, 44}, {110, 60}};
}

TEST(WavyLine, IsFoundAndStrokesThatCrossItGoOn) {
  const Mask line = find_wavy_line(drawn({{waves(), {{20, 20}, {81, 84}}}}, 7), kPixel);
  ASSERT_EQ(line.width, kSide);
  for (const Point& p : waves()) {
    const int x = static_cast<int>(p.x), y = static_cast<int>(p.y);
    EXPECT_EQ(line.at(x, y), 1) << x;
  }
  for (float t = 0; t < 1; t += 0.05F) {
    const int x = static_cast<int>(20 + 61 * t), y = static_cast<int>(20 + 64 * t);
    EXPECT_EQ(line.at(x, y), 0) << t;
  }
}

TEST(WavyLine, IsNeitherStraightNorAGlyphsOwnStroke) {
  EXPECT_EQ(find_wavy_line(drawn({{{{8, 60}, {110, 50}}, {{50, 12}, {50, 110}}}}, 7), kPixel).width,
            0);
  // Y, N
  EXPECT_EQ(
      find_wavy_line(drawn({{{{20, 20}, {60, 60}, {100, 20}}, {{60, 60}, {60, 110}}}}, 7), kPixel)
          .width,
      0);
  EXPECT_EQ(
      find_wavy_line(drawn({{{{20, 110}, {20, 10}, {100, 110}, {100, 10}}}}, 7), kPixel).width, 0);
}

TEST(WavyLine, IsNoneWhereTheWayIsBrokenOrThickOrThereIsNoInk) {
  Strokes apart = {{waves()}};
  apart.strokes[0].resize(4);
  apart.strokes.push_back({{80, 60}, {110, 44}});
  EXPECT_EQ(find_wavy_line(drawn(apart, 7), kPixel).width, 0);
  EXPECT_EQ(find_wavy_line(drawn({{waves()}}, 24), kPixel).width, 0);
  EXPECT_EQ(find_wavy_line(Plane(kSide, kSide), kPixel).width, 0);
  EXPECT_EQ(find_wavy_line(Plane(1, 1, 1), kPixel).width, 0);
}

}  // namespace
}  // namespace longhand::ink
