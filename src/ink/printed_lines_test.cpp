#include "ink/printed_lines.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace longhand::ink {
namespace {

constexpr int kSide = 100;
constexpr float kInked = 0.25F;
constexpr Part kWhole = {0, 0, kSide, kSide};

void level_line(Plane& plane, int y, float slope, int thickness, float amount, int x0 = 0,
                int x1 = kSide) {
  for (int x = x0; x < x1; ++x) {
    const int at = y + static_cast<int>(slope * static_cast<float>(x));
    for (int t = 0; t < thickness; ++t) plane.at(x, at + t) = std::max(plane.at(x, at + t), amount);
  }
}

void upright_line(Plane& plane, int x, int thickness, float amount, int y0 = 0, int y1 = kSide) {
  for (int y = y0; y < y1; ++y) {
    for (int t = 0; t < thickness; ++t) plane.at(x + t, y) = std::max(plane.at(x + t, y), amount);
  }
}

// A 4 of strokes five places thick, in the middle.
Plane writing() {
  Plane plane(kSide, kSide);
  upright_line(plane, 55, 5, 1, 25, 80);
  upright_line(plane, 35, 5, 1, 25, 55);
  level_line(plane, 50, 0, 5, 1, 35, 72);
  return plane;
}

double removed(const Plane& of, const Mask& mask) {
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < of.size(); ++i) {
    sum += mask.values[i] ? of.values[i] : 0;
    all += of.values[i];
  }
  return sum / all;
}

TEST(PrintedLines, TakesOutRulesThatAreThinnerAndKeepsTheWriting) {
  for (const float slope : {0.0F, 0.03F, -0.03F}) {
    Plane plane = writing();
    Plane lines(kSide, kSide);
    for (const int y : {12, 34, 62, 88}) {
      level_line(plane, y, slope, 1, 0.6F);
      level_line(lines, y, slope, 1, 0.6F);
    }
    Mask mask;
    EXPECT_EQ(find_printed_lines(plane, kWhole, kInked, mask).size(), 4U) << slope;
    EXPECT_GT(removed(lines, mask), 0.85) << slope;
    EXPECT_LT(removed(writing(), mask), 0.03) << slope;
  }
}

// A thin pen's stroke is as thin as a rule, and darker.
TEST(PrintedLines, KeepsAThinStrokeWholeWhereFaintLinesCrossIt) {
  Plane thin(kSide, kSide), page(kSide, kSide);
  for (Plane* p : {&thin, &page}) level_line(*p, 10, 0.8F, 2, 1, 5, 95);
  for (const int y : {24, 44, 64, 84}) level_line(page, y, 0, 1, 0.35F);
  Mask mask;
  EXPECT_EQ(find_printed_lines(page, kWhole, kInked, mask).size(), 4U);
  EXPECT_EQ(removed(thin, mask), 0);
}

TEST(PrintedLines, LeavesSmallWritingOnASheetOfManyRules) {
  Plane page(kSide, kSide), small(kSide, kSide);
  for (Plane* p : {&page, &small}) upright_line(*p, 48, 3, 1, 43, 57);
  for (int y = 3; y < kSide; y += 7) level_line(page, y, 0, 1, 0.5F);
  Mask mask;
  EXPECT_EQ(find_printed_lines(page, kWhole, kInked, mask).size(), 14U);
  EXPECT_LT(removed(small, mask), 0.1);
  // Of a few rules such a stroke may be what is left.
  Plane few = small;
  for (const int y : {10, 30, 70, 90}) level_line(few, y, 0, 1, 0.5F);
  EXPECT_TRUE(find_printed_lines(few, kWhole, kInked, mask).empty());
}

TEST(PrintedLines, TakesOutACellAsDarkAndThickAsTheInk) {
  Plane plane = writing(), cell(kSide, kSide);
  for (Plane* p : {&plane, &cell}) {
    level_line(*p, 8, 0, 4, 1, 10, 92);
    level_line(*p, 88, 0, 4, 1, 10, 92);
    upright_line(*p, 10, 4, 1, 8, 92);
    upright_line(*p, 88, 4, 1, 8, 92);
  }
  Mask mask;
  EXPECT_EQ(find_printed_lines(plane, kWhole, kInked, mask).size(), 4U);
  EXPECT_GT(removed(cell, mask), 0.95);
  EXPECT_EQ(removed(writing(), mask), 0);
}

