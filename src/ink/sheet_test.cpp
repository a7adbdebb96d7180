#include "ink/sheet.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace longhand::ink {
namespace {

Plane paper(int width, int height, float level) {
  return Plane(width, height, level);
}

void fill(Plane& plane, const Part& part, float level) {
  for (int y = part.y0; y < part.y1; ++y) {
    for (int x = part.x0; x < part.x1; ++x) plane.at(x, y) = level;
  }
}

// A scanner's black bed on any of the four sides, by bits.
class FindSheet : public testing::TestWithParam<int> {};

TEST_P(FindSheet, LeavesOutTheMarginOnEachSideThatHasOne) {
  const int sides = GetParam();
  Plane scan = paper(60, 48, 6);
  const Part sheet = {sides & 1 ? 8 : 0, sides & 2 ? 5 : 0, sides & 4 ? 50 : 60,
                      sides & 8 ? 40 : 48};
  fill(scan, sheet, 200);
  fill(scan, {25, 15, 29, 35}, 40);  // writing
  const Part found = find_sheet(scan);
  EXPECT_EQ(found.x0, sides & 1 ? sheet.x0 + 1 : 0);
  EXPECT_EQ(found.y0, sides & 2 ? sheet.y0 + 1 : 0);
  EXPECT_EQ(found.x1, sides & 4 ? sheet.x1 - 1 : 60);
  EXPECT_EQ(found.y1, sides & 8 ? sheet.y1 - 1 : 48);
}

INSTANTIATE_TEST_SUITE_P(Sides, FindSheet, testing::Range(0, 16));

TEST(FindSheet, LeavesOutAnEdgeAskew) {
  Plane scan = paper(100, 80, 5);
  for (int y = 0; y < 80; ++y) {
    for (int x = 10 + y / 20; x < 100; ++x) scan.at(x, y) = 180;
  }
  const Part found = find_sheet(scan);
  EXPECT_GE(found.x0, 13);
  EXPECT_LE(found.x0, 16);
  EXPECT_EQ(found.x1, 100);
}

// Light that fades towards a side, and what the camera shows as white.
TEST(FindSheet, TakesNoLightForAMargin) {
  Plane lit = paper(100, 80, 0);
  for (int y = 0; y < 80; ++y) {
    for (int x = 0; x < 100; ++x)
      lit.at(x, y) = std::min(255.0F, 160 + 1.5F * static_cast<float>(x));
  }
  fill(lit, {5, 30, 15, 34}, 40);
  EXPECT_EQ(find_sheet(lit), (Part{0, 0, 100, 80}));
}

// Writing never is a sheet: a bar (a 1), a 7 cut out tightly, a ring, one colour.
TEST(FindSheet, TakesNoWritingForASheet) {
  const Part whole = {0, 0, 28, 28};
  Plane one = paper(28, 28, 0);
  fill(one, {12, 4, 16, 24}, 255);
  EXPECT_EQ(find_sheet(one), whole);
  Plane seven = paper(28, 28, 0);
  fill(seven, {2, 2, 26, 6}, 255);
  fill(seven, {20, 6, 24, 28}, 255);
  EXPECT_EQ(find_sheet(seven), whole);
  Plane ring = paper(28, 28, 0);
  fill(ring, {2, 2, 26, 26}, 255);
  fill(ring, {7, 7, 21, 21}, 0);
  EXPECT_EQ(find_sheet(ring), whole);
  EXPECT_EQ(find_sheet(paper(28, 28, 77)), whole);
  EXPECT_EQ(find_sheet(paper(1, 1, 77)), (Part{0, 0, 1, 1}));
}

}  // namespace
}  // namespace longhand::ink
