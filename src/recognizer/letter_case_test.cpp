#include "recognizer/letter_case.h"

#include <gtest/gtest.h>

#include <numeric>

namespace longhand::recognizer {
namespace {

const std::vector<std::string> kLetters = {"O", "o", "d", "S", "s", "7"};

// What each glyph reads as once heights are weighed.
std::string read(const std::vector<float>& heights, std::vector<std::vector<float>> characters) {
  weigh_by_height(heights, kLetters, characters);
  std::string text;
  for (const auto& shares : characters) {
    const auto best = std::max_element(shares.begin(), shares.end()) - shares.begin();
    text += kLetters[static_cast<std::size_t>(best)];
  }
  return text;
}

const std::vector<float> kO = {0.5F, 0.4F, 0, 0, 0, 0}, kSmallO = {0.4F, 0.5F, 0, 0, 0, 0};
const std::vector<float> kD = {0, 0, 0.9F, 0, 0, 0}, kS = {0, 0, 0, 0.5F, 0.4F, 0};

TEST(LetterCase, IsToldByWhatStandsBeside) {
  EXPECT_EQ(read({60, 100}, {kO, kD}), "od");
  EXPECT_EQ(read({100, 100}, {kSmallO, kD}), "Od");
  EXPECT_EQ(read({0.61F, 0.58F, 1, 0.99F}, {kO, kS, kD, kSmallO}), "osdO");
}

TEST(LetterCase, OfTwoSizesTheHigherIsTheCapital) {
  EXPECT_EQ(read({60, 100}, {kO, kO}), "oO");
  EXPECT_EQ(read({100, 60}, {kSmallO, kS}), "Os");
}

TEST(LetterCase, StaysWhereHeightsTellNothing) {
  EXPECT_EQ(read({80}, {kSmallO}), "o");
  EXPECT_EQ(read({80, 80, 80}, {kO, kS, kO}), "OSO");
  EXPECT_EQ(read({80, 80}, {kSmallO, kSmallO}), "oo");
}

TEST(LetterCase, LeavesWhatTheNetworkIsSureOf) {
  const std::vector<float> sure = {0.97F, 0.001F, 0, 0, 0, 0};
  EXPECT_EQ(read({60, 100}, {sure, kD}), "Od");
}

TEST(LetterCase, KeepsTheSharesSum) {
  std::vector<std::vector<float>> characters = {kO, kD};
  weigh_by_height(std::vector<float>{60, 100}, kLetters, characters);
  EXPECT_NEAR(std::accumulate(characters[0].begin(), characters[0].end(), 0.0F), 0.9F, 1e-5F);
  EXPECT_NEAR(std::accumulate(characters[1].begin(), characters[1].end(), 0.0F), 0.9F, 1e-5F);
}

TEST(LetterCase, StandsGlyphsOfNoCharacter) {
  std::vector<std::vector<float>> characters = {std::vector<float>(6), kD};
  weigh_by_height(std::vector<float>{60, 100}, kLetters, characters);
  EXPECT_EQ(characters[0], std::vector<float>(6));
}

TEST(LetterCase, IsOfAlphabetsWithBothCases) {
  EXPECT_TRUE(has_both_cases(kLetters));
  EXPECT_FALSE(has_both_cases({"0", "1", "2"}));
}

}  // namespace
}  // namespace longhand::recognizer
