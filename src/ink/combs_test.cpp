#include "ink/combs.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace longhand::ink {
namespace {

// A line across at y = 100, with what crosses it left out at `crossings`.
Mask line_with(const std::vector<int>& crossings) {
  Mask printed(400, 150);
  for (int x = 0; x < printed.width; ++x) {
    bool free = true;
    for (const int at : crossings) free = free && (x < at || x > at + 2);
    if (free) printed.at(x, 100) = printed.at(x, 101) = 1;
  }
  return printed;
}

Component upright(int x, int y0, int y1, int wide = 3) {
  return {wide * (y1 - y0 + 1), x, y0, x + wide - 1, y1};
}

TEST(Ticks, TheTicksOfACombAreFound) {
  const std::vector<Component> components = {upright(20, 80, 99), upright(80, 79, 102),
                                             upright(140, 80, 101), upright(50, 40, 95, 8)};
  EXPECT_EQ(ticks_among(components, line_with({80, 140}), 55),
            (std::vector<bool>{true, true, true, false}));
}

TEST(Ticks, AFewMayBeAnything) {
  const std::vector<Component> two = {upright(20, 80, 99), upright(80, 80, 99)};
  EXPECT_EQ(ticks_among(two, line_with({}), 55), std::vector<bool>(2));
}

TEST(Ticks, OnesOnALineAreWriting) {
  const std::vector<Component> ones = {upright(20, 45, 99), upright(80, 47, 99),
                                       upright(140, 44, 99)};
  EXPECT_EQ(ticks_among(ones, line_with({}), 55), std::vector<bool>(3));
}

TEST(Ticks, WhatEndsElsewhereStays) {
  const std::vector<Component> dashes = {upright(20, 60, 79), upright(80, 60, 79),
                                         upright(140, 60, 79)};
  EXPECT_EQ(ticks_among(dashes, line_with({}), 55), std::vector<bool>(3));
  EXPECT_EQ(ticks_among(dashes, Mask(400, 150), 55), std::vector<bool>(3));
  EXPECT_TRUE(ticks_among({}, line_with({}), 55).empty());
}

// A line with ticks every 40 places, and stems of that height between them.
struct Comb {
  Plane coverage{340, 120};
  Grid<int> labels;
  std::vector<Component> components;

  Comb(int tick, int stem) {
    for (int x = 20; x < 320; ++x) coverage.at(x, 100) = coverage.at(x, 101) = 1;
    for (int k = 0; k <= 7; ++k) draw_stem(22 + 40 * k, 100 - tick, 100);
    for (int k = 0; k < 7; ++k) draw_stem(42 + 40 * k, 92 - stem, 92);
    components = label_components(coverage, 0.5F, labels);
  }
  void draw_stem(int x, int y0, int y1) {
    for (int y = y0; y <= y1; ++y) coverage.at(x, y) = coverage.at(x + 1, y) = 1;
  }
  std::vector<bool> combs(float height) const { return combs_among(components, labels, height); }
};

TEST(Combs, ALineWithTicksUnderWritingIsOne) {
  const Comb comb(15, 60);
  const std::vector<bool> found = comb.combs(60);
  EXPECT_EQ(std::count(found.begin(), found.end(), true), 1);
  for (std::size_t n = 0; n < found.size(); ++n)
    EXPECT_EQ(found[n], comb.components[n].width() > 200);
}

TEST(Combs, WhatIsAsHighAsTheWritingOrCarriesNoneIsWriting) {
  const std::vector<bool> high = Comb(60, 40).combs(60);
  EXPECT_EQ(std::count(high.begin(), high.end(), true), 0);
  const std::vector<bool> alone = Comb(15, 10).combs(60);
  EXPECT_EQ(std::count(alone.begin(), alone.end(), true), 0);
  EXPECT_TRUE(combs_among({}, {}, 60).empty());
}

}  // namespace
}  // namespace longhand::ink