// A 7 cut out tightly: its bar runs from rim to rim, as thick as its stem. An E's lines are all
// there is. A rule that is no thicker than the strokes, alone.
TEST(PrintedLines, KeepsStrokesThatRunFromRimToRim) {
  Plane seven(kSide, kSide);
  level_line(seven, 2, 0, 4, 1);
  for (int y = 6; y < kSide; ++y) {
    for (int t = 0; t < 4; ++t) seven.at(std::max(0, 94 - y / 2) + t, y) = 1;
  }
  Mask mask;
  EXPECT_TRUE(find_printed_lines(seven, kWhole, kInked, mask).empty());
  EXPECT_EQ(removed(seven, mask), 0);
  Plane letter(kSide, kSide);
  for (const int y : {0, 48, 96}) level_line(letter, y, 0, 4, 1);
  upright_line(letter, 0, 4, 1);
  EXPECT_TRUE(find_printed_lines(letter, kWhole, kInked, mask).empty());
  EXPECT_TRUE(find_printed_lines(writing(), kWhole, kInked, mask).empty());
}

// Signs of 8 x 14, strokes two places thick, in rows on a page of 300 x 200.
Plane small_writing() {
  Plane plane(300, 200);
  for (int row = 0; row < 5; ++row) {
    for (int sign = 0; sign < 12; ++sign) {
      const int x = 30 + 20 * sign, y = 20 + 30 * row;
      upright_line(plane, x, 2, 1, y, y + 14);
      level_line(plane, y, 0, 2, 1, x, x + 8);
    }
  }
  return plane;
}

TEST(PageLines, AreTakenOutWhereTheWritingIsSmall) {
  // Rules of a page seen from a side: not parallel, and not from rim to rim.
  Plane plane = small_writing(), lines(300, 200);
  for (int n = 0; n < 8; ++n) {
    for (Plane* p : {&plane, &lines})
      level_line(*p, 12 + 22 * n, 0.004F * static_cast<float>(n), 1, 0.5F, 15, 280);
  }
  Mask mask;
  EXPECT_EQ(find_page_lines(plane, 14, kInked, mask).size(), 8U);
  EXPECT_GT(removed(lines, mask), 0.9);
  EXPECT_LT(removed(small_writing(), mask), 0.1);
}

TEST(PageLines, OfSquaredPaperAreTakenOut) {
  Plane plane = small_writing(), lines(300, 200);
  for (Plane* p : {&plane, &lines}) {
    for (int y = 5; y < 200; y += 12) level_line(*p, y, 0, 1, 0.5F, 0, 300);
    for (int x = 3; x < 300; x += 12) upright_line(*p, x, 1, 0.5F, 0, 200);
  }
  Mask mask;
  EXPECT_EQ(find_page_lines(plane, 14, kInked, mask).size(), 17U + 25U);
  EXPECT_GT(removed(lines, mask), 0.9);
}

TEST(PageLines, AreNotStrokes) {
  Mask mask;
  EXPECT_TRUE(find_page_lines(small_writing(), 14, kInked, mask).empty());
  EXPECT_EQ(removed(small_writing(), mask), 0);
  EXPECT_TRUE(find_page_lines(writing(), 55, kInked, mask).empty());
  EXPECT_TRUE(find_page_lines(Plane(), 14, kInked, mask).empty());
  EXPECT_TRUE(find_page_lines(Plane(100, 100), 14, kInked, mask).empty());
  EXPECT_TRUE(find_page_lines(Plane(100, 100, 1.0F), 0, kInked, mask).empty());
}

TEST(PrintedLines, NeedsRoom) {
  Plane tiny(16, 16, 1);
  Mask mask;
  EXPECT_TRUE(find_printed_lines(tiny, {0, 0, 16, 16}, kInked, mask).empty());
  EXPECT_EQ(mask.size(), tiny.size());
  Plane strip(kSide, 1, 1);
  EXPECT_TRUE(find_printed_lines(strip, {0, 0, kSide, 1}, kInked, mask).empty());
}

}  // namespace
}  // namespace longhand::ink
