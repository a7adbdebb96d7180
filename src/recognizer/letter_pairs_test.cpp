#include "recognizer/letter_pairs.h"

#include <gtest/gtest.h>

#include "recognizer/card.h"
#include "recognizer/test_weighing.h"

namespace longhand::recognizer {
namespace {

const std::vector<std::string> kAlphabet = builtin_alphabet("alphanumeric").value();

std::vector<float> glyph(const std::string& characters) {
  return any_of(characters, kAlphabet);
}

std::string read(const std::vector<std::string>& glyphs,
                 const std::vector<std::size_t>& gaps = {}) {
  return read_weighed(glyphs, gaps, kAlphabet, [](const auto& starts, auto& characters) {
    LetterPairs(kAlphabet).weigh(starts, characters);
  });
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
  EXPECT_EQ(read({"q", "nu"}, {1}), "qn");
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
