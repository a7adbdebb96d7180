#include "ink/reversed_bands.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ink/rasterize.h"

namespace longhand::ink {
namespace {

// An 8 over the middle of the board, light on dark.
GreyImage eight(int size) {
  const auto s = static_cast<float>(size);
  Stroke stroke;
  for (int i = 0; i <= 40; ++i) {
    const float t = 6.2832F * static_cast<float>(i) / 40;
    stroke.push_back({s * (0.5F + 0.22F * std::sin(2 * t)), s * (0.5F + 0.34F * std::cos(t))});
  }
  return rasterize({{stroke}}, size, size, {.width = s / 9});
}

// A one, which stays clear of everything but the middle.
GreyImage one(int size) {
  const auto s = static_cast<float>(size);
  return rasterize({{{{0.5F * s, 0.15F * s}, {0.48F * s, 0.85F * s}}}}, size, size,
                   {.width = s / 9});
}

GreyImage reversed(GreyImage image, int x0, int y0, int x1, int y1) {
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) image.at(x, y) = static_cast<std::uint8_t>(255 - image.at(x, y));
  }
  return image;
}

TEST(ReversedBands, AreTurnedBackWhereverTheyLie) {
  for (const int size : {28, 120}) {
    const GreyImage clean = eight(size);
    const int quarter = size / 4;
    const auto right = without_reversed_bands(reversed(clean, 3 * quarter - 2, 0, size, size));
    ASSERT_TRUE(right) << size;
    EXPECT_EQ(*right, clean);
    const auto bottom = without_reversed_bands(reversed(clean, 0, 3 * quarter - 3, size, size));
    ASSERT_TRUE(bottom) << size;
    EXPECT_EQ(*bottom, clean);
    const auto middle =
        without_reversed_bands(reversed(clean, 0, quarter + 2, size, 2 * quarter + 2));
    ASSERT_TRUE(middle) << size;
    EXPECT_EQ(*middle, clean);
    const auto sides = without_reversed_bands(
        reversed(reversed(clean, 0, 0, quarter - 1, size), 3 * quarter, 0, size, size));
    ASSERT_TRUE(sides) << size;
    EXPECT_EQ(*sides, clean);
  }
}

TEST(ReversedBands, AlongTheRimMayBeEmpty) {
  const GreyImage clean = one(28);
  const auto turned = without_reversed_bands(reversed(reversed(clean, 0, 0, 7, 28), 21, 0, 28, 28));
  ASSERT_TRUE(turned);
  EXPECT_EQ(*turned, clean);
}

TEST(ReversedBands, AreNoStrokes) {
  EXPECT_FALSE(without_reversed_bands(eight(28)));
  EXPECT_FALSE(without_reversed_bands(reversed(eight(28), 0, 0, 28, 28)));
  EXPECT_FALSE(without_reversed_bands(one(28)));
  // A bar from rim to rim: a printed 1 cut out tightly, alone and with a ring beside it.
  GreyImage bar(28, 28);
  for (int y = 0; y < 28; ++y) {
    for (int x = 0; x < 5; ++x) bar.at(x, y) = 255;
  }
  EXPECT_FALSE(without_reversed_bands(bar));
  for (int y = 6; y < 22; ++y) bar.at(14, y) = bar.at(24, y) = 255;
  EXPECT_FALSE(without_reversed_bands(bar));
  // A 1 in the middle, from rim to rim, not quite straight.
  GreyImage tight(32, 32);
  for (int y = 0; y < 32; ++y) {
    for (int x = 13; x < 18; ++x) tight.at(x + (y == 12 || y > 27), y) = 255;
  }
  EXPECT_FALSE(without_reversed_bands(tight));
}

TEST(ReversedBands, AreNoRulesAndNoDarkBed) {
  GreyImage ruled(100, 100, 230);
  for (int y = 20; y < 100; y += 20) {
    for (int x = 0; x < 100; ++x) ruled.at(x, y) = 60;
  }
  EXPECT_FALSE(without_reversed_bands(ruled));
  GreyImage scan(100, 100, 10);  // a bed that is no negative of the paper
  for (int y = 0; y < 100; ++y) {
    for (int x = 30; x < 100; ++x) scan.at(x, y) = 180;
  }
  for (int y = 30; y < 60; ++y) scan.at(60, y) = 0;
  scan.at(99, 99) = 255;
  EXPECT_FALSE(without_reversed_bands(scan));
}

TEST(ReversedBands, AreNotInPicturesOfNothing) {
  EXPECT_FALSE(without_reversed_bands(GreyImage()));
  EXPECT_FALSE(without_reversed_bands(GreyImage(1, 1, 7)));
  EXPECT_FALSE(without_reversed_bands(GreyImage(40, 30, 200)));
  GreyImage halves(20, 20);
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 10; ++x) halves.at(x, y) = 255;
  }
  EXPECT_FALSE(without_reversed_bands(halves));
}

}  // namespace
}  // namespace longhand::ink
