#include "recognizer/sign_size.h"

#include <gtest/gtest.h>
#include <numeric>
#include <vector>

#include "recognizer/card.h"

namespace longhand::recognizer {
namespace {

const std::vector<std::string> kAlphabet = builtin_alphabet("symbols").value();

std::size_t place_of(const std::string& character) {
  return static_cast<std::size_t>(
      std::find(kAlphabet.begin(), kAlphabet.end(), character) - kAlphabet.begin());
}

// What a glyph is that may as well be the one as the other, by its height.
std::string likelier(const std::string& one, const std::string& other, double height) {
  std::vector<float> characters(kAlphabet.size(), 0.01F);
  characters[place_of(one)] = characters[place_of(other)] = 0.4F;
  weigh_by_size(height, kAlphabet, characters);
  return characters[place_of(one)] > characters[place_of(other)] ? one : other;
}

TEST(SignSize, TellsWhatLooksAlike) {
  EXPECT_EQ(likelier(",", "/", 0.3), ",");
  EXPECT_EQ(likelier(",", "/", 1.1), "/");
  EXPECT_EQ(likelier(",", "1", 0.35), ",");
  EXPECT_EQ(likelier(",", "1", 0.9), "1");
  EXPECT_EQ(likelier(".", "0", 0.15), ".");
  EXPECT_EQ(likelier(".", "0", 0.8), "0");
}

TEST(SignSize, KeepsTheSum) {
  std::vector<float> characters(kAlphabet.size(), 0.02F);
  const float before = std::accumulate(characters.begin(), characters.end(), 0.0F);
  weigh_by_size(0.4, kAlphabet, characters);
  EXPECT_NEAR(std::accumulate(characters.begin(), characters.end(), 0.0F), before, 1e-5);
}

TEST(SignSize, SaysHowUsualASizeIs) {
  std::vector<float> seven(kAlphabet.size(), 0);
  seven[place_of("7")] = 1;
  std::vector<float> small = seven;
  EXPECT_GT(weigh_by_size(1, kAlphabet, seven), 0);
  EXPECT_LT(weigh_by_size(0.2, kAlphabet, small), -2);
  std::vector<float> nothing(kAlphabet.size(), 0);
  EXPECT_EQ(weigh_by_size(1, kAlphabet, nothing), 0);
}

TEST(SignSize, IsForAlphabetsThatHaveSigns) {
  EXPECT_TRUE(has_signs(kAlphabet));
  EXPECT_FALSE(has_signs(builtin_alphabet("alphanumeric").value()));
}

}  // namespace
}  // namespace longhand::recognizer
