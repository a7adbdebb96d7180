#include "ink/tight_cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "ink/looks.h"
#include "ink/rasterize.h"
#include "ink/test_strokes.h"

namespace longhand::ink {
namespace {

// A thick 0 of 64x64, its edges hard, cut to its ink: most of it is ink.
GreyImage thick_zero(bool dark) {
  GreyImage picture(64, 64, dark ? 255 : 0);
  const GreyImage drawn =
      rasterize({{ellipse(32, 32, 21, 21)}}, picture.width, picture.height, {.width = 22});
  for (std::size_t i = 0; i < drawn.pixels.size(); ++i)
    if (drawn.pixels[i] >= 128) picture.pixels[i] = dark ? 0 : 255;
  return picture;
}

TEST(TightCut, HasAMarginOfTheRarerLevel) {
  for (const bool dark : {false, true}) {
    const auto cuts = with_paper_around({thick_zero(dark), {}});
    ASSERT_EQ(cuts.size(), 2U);
    const GreyImage& wide = cuts.front().grey;
    EXPECT_EQ(wide.at(0, 0), dark ? 255 : 0);
    const int margin = (wide.width - 64) / 2;
    ASSERT_GE(margin, 2);
    EXPECT_EQ(wide.at(margin + 12, margin + 32), dark ? 0 : 255);
  }
}

TEST(TightCut, IsNoPictureWithAMarginOrOfManyLevels) {
  GreyImage margin(96, 96, 255);
  const GreyImage zero = thick_zero(true);
  for (int y = 0; y < zero.height; ++y) {
    for (int x = 0; x < zero.width; ++x) margin.at(x + 16, y + 16) = zero.at(x, y);
  }
  EXPECT_TRUE(with_paper_around({margin, {}}).empty());
  GreyImage slope(64, 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) slope.at(x, y) = static_cast<std::uint8_t>(4 * x);
  }
  EXPECT_TRUE(with_paper_around({slope, {}}).empty());
  EXPECT_TRUE(with_paper_around({GreyImage(64, 64, 9), {}}).empty());
  EXPECT_TRUE(with_paper_around({}).empty());
}

TEST(TightCut, IsOneOfTheFurtherLooks) {
  const GreyImage clean =
      normalize(Raster{rasterize({{ellipse(70, 70, 42, 42)}}, 140, 140, {.width = 44}), {}},
                Normalization::kInk2)
          ->image;
  const auto looks = further_looks(Raster{thick_zero(true), {}}, Normalization::kInk2);
  const auto off = [&](const Glyph& look) {
    int sum = 0;
    for (std::size_t i = 0; i < clean.pixels.size(); ++i)
      sum += std::abs(look.image.pixels[i] - clean.pixels[i]);
    return sum / static_cast<int>(clean.pixels.size());
  };
  const auto near =
      std::find_if(looks.begin(), looks.end(), [&](const Glyph& look) { return off(look) < 12; });
  ASSERT_NE(near, looks.end());
  EXPECT_NEAR(near->box.x, 0, 2);
  EXPECT_NEAR(near->box.w, 64, 4);
}

}  // namespace
}  // namespace longhand::ink
