#include "ink/drawing.h"

#include <gtest/gtest.h>

namespace longhand::ink {
namespace {

// The smallest box of what is not black.
Box inked(const GreyImage& image) {
  int left = image.width, top = image.height, right = -1, bottom = -1;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (image.at(x, y) == 0) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  }
  return {static_cast<float>(left), static_cast<float>(top), static_cast<float>(right - left + 1),
          static_cast<float>(bottom - top + 1)};
}

TEST(DrawFitted, FillsTheSquareWhateverTheUnits) {
  for (const float unit : {0.001F, 1.0F, 1000.0F}) {
    Strokes strokes;
    strokes.strokes.push_back({{-3 * unit, 7 * unit}, {5 * unit, 7 * unit}, {5 * unit, 9 * unit}});
    const GreyImage image = draw_fitted(strokes, 100, 10, 4);
    ASSERT_EQ(image.width, 100);
    ASSERT_EQ(image.height, 100);
    const Box box = inked(image);
    EXPECT_NEAR(box.x, 8, 1.5) << unit;
    EXPECT_NEAR(box.w, 84, 2) << unit;
    EXPECT_NEAR(box.y + box.h / 2, 50, 1.5) << unit;
    EXPECT_NEAR(box.h, 24, 2) << unit;
  }
}

TEST(DrawFitted, PutsADotInTheMiddleAndNothingNowhere) {
  Strokes dot;
  dot.strokes.push_back({{1e6F, 1e6F}});
  const Box box = inked(draw_fitted(dot, 50, 5, 6));
  EXPECT_NEAR(box.x + box.w / 2, 25, 1);
  EXPECT_NEAR(box.w, 6, 1.5);
  EXPECT_LT(inked(draw_fitted({}, 50, 5, 6)).w, 0);
}

}  // namespace
}  // namespace longhand::ink
