#include "recognizer/sign_size.h"

#include <gtest/gtest.h>
#include <numeric>
#include <vector>

#include "recognizer/card.h"

namespace longhand::recognizer {
namespace {

const std::vector<std::string> kAlphabet = builtin_alphabet("symbols").value();

std::size_t place_of(const std::string& character) {
  return static_cast<std::size_t>(std::find(kAlphabet.begin(), kAlphabet.end(), character) -
                                  kAlphabet.begin());
}

// What a glyph is that may as well be the one as the other, by its size.
std::string likelier(const std::string& one, const std::string& other, SizeInLine size) {
  std::vector<float> characters(kAlphabet.size(), 0.01F);
  characters[place_of(one)] = characters[place_of(other)] = 0.4F;
  weigh_by_size(size, kAlphabet, characters);
  return characters[place_of(one)] > characters[place_of(other)] ? one : other;
}

TEST(SignSize, TellsWhatLooksAlike) {
  EXPECT_EQ(likelier(",", "/", {0.15, 0.3, 0.5}), ",");
  EXPECT_EQ(likelier(",", "/", {0.4, 1.1, 0}), "/");
  EXPECT_EQ(likelier(",", "1", {0.15, 0.35, 0.45}), ",");
  EXPECT_EQ(likelier(",", "1", {0.2, 0.9, 0}), "1");
  EXPECT_EQ(likelier(".", "0", {0.12, 0.15, 0.4}), ".");
  EXPECT_EQ(likelier(".", "0", {0.6, 0.8, 0.1}), "0");
}

TEST(SignSize, KeepsTheSum) {
  std::vector<float> characters(kAlphabet.size(), 0.02F);
  const float before = std::accumulate(characters.begin(), characters.end(), 0.0F);
  weigh_by_size({0.3, 0.4, 0.2}, kAlphabet, characters);
  EXPECT_NEAR(std::accumulate(characters.begin(), characters.end(), 0.0F), before, 1e-5);
}

TEST(SignSize, SaysHowUsualASizeIs) {
  std::vector<float> seven(kAlphabet.size(), 0);
  seven[place_of("7")] = 1;
  std::vector<float> small = seven;
  EXPECT_GT(weigh_by_size({0.5, 1, 0}, kAlphabet, seven), 0);
  EXPECT_LT(weigh_by_size({0.1, 0.2, 0.4}, kAlphabet, small), -4);
  std::vector<float> upper_dot(kAlphabet.size(), 0);
  upper_dot[place_of(".")] = 1;
  std::vector<float> dot = upper_dot;
  EXPECT_LT(weigh_by_size({0.1, 0.13, -0.2}, kAlphabet, upper_dot) + 4,
            weigh_by_size({0.1, 0.13, 0.42}, kAlphabet, dot))
      << "the upper one of a colon";
  std::vector<float> nothing(kAlphabet.size(), 0);
  EXPECT_EQ(weigh_by_size({0.5, 1, 0}, kAlphabet, nothing), 0);
}

TEST(SignSize, OfWhatIsTinyTheShapeCountsLess) {
  // A dot drawn as a short line, which enlarged is a dash for certain.
  std::vector<float> characters(kAlphabet.size(), 1e-5F);
  characters[place_of("-")] = 0.998F;
  characters[place_of(".")] = 0.001F;
  std::vector<float> larger = characters;
  weigh_by_size({0.06, 0.01, 0.45}, kAlphabet, characters);
  EXPECT_GT(characters[place_of(".")], characters[place_of("-")]);
  weigh_by_size({0.4, 0.05, 0.1}, kAlphabet, larger);
  EXPECT_GT(larger[place_of("-")], 0.99F);
}

TEST(SignSize, SmallSignsAreSeldomCutFromDigits) {
  std::vector<float> apart(kAlphabet.size(), 0);
  apart[place_of("-")] = 1;
  std::vector<float> cut = apart, slash(kAlphabet.size(), 0);
  slash[place_of("/")] = 1;
  std::vector<float> cut_slash = slash;
  const SizeInLine dash{0.4, 0.1, 0.05}, high{0.4, 1.1, 0};
  EXPECT_GT(weigh_by_size(dash, kAlphabet, apart),
            weigh_by_size({0.4, 0.1, 0.05, true}, kAlphabet, cut) + 3);
  EXPECT_EQ(weigh_by_size(high, kAlphabet, slash),
            weigh_by_size({0.4, 1.1, 0, true}, kAlphabet, cut_slash));
}

TEST(SignSize, IsWorthMoreWhereItIsUsual) {
  EXPECT_GT(worth_of_size({0.4, 0.08, 0.05}, "-"), 1);
  EXPECT_LT(worth_of_size({0.5, 1, 0}, "-"), -2);
  EXPECT_GT(worth_of_size({0.5, 1, 0}, "4"), worth_of_size({0.1, 0.1, 0.4}, "4") + 3);
}

TEST(SignSize, IsForAlphabetsThatHaveSigns) {
  EXPECT_TRUE(has_signs(kAlphabet));
  EXPECT_FALSE(has_signs(builtin_alphabet("alphanumeric").value()));
}

}  // namespace
}  // namespace longhand::recognizer
