#include "ink/strokes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ink/rasterize.h"

namespace longhand::ink {
namespace {

TEST(CheckStrokes, NamesThePlaceOfTheFault) {
  for (const float bad : {std::nanf(""), INFINITY, -INFINITY, 1.1e6F, -2e30F}) {
    Strokes strokes{{{{1, 2}}, {{3, 4}, {5, bad}}}};
    const auto result = check(strokes);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidStrokes);
    EXPECT_NE(result.error().message.find("point 1 of stroke 1"), std::string::npos);
  }
}

TEST(CheckStrokes, HoldsTheLimits) {
  Strokes many;
  many.strokes.resize(10'000, Stroke{{1, 1}});
  EXPECT_EQ(check(many).error().code, ErrorCode::kTooLarge);
  Strokes long_one;
  long_one.strokes.push_back(Stroke(1'000'000, Point{1, 1}));
  EXPECT_EQ(check(long_one).error().code, ErrorCode::kTooLarge);
  EXPECT_TRUE(check(Strokes{}));
}

TEST(Rasterize, AHardLineIsAsWideAsTheBrush) {
  const Strokes line{{{{10, 20}, {30, 20}}}};
  const GreyImage image = rasterize(line, 40, 40, Brush{6, 1, false});
  double ink = 0;
  for (int y = 0; y < 40; ++y) ink += image.at(20, y) / 255.0;
  EXPECT_NEAR(ink, 6, 0.05);
  EXPECT_EQ(image.at(20, 20), 255);
  EXPECT_EQ(image.at(20, 30), 0);
}

TEST(Rasterize, AThinLineLeavesAsMuchInkAsItIsWide) {
  const Strokes line{{{{10, 20.5F}, {30, 20.5F}}}};
  const GreyImage image = rasterize(line, 40, 40, Brush{0.5F, 1, false});
  double ink = 0;
  for (int y = 0; y < 40; ++y) ink += image.at(20, y) / 255.0;
  EXPECT_GT(ink, 0.3);
  EXPECT_LT(ink, 0.8);
}

TEST(Rasterize, PressureWidensAndSoftnessFades) {
  const Strokes light{{{{10, 20, 0, 0.5F}, {30, 20, 0, 0.5F}}}};
  EXPECT_EQ(rasterize(light, 40, 40, Brush{8, 1, true}).at(20, 23), 0);
  EXPECT_EQ(rasterize(light, 40, 40, Brush{8, 1, false}).at(20, 22), 255);
  const GreyImage soft = rasterize(light, 40, 40, Brush{8, 0, false});
  EXPECT_GT(soft.at(20, 20), soft.at(20, 22));
  EXPECT_GT(soft.at(20, 22), 0);
}

// Every pixel is compared with the drawing of a brush that looks at all of them.
TEST(Rasterize, LongSlopingPiecesLoseNoPixel) {
  const Strokes line{{{{-50, 3}, {120, 77}}, {{70, -30}, {5, 110}}, {{0, 40}, {90, 40.2F}}}};
  const GreyImage image = rasterize(line, 80, 80, Brush{5, 1, false});
  for (int y = 0; y < 80; ++y) {
    for (int x = 0; x < 80; ++x) {
      float nearest = 1e9F;
      for (const Stroke& s : line.strokes) {
        const float dx = s[1].x - s[0].x, dy = s[1].y - s[0].y;
        const float px = static_cast<float>(x) + 0.5F - s[0].x, py = static_cast<float>(y) + 0.5F - s[0].y;
        const float t = std::clamp((px * dx + py * dy) / (dx * dx + dy * dy), 0.0F, 1.0F);
        nearest = std::min(nearest, std::hypot(px - t * dx, py - t * dy));
      }
      EXPECT_NEAR(image.at(x, y), 255 * std::clamp(3.0F - nearest, 0.0F, 1.0F), 1.5);
    }
  }
}

}  // namespace
}  // namespace longhand::ink
