#include "recognizer/further_looks.h"

#include <gtest/gtest.h>

#include "ink/looks.h"
#include "ink/rasterize.h"

namespace longhand::recognizer {
namespace {

// A seven with a thin line across, of which there are several looks.
ink::Raster crossed() {
  ink::GreyImage picture =
      ink::rasterize({{{{42, 28}, {98, 28}, {62, 112}}}}, 140, 140, {.width = 14});
  const ink::GreyImage line =
      ink::rasterize({{{{4, 82}, {60, 76}, {134, 92}}}}, 140, 140, {.width = 5});
  for (std::size_t i = 0; i < line.pixels.size(); ++i)
    picture.pixels[i] = std::max(picture.pixels[i], line.pixels[i]);
  return {picture, {}};
}

Reading reading(const char* text, float confidence, bool rejected) {
  Reading result;
  result.text = rejected ? "" : text;
  result.confidence = confidence;
  result.rejected = rejected;
  result.net_us = 5;
  return result;
}

TEST(LookFurther, LeavesWhatWasReadAlone) {
  int looks = 0;
  const Reading kept = look_further(crossed(), ink::Normalization::kInk2, reading("7", 0.8F, false),
                                    [&](const ink::Glyph&) {
                                      ++looks;
                                      return reading("1", 0.99F, false);
                                    });
  EXPECT_EQ(kept.text, "7");
  EXPECT_EQ(looks, 0);
}

TEST(LookFurther, TakesTheFirstLookThatIsSureEnough) {
  int looks = 0;
  const auto read = [&](const ink::Glyph&) {
    ++looks;
    return looks == 2 ? reading("7", 0.9F, false) : reading("2", 0.2F, true);
  };
  const Reading found =
      look_further(crossed(), ink::Normalization::kInk2, reading("2", 0.3F, true), read);
  EXPECT_EQ(found.text, "7");
  EXPECT_FALSE(found.rejected);
  EXPECT_EQ(looks, 2);
  EXPECT_EQ(found.net_us, 5 * (looks + 1));
}

TEST(LookFurther, TakesTheMostConfidentWhereNoneIsSureEnough) {
  int looks = 0;
  const auto read = [&](const ink::Glyph&) {
    ++looks;
    return reading("7", looks == 2 ? 0.7F : 0.5F, true);
  };
  const Reading best =
      look_further(crossed(), ink::Normalization::kInk2, reading("2", 0.3F, true), read);
  EXPECT_FLOAT_EQ(best.confidence, 0.7F);
  EXPECT_TRUE(best.rejected);
  EXPECT_GE(looks, 2);
  EXPECT_LE(looks, ink::kMostLooks);
  EXPECT_EQ(best.net_us, 5 * (looks + 1));
}

TEST(LookFurther, KeepsTheFirstWhereNoLookIsBetter) {
  const Reading kept = look_further(crossed(), ink::Normalization::kInk2, reading("2", 0.3F, true),
                                    [](const ink::Glyph&) { return reading("1", 0.1F, true); });
  EXPECT_FLOAT_EQ(kept.confidence, 0.3F);
  EXPECT_TRUE(kept.rejected);
}

TEST(LookFurther, IsForNormalizationsThatFindTheInk) {
  for (const ink::Normalization n : {ink::Normalization::kRaw, ink::Normalization::kInk1}) {
    const Reading kept = look_further(crossed(), n, reading("2", 0.3F, true),
                                      [](const ink::Glyph&) { return reading("7", 0.9F, false); });
    EXPECT_TRUE(kept.rejected);
  }
}

}  // namespace
}  // namespace longhand::recognizer
