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

// The outline of a bar, read as something round.
TEST(LookFurther, AHollowBarIsReadAsABar) {
  const ink::Raster outline = {
      ink::rasterize({{{{58, 20}, {80, 20}, {80, 120}, {58, 120}, {58, 20}}}}, 140, 140,
                     {.width = 5}),
      {}};
  const auto glyph = ink::normalize(outline, ink::Normalization::kInk2);
  const auto first_as = [&](const char* text) {
    Reading first = reading(text, 0.99F, false);
    first.glyphs.push_back({glyph->box, text, 0.99F, {{text, 0.99F}}, glyph->image, 1});
    return first;
  };
  const auto read = [&](bool rejected) {
    return [rejected](const ink::Glyph& bar) {
      EXPECT_GT(bar.image.at(14, 14), 220);
      Reading one = reading("1", 0.9F, rejected);
      one.glyphs.push_back({bar.box, "1", 0.9F, {{"1", 0.9F}}, bar.image, 1});
      return one;
    };
  };
  const auto look = [&](const char* first, bool rejected) {
    return look_further(outline, ink::Normalization::kInk2, first_as(first), read(rejected));
  };
  EXPECT_EQ(look("0", false).text, "1");
  EXPECT_EQ(look("0", false).glyphs.front().image, glyph->image);
  EXPECT_EQ(look("0", false).net_us, 10);
  EXPECT_EQ(look("0", true).text, "0");
  EXPECT_EQ(look("8", false).text, "8");
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
