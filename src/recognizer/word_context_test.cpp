#include "recognizer/word_context.h"

#include <gtest/gtest.h>

#include "recognizer/test_weighing.h"

namespace longhand::recognizer {
namespace {

const std::vector<std::string> kAlphabet = {"0", "O", "o", "1", "I", "l", "B", "8",
                                            "X", "x", "h", "e", "4", "A", "-"};

std::string read(const std::vector<std::string>& glyphs,
                 const std::vector<std::size_t>& gaps = {}) {
  return read_weighed(glyphs, gaps, kAlphabet, [](const auto& starts, auto& characters) {
    weigh_by_neighbours(starts, kAlphabet, characters);
  });
}

TEST(WordContext, LookalikesFollowTheirNeighbours) {
  EXPECT_EQ(read({"B", "0Oo", "xX"}), "BOX");
  EXPECT_EQ(read({"h", "e", "1Il", "1lI", "0oO"}), "hello");
  EXPECT_EQ(read({"4", "oO0", "lI1", "8"}), "4018");
}

TEST(WordContext, ACapitalMayBeginAWord) {
  EXPECT_EQ(read({"B", "0Oo", "Xx", "e"}), "Boxe");
}

TEST(WordContext, WhatIsNoLookalikeStays) {
  EXPECT_EQ(read({"A", "4"}), "A4");
  EXPECT_EQ(read({"h", "A", "4", "e"}), "hA4e");
}

TEST(WordContext, GapsPartWordsAndMarksDoNot) {
  EXPECT_EQ(read({"h", "e", "4", "0oO"}, {2}), "he40");
  EXPECT_EQ(read({"4", "8", "-", "Oo0"}), "48-0");
}

TEST(WordContext, OneGlyphAloneStaysAsItIs) {
  EXPECT_EQ(read({"0Oo"}), "0");
  EXPECT_EQ(read({}), "");
}

TEST(WordContext, NothingKnownStaysFinite) {
  std::vector<std::vector<float>> characters(3, std::vector<float>(kAlphabet.size(), 0.0F));
  weigh_by_neighbours({false, false, false}, kAlphabet, characters);
  for (const auto& c : characters) EXPECT_EQ(c, std::vector<float>(kAlphabet.size(), 0.0F));
}

}  // namespace
}  // namespace longhand::recognizer
