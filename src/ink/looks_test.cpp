#include "ink/looks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ink/rasterize.h"
#include "ink/test_strokes.h"

namespace longhand::ink {
namespace {

constexpr int kSide = 140;

GreyImage drawn(const Strokes& strokes, float width) {
  return rasterize(strokes, kSide, kSide, {.width = width});
}

GreyImage both(GreyImage a, const GreyImage& b) {
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    a.pixels[i] = std::max(a.pixels[i], b.pixels[i]);
  return a;
}

GreyImage seven() {
  return drawn({{{{42, 28}, {98, 28}, {62, 112}}}}, 14);
}

// Mean difference of two glyphs, in grey levels.
double difference(const GreyImage& a, const GreyImage& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

// How near the nearest of the further looks at a picture comes to a glyph.
double nearest(const GreyImage& picture, const GreyImage& glyph) {
  double least = 255;
  for (const Glyph& look : further_looks(Raster{picture, {}}, Normalization::kInk2))
    least = std::min(least, difference(look.image, glyph));
  return least;
}

GreyImage first_sight(const GreyImage& picture) {
  return normalize(Raster{picture, {}}, Normalization::kInk2)->image;
}

TEST(FurtherLooks, LeaveAThinLineAcrossTheGlyphOut) {
  const GreyImage clean = first_sight(seven());
  const GreyImage crossed = both(seven(), drawn({{{{4, 82}, {60, 76}, {134, 92}}}}, 5));
  EXPECT_GT(difference(first_sight(crossed), clean), 15);
  EXPECT_LT(nearest(crossed, clean), 8);
}

TEST(FurtherLooks, LeaveAThinLineBesideTheGlyphOut) {
  const GreyImage clean = first_sight(seven());
  const GreyImage underlined = both(seven(), drawn({{{{6, 130}, {40, 124}, {134, 132}}}}, 5));
  EXPECT_LT(nearest(underlined, clean), 4);
}

GreyImage waves(float y, float width) {
  Stroke stroke;
  for (int i = 0; i <= 6; ++i) {
    stroke.push_back({12 + 19.3F * static_cast<float>(i), i % 2 == 0 ? y : y - 16});
  }
  return drawn({{stroke}}, width);
}

// As wide as the glyph's own strokes: no part of the ink is thicker than another.
TEST(FurtherLooks, LeaveAWavyLineAcrossTheGlyphOut) {
  const GreyImage thin = drawn({{{{42, 28}, {98, 28}, {62, 112}}}}, 7);
  for (const float y : {84.0F, 100.0F}) {
    const GreyImage crossed = both(thin, waves(y, 7));
    EXPECT_GT(difference(first_sight(crossed), first_sight(thin)), 15);
    EXPECT_LT(nearest(crossed, first_sight(thin)), 6);
  }
}

TEST(FurtherLooks, LeaveASpotFarFromTheGlyphOut) {
  GreyImage blotted(2 * kSide, 2 * kSide), clean = blotted;
  const GreyImage glyph = seven();
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) blotted.at(x, y) = clean.at(x, y) = glyph.at(x, y);
  }
  for (int y = 230; y < 240; ++y) {
    for (int x = 240; x < 252; ++x) blotted.at(x, y) = 255;
  }
  EXPECT_GT(difference(first_sight(blotted), first_sight(clean)), 15);
  EXPECT_LT(nearest(blotted, first_sight(clean)), 4);
}

TEST(FurtherLooks, FillOutlinesAndKeepTheirHoles) {
  // A zero whose stroke is drawn by its two edges.
  const GreyImage solid = first_sight(drawn({{ellipse(70, 70, 28, 42)}}, 20));
  const GreyImage hollow = drawn({{ellipse(70, 70, 37, 51), ellipse(70, 70, 19, 33)}}, 4);
  EXPECT_GT(difference(first_sight(hollow), solid), 15);
  EXPECT_LT(nearest(hollow, solid), 12);
}

TEST(FurtherLooks, CloseOutlinesThatHaveGaps) {
  const GreyImage solid = first_sight(drawn({{{{70, 24}, {70, 116}}}}, 13));
  const GreyImage gaps = drawn({{{{65, 24}, {65, 112}}, {{75, 28}, {75, 116}}}}, 3);
  EXPECT_GT(difference(first_sight(gaps), solid), 10);
  EXPECT_LT(nearest(gaps, solid), 6);
}

// Loops are no outlines, thick and thin parts of a pen no lines across, and a glyph in its place
// needs no other frame. What is left is to try whether corners are gaps of a pen that skips.
TEST(FurtherLooks, AreFewWhereThereIsNothingElseToSee) {
  for (const GreyImage& picture : {drawn({{ellipse(70, 70, 26, 44)}}, 8), seven(),
                                   both(seven(), drawn({{{{52, 70}, {90, 70}}}}, 10))}) {
    const auto looks = further_looks(Raster{picture, {}}, Normalization::kInk2);
    EXPECT_LE(looks.size(), 1U);
    for (const Glyph& look : looks) EXPECT_LT(difference(look.image, first_sight(picture)), 4);
  }
}

TEST(FurtherLooks, MendWhatASkippingPenLeftOut) {
  GreyImage skipped = seven();
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      if (y > 40 && y % 24 < 6) skipped.at(x, y) = 0;
    }
  }
  EXPECT_GT(difference(first_sight(skipped), first_sight(seven())), 4);
  EXPECT_LT(nearest(skipped, first_sight(seven())), 2.5);
}

