#include "ink/stains.h"

#include <gtest/gtest.h>
#include <random>

#include "ink/rasterize.h"

namespace longhand::ink {
namespace {

constexpr int kSide = 200;

// Two strokes on paper with some noise, each so much darker than it: 1 is black.
Raster strokes_on_paper(float first, float second) {
  const Strokes one{{{{40, 40}, {45, 100}, {60, 160}}}};
  const Strokes other{{{{140, 40}, {120, 100}, {150, 160}}}};
  const GreyImage a = rasterize(one, kSide, kSide, {.width = 9});
  const GreyImage b = rasterize(other, kSide, kSide, {.width = 9});
  Raster raster{GreyImage(kSide, kSide), {}};
  std::mt19937 random(5);
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    const float ink =
        std::max(first * static_cast<float>(a.pixels[i]), second * static_cast<float>(b.pixels[i]));
    const int level = 220 - static_cast<int>(0.75F * ink) + static_cast<int>(random() % 7U) - 3;
    raster.grey.pixels[i] = static_cast<std::uint8_t>(level);
  }
  return raster;
}

// Spots that take away a share of the light.
void add_spots(Raster& raster, float share) {
  for (const auto& [x0, y0, r] : {std::tuple{60, 90, 22}, {150, 60, 18}, {110, 170, 25}}) {
    for (int y = y0 - r; y <= y0 + r; ++y) {
      for (int x = x0 - r; x <= x0 + r; ++x) {
        if ((x - x0) * (x - x0) + (y - y0) * (y - y0) > r * r) continue;
        std::uint8_t& pixel = raster.grey.at(x, y);
        pixel = static_cast<std::uint8_t>(static_cast<float>(pixel) * (1 - share));
      }
    }
  }
}

TEST(Stains, GoAndTheInkStays) {
  for (const float share : {0.12F, 0.2F, 0.3F}) {
    Raster raster = strokes_on_paper(1, 1);
    add_spots(raster, share);
    const auto clean = without_stains(raster);
    ASSERT_TRUE(clean) << share;
    ASSERT_EQ(clean->grey.width, kSide);
    ASSERT_EQ(clean->grey.height, kSide);
    EXPECT_EQ(clean->grey.at(110, 185), 0);   // a spot
    EXPECT_EQ(clean->grey.at(180, 180), 0);   // paper
    EXPECT_GT(clean->grey.at(45, 100), 200);  // ink on a spot
    EXPECT_GT(clean->grey.at(150, 160), 200);
  }
}

TEST(Stains, AreFewPlacesThatAreMuchFainter) {
  EXPECT_FALSE(without_stains({}));
  EXPECT_FALSE(without_stains({GreyImage(kSide, kSide, 90), {}}));
  EXPECT_FALSE(without_stains(strokes_on_paper(1, 1)));
  EXPECT_FALSE(without_stains(strokes_on_paper(1, 0.65F)));
  const auto clean = without_stains(strokes_on_paper(1, 0.25F));
  ASSERT_TRUE(clean);
  EXPECT_EQ(clean->grey.at(120, 100), 0);
  EXPECT_GT(clean->grey.at(45, 100), 200);
}

TEST(Stains, AreNotLookedForInVastPictures) {
  Raster raster = strokes_on_paper(1, 0.25F);
  raster.grey.width = 1;
  raster.grey.height = static_cast<int>(kMostStained) + 1;
  raster.grey.pixels.assign(kMostStained + 1, 220);
  EXPECT_FALSE(without_stains(raster));
}

}  // namespace
}  // namespace longhand::ink
