#include "recognizer/word_context.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace longhand::recognizer {
namespace {

const std::vector<std::string> kAlphabet = {"0", "O", "o", "1", "I", "l", "B", "8",
                                            "X", "x", "h", "e", "4", "A", "-"};

// A glyph that is any of some characters, the first one a little likelier.
std::vector<float> glyph(const std::string& any) {
  std::vector<float> shares(kAlphabet.size(), 0.0F);
  float share = 0.9F / static_cast<float>(any.size()) + 0.02F;
  for (const char c : any) {
    const auto at = std::find(kAlphabet.begin(), kAlphabet.end(), std::string(1, c));
    shares[static_cast<std::size_t>(at - kAlphabet.begin())] = share;
    share -= 0.02F;
  }
  return shares;
}

std::string read(const std::vector<std::string>& glyphs,
                 const std::vector<std::size_t>& gaps = {}) {
  std::vector<std::vector<float>> characters;
  std::vector<bool> starts(glyphs.size());
  for (const std::string& any : glyphs) characters.push_back(glyph(any));
  for (const std::size_t at : gaps) starts[at] = true;
  std::vector<float> sums;
  for (const auto& c : characters) sums.push_back(std::accumulate(c.begin(), c.end(), 0.0F));
  weigh_by_neighbours(starts, kAlphabet, characters);
  std::string text;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const auto& c = characters[i];
    EXPECT_NEAR(std::accumulate(c.begin(), c.end(), 0.0F), sums[i], 1e-5);
    text += kAlphabet[static_cast<std::size_t>(std::max_element(c.begin(), c.end()) - c.begin())];
  }
  return text;
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
