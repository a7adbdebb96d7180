#include "ink/hollow_bar.h"

#include <gtest/gtest.h>

#include "ink/rasterize.h"
#include "ink/test_strokes.h"

namespace longhand::ink {
namespace {

Glyph glyph_of(const Strokes& strokes, float width) {
  return *normalize(Raster{rasterize(strokes, 140, 140, {.width = width}), {}},
                    Normalization::kInk2);
}

TEST(HollowBar, IsFilledHoweverItLeans) {
  for (const float lean : {-15.0F, 0.0F, 15.0F}) {
    const float left = 58, right = 80;
    const Strokes outline = {{{{left + lean, 20},
                               {right + lean, 20},
                               {right - lean, 120},
                               {left - lean, 120},
                               {left + lean, 20}}}};
    const auto bar = filled_bar(glyph_of(outline, 5));
    ASSERT_TRUE(bar) << lean;
    EXPECT_GT(bar->image.at(14, 14), 220) << lean;
    EXPECT_EQ(bar->image.at(1, 1), 0) << lean;
  }
}

TEST(HollowBar, IsNoRoundAndNoOpenThing) {
  EXPECT_FALSE(filled_bar(glyph_of({{ellipse(70, 70, 30, 45)}}, 6)));
  EXPECT_FALSE(filled_bar(glyph_of({{ellipse(70, 70, 17, 50)}}, 6)));  // a narrow 0
  EXPECT_FALSE(filled_bar(glyph_of({{{{70, 20}, {70, 120}}}}, 6)));
  EXPECT_FALSE(filled_bar(glyph_of({{{{60, 20}, {60, 120}, {76, 120}, {76, 20}}}}, 5)));
  // A 9: what is hollow is round.
  EXPECT_FALSE(filled_bar(glyph_of({{ellipse(70, 34, 8, 12), {{78, 34}, {76, 120}}}}, 5)));
}

}  // namespace
}  // namespace longhand::ink
