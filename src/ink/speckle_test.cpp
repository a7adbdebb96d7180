#include "ink/speckle.h"

#include <gtest/gtest.h>

#include <random>

#include "ink/rasterize.h"

namespace longhand::ink {
namespace {

GreyImage seven(int size, float width) {
  const auto s = static_cast<float>(size);
  return rasterize(
      {{{{0.25F * s, 0.2F * s}, {0.75F * s, 0.2F * s}, {0.45F * s, 0.85F * s}}}}, size, size,
      {.width = width});
}

GreyImage hit(GreyImage image, double share) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (auto& pixel : image.pixels) {
    if (uniform(random) < share) pixel = uniform(random) < 0.5 ? 0 : 255;
  }
  return image;
}

int different(const GreyImage& a, const GreyImage& b) {
  int count = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    count += std::abs(a.pixels[i] - b.pixels[i]) > 128 ? 1 : 0;
  return count;
}

TEST(Speckle, IsTakenOut) {
  for (const int size : {28, 100}) {
    const GreyImage clean = seven(size, 4);
    const GreyImage speckled = hit(clean, 0.12);
    const auto mended = without_speckle(speckled);
    ASSERT_TRUE(mended);
    EXPECT_LT(different(*mended, clean), different(speckled, clean) / 3) << size;
  }
}

TEST(Speckle, IsNoLineHoweverThin) {
  EXPECT_FALSE(without_speckle(seven(28, 1)));
  EXPECT_FALSE(without_speckle(seven(280, 1)));
  EXPECT_FALSE(without_speckle(seven(28, 4)));
}

TEST(Speckle, IsNotAFewDots) {
  GreyImage dots = seven(28, 2);
  for (int i = 0; i < 4; ++i) dots.at(2 + 7 * i, 25) = 255;
  EXPECT_FALSE(without_speckle(dots));
}

TEST(Speckle, IsNotInPicturesOfNothing) {
  EXPECT_FALSE(without_speckle(GreyImage()));
  EXPECT_FALSE(without_speckle(GreyImage(1, 1, 7)));
  EXPECT_FALSE(without_speckle(GreyImage(40, 30, 200)));
}

}  // namespace
}  // namespace longhand::ink
