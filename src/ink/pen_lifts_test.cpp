#include "ink/pen_lifts.h"

#include <gtest/gtest.h>

#include "ink/test_strokes.h"

namespace longhand::ink {
namespace {

std::size_t points_of(const Strokes& strokes) {
  std::size_t count = 0;
  for (const Stroke& stroke : strokes.strokes) count += stroke.size();
  return count;
}

TEST(PenLifts, APathThatWasSentPieceByPieceIsOneStroke) {
  const Stroke path = ellipse(50, 50, 30, 45);
  Strokes pieces;
  for (std::size_t i = 1; i < path.size(); ++i) pieces.strokes.push_back({path[i - 1], path[i]});
  const Strokes joined = without_lifts(pieces);
  ASSERT_EQ(joined.strokes.size(), 1U);
  EXPECT_EQ(joined.strokes[0].front().x, path.front().x);
  EXPECT_EQ(joined.strokes[0].back().y, path.back().y);
}

TEST(PenLifts, AShortGapOnTheWayIsNoLift) {
  const Strokes broken = {{{{50, 0}, {50, 20}, {50, 45}}, {{51, 50}, {51, 75}, {50, 100}}}};
  EXPECT_EQ(without_lifts(broken).strokes.size(), 1U);
  EXPECT_EQ(points_of(without_lifts(broken)), 6U);
}

TEST(PenLifts, ALiftIsALift) {
  // An equals sign, a T, two ones, a 4, and a stroke that goes back from where the other ended.
  const std::vector<Strokes> kept = {
      {{{{0, 0}, {40, 0}}, {{0, 20}, {40, 20}}}},
      {{{{0, 0}, {60, 0}}, {{30, 0}, {30, 100}}}},
      {{{{0, 0}, {0, 100}}, {{20, 0}, {20, 100}}}},
      {{{{20, 0}, {6, 56}, {70, 56}}, {{54, 20}, {50, 100}}}},
      {{{{0, 0}, {0, 100}}, {{3, 97}, {3, 20}}}},
      // A minus right before a 7, whose bar lies on its height.
      {{{{0, 50}, {40, 50}}, {{58, 50}, {110, 50}, {80, 150}}}},
  };
  for (const Strokes& strokes : kept)
    EXPECT_EQ(without_lifts(strokes).strokes.size(), strokes.strokes.size());
}

TEST(PenLifts, LeavesEmptyOnesOutAndTakesAnything) {
  EXPECT_TRUE(without_lifts({}).strokes.empty());
  EXPECT_TRUE(without_lifts({{{}, {}}}).strokes.empty());
  EXPECT_EQ(without_lifts({{{}, {{1, 1}}, {}, {{9, 9}}}}).strokes.size(), 2U);
  EXPECT_EQ(without_lifts({{{{1, 1}}, {{1, 1}}}}).strokes.size(), 1U);
}

}  // namespace
}  // namespace longhand::ink
