#include "recognizer/stature.h"

#include <gtest/gtest.h>

#include <numeric>

namespace longhand::recognizer {
namespace {

const std::vector<std::string> kLetters = {"O", "o", "d", "S", "s", "7", "g", "9", "P", "p"};

// Side by side, each so high and so far below the line.
std::vector<ink::Box> boxes_of(const std::vector<float>& heights,
                               const std::vector<float>& below = {}) {
  std::vector<ink::Box> boxes;
  for (std::size_t i = 0; i < heights.size(); ++i) {
    const float foot = 200 + (below.empty() ? 0 : below[i]);
    boxes.push_back({static_cast<float>(i) * 70, foot - heights[i], 50, heights[i]});
  }
  return boxes;
}

// What each glyph reads as once statures are weighed.
std::string read_placed(const std::vector<ink::Box>& boxes,
                        std::vector<std::vector<float>> characters) {
  weigh_by_stature(boxes, kLetters, characters);
  std::string text;
  for (const auto& shares : characters) {
    const auto best = std::max_element(shares.begin(), shares.end()) - shares.begin();
    text += kLetters[static_cast<std::size_t>(best)];
  }
  return text;
}
std::string read(const std::vector<float>& heights, std::vector<std::vector<float>> characters) {
  return read_placed(boxes_of(heights), std::move(characters));
}

const std::vector<float> kO = {0.5F, 0.4F, 0, 0, 0, 0, 0, 0, 0, 0},
                         kSmallO = {0.4F, 0.5F, 0, 0, 0, 0, 0, 0, 0, 0};
const std::vector<float> kD = {0, 0, 0.9F, 0, 0, 0, 0, 0, 0, 0},
                         kS = {0, 0, 0, 0.5F, 0.4F, 0, 0, 0, 0, 0};
const std::vector<float> kGOr9 = {0, 0, 0, 0, 0, 0, 0.2F, 0.7F, 0, 0},
                         kPOrP = {0, 0, 0, 0, 0, 0, 0, 0, 0.5F, 0.4F};

TEST(Stature, IsToldByWhatStandsBeside) {
  EXPECT_EQ(read({60, 100}, {kO, kD}), "od");
  EXPECT_EQ(read({100, 100}, {kSmallO, kD}), "Od");
  EXPECT_EQ(read({61, 58, 100, 99}, {kO, kS, kD, kSmallO}), "osdO");
}

TEST(Stature, OfTwoSizesTheHigherIsTheCapital) {
  EXPECT_EQ(read({60, 100}, {kO, kO}), "oO");
  EXPECT_EQ(read({100, 60}, {kSmallO, kS}), "Os");
}

TEST(Stature, WhatReachesBelowTheLineHasATail) {
  const std::vector<ink::Box> dog = boxes_of({100, 60, 92}, {0, 0, 32});
  EXPECT_EQ(read_placed(dog, {kD, kO, kGOr9}), "dog");
  EXPECT_EQ(read_placed(boxes_of({100, 60, 98}), {kD, kO, kGOr9}), "do9");
  EXPECT_EQ(read_placed(boxes_of({92, 60, 58, 100}, {33, 0, 0, 0}), {kPOrP, kO, kS, kD}), "posd");
  EXPECT_EQ(read_placed(boxes_of({100, 60, 58, 100}), {kPOrP, kO, kS, kD}), "Posd");
}

TEST(Stature, OfALineThatSlopesToo) {
  std::vector<ink::Box> sloping = boxes_of({100, 60, 92, 60, 100, 60}, {0, 0, 32, 0, 0, 0});
  for (ink::Box& box : sloping) box.y += box.x / 4;
  EXPECT_EQ(read_placed(sloping, {kD, kO, kGOr9, kO, kD, kO}), "dogodo");
}

TEST(Stature, StaysWhereHeightsTellNothing) {
  EXPECT_EQ(read({80}, {kSmallO}), "o");
  EXPECT_EQ(read({80, 80, 80}, {kO, kS, kO}), "OSO");
  EXPECT_EQ(read({80, 80}, {kSmallO, kSmallO}), "oo");
}

TEST(Stature, LeavesWhatTheNetworkIsSureOf) {
  const std::vector<float> sure = {0.97F, 0.001F, 0, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(read({60, 100}, {sure, kD}), "Od");
}

TEST(Stature, KeepsTheSharesSum) {
  std::vector<std::vector<float>> characters = {kO, kD};
  weigh_by_stature(boxes_of({60, 100}), kLetters, characters);
  EXPECT_NEAR(std::accumulate(characters[0].begin(), characters[0].end(), 0.0F), 0.9F, 1e-5F);
  EXPECT_NEAR(std::accumulate(characters[1].begin(), characters[1].end(), 0.0F), 0.9F, 1e-5F);
}

TEST(Stature, StandsGlyphsOfNoCharacter) {
  std::vector<std::vector<float>> characters = {std::vector<float>(10), kD};
  weigh_by_stature(boxes_of({60, 100}), kLetters, characters);
  EXPECT_EQ(characters[0], std::vector<float>(10));
}

TEST(Stature, IsOfAlphabetsWithBothCases) {
  EXPECT_TRUE(has_both_cases(kLetters));
  EXPECT_FALSE(has_both_cases({"0", "1", "2"}));
}

}  // namespace
}  // namespace longhand::recognizer
