#include "recognizer/touching.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace longhand::recognizer {
namespace {

using Shares = std::vector<float>;

constexpr std::size_t kClasses = 4;

Shares sure_of(std::size_t c, std::size_t classes = kClasses) {
  Shares shares(classes, 0.001F);
  shares[c] = 1 - 0.001F * static_cast<float>(classes - 1);
  return shares;
}
Shares pair_of(std::size_t left, std::size_t right) {
  return sure_of(kClasses * left + right, kClasses * kClasses);
}

TEST(Touching, PartsThatTheirPairAgreesWithAreWorthMost) {
  const double agreed = bond_of(sure_of(1), sure_of(2), pair_of(1, 2));
  const double other = bond_of(sure_of(1), sure_of(2), pair_of(1, 3));
  const double none = bond_of(sure_of(1), sure_of(2), Shares(kClasses * kClasses, 1.0F / 16));
  EXPECT_GT(agreed, 0);
  EXPECT_LT(other, 0);
  EXPECT_LT(none, 0);
  // Left and right are told apart.
  EXPECT_LT(bond_of(sure_of(2), sure_of(1), pair_of(1, 2)), 0);
}

TEST(Touching, APairIsReadWithWhatEachSideIs) {
  Shares pair(kClasses * kClasses, 0.0F);
  pair[kClasses * 3 + 1] = 0.5F, pair[kClasses * 3 + 2] = 0.25F, pair[kClasses * 0 + 1] = 0.125F;
  const PairReading reading = read_pair(pair);
  EXPECT_EQ(reading.first, 3U);
  EXPECT_EQ(reading.second, 1U);
  EXPECT_EQ(reading.share, 0.5);
  EXPECT_EQ(reading.left, (Shares{0.125F, 0, 0, 0.75F}));
  EXPECT_EQ(reading.right, (Shares{0, 0.625F, 0.25F, 0}));
}

TEST(Touching, APairSaysWhatItsPartsLeaveOpen) {
  const Shares open = {0, 0.5F, 0, 0.5F};
  const std::vector<Shares> glyphs = {open, sure_of(2), open};
  const std::vector<Shares> pairs = {pair_of(1, 2), pair_of(2, 3)};
  const auto weighed = weigh_by_pairs(glyphs, pairs);
  EXPECT_GT(weighed[0][1], 0.95F);
  EXPECT_GT(weighed[1][2], 0.95F);
  EXPECT_GT(weighed[2][3], 0.95F);
}

TEST(Touching, GlyphsThatDoNotTouchStayAsTheyWere) {
  const Shares open = {0.1F, 0.2F, 0.3F, 0.4F};
  const auto weighed = weigh_by_pairs(std::vector{open, open}, std::vector<Shares>(1));
  for (const Shares& glyph : weighed) {
    for (std::size_t c = 0; c < kClasses; ++c) EXPECT_NEAR(glyph[c], open[c], 1e-5);
  }
}

// What is none of them all stays as likely as it was.
TEST(Touching, WhatIsMissingFromTheSharesStaysMissing) {
  const Shares half = {0.1F, 0.1F, 0.1F, 0.2F};
  const auto weighed = weigh_by_pairs(std::vector{half, half}, std::vector<Shares>{pair_of(1, 2)});
  for (const Shares& glyph : weighed) {
    EXPECT_NEAR(glyph[0] + glyph[1] + glyph[2] + glyph[3], 0.5F, 1e-5);
  }
}

// No shares, however broken a network is, make a number that is none.
TEST(Touching, ZerosGiveNumbers) {
  const Shares nothing(kClasses, 0), no_pair(kClasses * kClasses, 0);
  EXPECT_TRUE(std::isfinite(bond_of(nothing, nothing, no_pair)));
  const std::vector<Shares> glyphs = {nothing, nothing}, pairs = {no_pair};
  for (const Shares& glyph : weigh_by_pairs(glyphs, pairs)) {
    for (const float share : glyph) EXPECT_TRUE(std::isfinite(share));
  }
}

}  // namespace
}  // namespace longhand::recognizer
