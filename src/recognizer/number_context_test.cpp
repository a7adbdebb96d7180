#include "recognizer/number_context.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "recognizer/card.h"
#include "recognizer/test_weighing.h"

namespace longhand::recognizer {
namespace {

const std::vector<std::string> kAlphabet = builtin_alphabet("symbols").value();

std::size_t place_of(char character) {
  return static_cast<std::size_t>(
      std::find(kAlphabet.begin(), kAlphabet.end(), std::string(1, character)) - kAlphabet.begin());
}

std::vector<float> glyph(const std::string& characters) {
  return any_of(characters, kAlphabet);
}

std::string read(const std::vector<std::string>& glyphs,
                 const std::vector<std::size_t>& gaps = {}) {
  return read_weighed(glyphs, gaps, kAlphabet, [](const auto& starts, auto& characters) {
    NumberContext(kAlphabet).weigh(starts, characters);
  });
}

TEST(NumberContext, ALeaningOneIsNoSlashWhereNoneStands) {
  EXPECT_EQ(read({"/1", "7", "%"}), "17%");
  EXPECT_EQ(read({"2", "/1", "/1", "0"}), "2110");
  EXPECT_EQ(read({"0", "5", ":", "/1", "8"}), "05:18");
}

TEST(NumberContext, WhatIsClearlyASignStaysOne) {
  EXPECT_EQ(read({"2", "/", "1", "/", "8"}), "2/1/8");
  EXPECT_EQ(read({"-", "3", ".", "5"}), "-3.5");
  EXPECT_EQ(read({"-", "$", "5"}), "-$5");
}

TEST(NumberContext, AGapBeginsANumberAnew) {
  EXPECT_EQ(read({"5", "%", "1-", "7"}), "5%-7") << "no digit follows a percent sign";
  EXPECT_EQ(read({"5", "%", "-1", "7"}, {2}), "5%17");
  EXPECT_EQ(read({"4", "+1"}), "41");
}

TEST(NumberContext, NeighboursAreWorthWhatPeopleWrite) {
  const NumberContext context(kAlphabet);
  EXPECT_NEAR(context.worth_of(glyph("4"), glyph("7")), 0, 1e-6);
  EXPECT_LT(context.worth_of(glyph("4"), glyph(".")), 0);
  EXPECT_GT(context.worth_of(glyph("4"), glyph(".")), context.worth_of(glyph(":"), glyph(".")));
  EXPECT_GT(context.worth_of(glyph("4"), glyph("%")), context.worth_of(glyph("%"), glyph("4")));
  const std::vector<float> nothing(kAlphabet.size(), 0);
  EXPECT_EQ(context.worth_of(nothing, glyph("4")), 0);
}

TEST(NumberContext, IsOfNumbersAlone) {
  EXPECT_TRUE(NumberContext::applies_to(kAlphabet));
  EXPECT_FALSE(NumberContext::applies_to(builtin_alphabet("digits").value()));
  EXPECT_FALSE(NumberContext::applies_to(builtin_alphabet("alphanumeric").value()));
  EXPECT_FALSE(NumberContext::applies_to(std::vector<std::string>{"a", "b", ".", ","}));
  EXPECT_TRUE(NumberContext::applies_to(std::vector<std::string>{"0", "1", ".", "-"}));
}

TEST(NumberContext, AGlyphByItselfIsADigitSooner) {
  const NumberContext context(kAlphabet);
  auto slash_or_one = glyph("/1");
  context.weigh_alone(slash_or_one);
  EXPECT_GT(slash_or_one[place_of('1')], slash_or_one[place_of('/')]);
  EXPECT_NEAR(std::accumulate(slash_or_one.begin(), slash_or_one.end(), 0.0F), 0.92F, 1e-5);
  auto slash = glyph("/");
  context.weigh_alone(slash);
  EXPECT_NEAR(slash[place_of('/')], 0.92F, 1e-5);
}

}  // namespace
}  // namespace longhand::recognizer
