#include "recognizer/letter_pairs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "recognizer/card.h"

namespace longhand::recognizer {
namespace {

const std::vector<std::string> kAlphabet = builtin_alphabet("alphanumeric").value();

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

std::string read(const std::vector<std::string>& glyphs, std::vector<bool> starts = {}) {
  std::vector<std::vector<float>> characters;
  for (const std::string& any : glyphs) characters.push_back(glyph(any));
  starts.resize(glyphs.size());
  LetterPairs(kAlphabet).weigh(starts, characters);
  std::string text;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const auto& c = characters[i];
    const auto before = glyph(glyphs[i]);
    EXPECT_NEAR(std::accumulate(c.begin(), c.end(), 0.0F),
                std::accumulate(before.begin(), before.end(), 0.0F), 1e-4);
    text += kAlphabet[static_cast<std::size_t>(std::max_element(c.begin(), c.end()) - c.begin())];
  }
  return text;
}

TEST(LetterPairs, WhatOftenFollowsIsLikelier) {
  EXPECT_EQ(read({"q", "nu", "i", "vr"}), "quir");
  EXPECT_EQ(read({"vr", "e", "d"}), "red");
  EXPECT_EQ(read({"Q", "NU", "I"}), "QUI");
}

TEST(LetterPairs, WhatIsClearStays) {
  EXPECT_EQ(read({"x", "q", "z"}), "xqz");
  EXPECT_EQ(read({"q", "n"}), "qn");
}

TEST(LetterPairs, DigitsGoWithEverything) {
  EXPECT_EQ(read({"A", "4"}), "A4");
  EXPECT_EQ(read({"7", "t", "h"}), "7th");
  EXPECT_EQ(read({"1", "78", "4"}), "174");
}

TEST(LetterPairs, AWordEndsAtAGap) {
  EXPECT_EQ(read({"q", "nu"}), "qu");
  EXPECT_EQ(read({"q", "nu"}, {false, true}), "qn");
  EXPECT_EQ(read({"vr"}), "v") << "of a letter by itself nothing is known";
}

TEST(LetterPairs, NeighboursAreWorthWhatIsUsual) {
  const LetterPairs pairs(kAlphabet);
  EXPECT_GT(pairs.worth_of(glyph("q"), glyph("u")), 1);
  EXPECT_LT(pairs.worth_of(glyph("q"), glyph("k")), -0.5);
  EXPECT_EQ(pairs.worth_of(glyph("q"), glyph("4")), pairs.worth_of(glyph("4"), glyph("4")));
  EXPECT_EQ(pairs.worth_of(std::vector<float>(kAlphabet.size(), 0), glyph("u")), 0);
}

}  // namespace
}  // namespace longhand::recognizer