TEST(FurtherLooks, TakeThePicturesFrameWhereInkFillsIt) {
  // Spots of mud all over.
  GreyImage mud = seven();
  for (const auto& [x, y] : {std::pair{6, 8}, {128, 10}, {10, 126}, {124, 120}}) {
    for (int dy = 0; dy < 9; ++dy) {
      for (int dx = 0; dx < 9; ++dx) mud.at(x + dx, y + dy) = 255;
    }
  }
  const auto looks = further_looks(Raster{mud, {}}, Normalization::kInk2);
  ASSERT_FALSE(looks.empty());
  // The bar of the seven is 28 of 140 pixels from the top: 5.6 of the glyph's 28.
  EXPECT_GT(looks.front().image.at(14, 5), 200);
  EXPECT_EQ(looks.front().image.at(14, 1), 0);
}

TEST(FurtherLooks, LeaveTapsFarFromTheWritingOut) {
  const Strokes clean = {{{{60, 40}, {140, 40}, {95, 180}}}};
  Strokes tapped = clean;
  tapped.strokes.push_back({{250, 260}, {252, 261}});
  tapped.strokes.push_back({});
  const auto looks = further_looks(tapped, Normalization::kInk2);
  ASSERT_EQ(looks.size(), 1U);
  EXPECT_EQ(looks.front().image, normalize(clean, Normalization::kInk2)->image);
  EXPECT_EQ(looks.front().box, bounds(clean));
}

TEST(FurtherLooks, LeaveDotsThatBelongToALetterAlone) {
  const Strokes letter = {{{{100, 80}, {100, 180}}, {{101, 50}}}};
  EXPECT_TRUE(further_looks(letter, Normalization::kInk2).empty());
  EXPECT_TRUE(further_looks(Strokes{}, Normalization::kInk2).empty());
  EXPECT_TRUE(further_looks(Strokes{{{{5, 5}}}}, Normalization::kInk2).empty());
  EXPECT_TRUE(further_looks(Strokes{{{{5, 5}}, {{90, 90}}}}, Normalization::kInk2).empty());
}

TEST(FurtherLooks, AreNoneOfPicturesOfNothing) {
  for (const Normalization n : {Normalization::kInk1, Normalization::kInk2}) {
    EXPECT_TRUE(further_looks(Raster{}, n).empty());
    EXPECT_TRUE(further_looks(Raster{GreyImage(1, 1, 255), {}}, n).empty());
    EXPECT_TRUE(further_looks(Raster{GreyImage(300, 2, 90), {}}, n).empty());
  }
}

}  // namespace
}  // namespace longhand::ink
