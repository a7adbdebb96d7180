#include "ink/stretched.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "ink/rasterize.h"

namespace longhand::ink {
namespace {

// A leaning 1, its ink 12 wide and 60 high.
GreyImage one() {
  return rasterize({{{{16, 4}, {8, 60}}}}, 24, 64, {.width = 5});
}

GreyImage cut(const GreyImage& image) {
  int x0 = image.width, x1 = 0, y0 = image.height, y1 = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (image.at(x, y) < 128) continue;
      x0 = std::min(x0, x), x1 = std::max(x1, x), y0 = std::min(y0, y), y1 = std::max(y1, y);
    }
  }
  GreyImage result(x1 - x0 + 1, y1 - y0 + 1);
  for (int y = y0; y <= y1; ++y) {
    for (int x = x0; x <= x1; ++x) result.at(x - x0, y - y0) = image.at(x, y);
  }
  return result;
}

// In the middle of a square of 64 with that margin.
GreyImage stretched(const GreyImage& image, int margin) {
  GreyImage result(64, 64);
  const int side = 64 - 2 * margin;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x)
      result.at(x + margin, y + margin) = image.at(x * image.width / side, y * image.height / side);
  }
  return result;
}

int off(const GreyImage& a, const GreyImage& b) {
  int sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<int>(a.pixels.size());
}

TEST(Stretched, IsNarrowAgain) {
  const GreyImage clean = normalize(Raster{one(), {}}, Normalization::kInk2)->image;
  for (const int margin : {0, 8}) {
    const Raster square{stretched(cut(one()), margin), {}};
    const auto glyphs = before_stretching(square, Normalization::kInk2);
    const auto nearest = [&] {
      int least = 255;
      for (const Glyph& glyph : glyphs) least = std::min(least, off(glyph.image, clean));
      return least;
    };
    ASSERT_FALSE(glyphs.empty()) << margin;
    EXPECT_LT(nearest(), 12) << margin;
    EXPECT_GT(off(normalize(square, Normalization::kInk2)->image, clean), 24) << margin;
    EXPECT_NEAR(glyphs.back().box.w, 64 - 2 * margin, 4);
  }
}

TEST(Stretched, IsNothingThatKeptItsShapeOrPlace) {
  const auto kept = [](const GreyImage& picture) {
    return before_stretching({picture, {}}, Normalization::kInk2).empty();
  };
  const auto cross = [](float from, float to) {
    return Strokes{{{{from, from}, {to, to}}, {{to, from}, {from, to}}}};
  };
  EXPECT_FALSE(kept(rasterize(cross(8, 56), 64, 64, {.width = 5})));
  EXPECT_TRUE(kept(one()));
  EXPECT_TRUE(kept(rasterize(cross(20, 44), 64, 64, {.width = 5}))) << "half of its frame";
  EXPECT_TRUE(kept(rasterize(cross(4, 52), 64, 64, {.width = 5}))) << "not in the middle";
  EXPECT_TRUE(kept(GreyImage(64, 64)));
  EXPECT_TRUE(kept(GreyImage()));
}

}  // namespace
}  // namespace longhand::ink
