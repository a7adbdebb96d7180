#include "recognizer/lattice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <random>

namespace longhand::recognizer {
namespace {

const std::vector<std::string> kAlphabet = {"0", "1", "O", "7", "Q"};

Pattern pattern(std::string_view text) {
  return *Pattern::parse(text);
}

std::string text_of(const Path& path) {
  std::string text;
  for (const Path::Step& step : path.steps) text += step.text;
  return text;
}

// Characters that a hypothesis doesn't name have nothing.
Path best(std::size_t pieces, std::vector<Hypothesis> hypotheses,
          const Pattern& p = Pattern::anything(), const std::vector<Bond>& bonds = {}) {
  for (Hypothesis& h : hypotheses) {
    if (!h.characters.empty()) h.characters.resize(kAlphabet.size());
  }
  return best_path(pieces, hypotheses, bonds, kAlphabet, p);
}

TEST(Lattice, TakesTheLikeliestWayAndSaysHowLikely) {
  // Two pieces: apart "1" "0", or together an "O" that is a quarter as likely.
  const std::vector<Hypothesis> ways = {
      {0, 0, 0, {0, 1, 0}}, {1, 1, 0, {0.8F, 0.2F, 0}}, {0, 1, std::log(0.25), {0, 0, 1}}};
  const Path path = best(2, ways);
  EXPECT_EQ(text_of(path), "10");
  EXPECT_NEAR(path.confidence, 0.8 / 1.25, 1e-6);
  ASSERT_EQ(path.steps.size(), 2U);
  EXPECT_EQ(path.steps[1].hypothesis, 1U);
  EXPECT_NEAR(path.steps[1].confidence, 0.8, 1e-6);
}

TEST(Lattice, WhatNeighboursAreWorthDecidesBetweenCuts) {
  // Three pieces, cut after the first or the second.
  const std::vector<Hypothesis> ways = {
      {0, 0, 0, {0, 1}}, {1, 2, 0, {1, 0}}, {0, 1, 0.1, {0, 0, 0, 1}}, {2, 2, 0, {0, 0, 0, 0, 1}}};
  EXPECT_EQ(text_of(best(3, ways)), "7Q");
  const Path path = best(3, ways, Pattern::anything(), {{0, 1, 1}, {2, 3, -1}});
  EXPECT_EQ(text_of(path), "10");
  EXPECT_NEAR(path.confidence, std::exp(1) / (std::exp(1) + std::exp(-0.9)), 1e-6);
}

TEST(Lattice, HalvesOfAPairGoTogether) {
  // A 7 and a Q or both an O; and as a pair, 1 and 0, of which each alone would be likelier.
  std::vector<Hypothesis> ways = {{0, 0, 0, {0, 0.5F, 0, 0.5F}},
                                  {1, 1, 0, {0.5F, 0, 0, 0, 0.5F}},
                                  {0, 1, -10, {0, 0, 1}},
                                  {0, 0, 0, {0, 1}},
                                  {1, 1, std::log(0.2), {1}}};
  EXPECT_EQ(text_of(best(2, ways)), "10");
  ways[3].other_half = 4, ways[4].other_half = 3;
  const Path pair = best(2, ways);
  EXPECT_EQ(text_of(pair), "10");
  // Four texts by the glyphs apart, 10 among them, and 10 as the pair.
  const double all = 1 + 0.2 + std::exp(-10);
  EXPECT_NEAR(pair.confidence, (0.25 + 0.2) / all, 1e-6);
  // Where no way takes both, neither is taken.
  ways[4].first = ways[4].last = 2;
  ways.push_back({2, 2, 0, {0, 0, 0, 0, 1}});
  EXPECT_EQ(text_of(best(3, ways)).back(), 'Q');
}

TEST(Lattice, TheSameTextByTwoWaysCountsTwice) {
  // Two pieces and dirt, either of which may be the dirt: both ways say "1".
  const std::vector<Hypothesis> ways = {{0, 0, 0, {0, 1, 0}},
                                        {1, 1, 0, {0, 1, 0}},
                                        {0, 0, std::log(0.5), {}},
                                        {1, 1, std::log(0.5), {}}};
  const Path path = best(2, ways, pattern("d"));
  EXPECT_EQ(text_of(path), "1");
  EXPECT_NEAR(path.confidence, 1, 1e-6);
}

TEST(Lattice, ThePatternDecidesBetweenLookalikesAndWays) {
  const std::vector<Hypothesis> ways = {{0, 0, 0, {0.45F, 0, 0.55F}},
                                        {1, 1, 0, {0.45F, 0, 0.55F}},
                                        {0, 1, std::log(0.01), {0, 1, 0}}};
  EXPECT_EQ(text_of(best(2, ways)), "OO");
  EXPECT_EQ(text_of(best(2, ways, pattern("dA"))), "0O");
  const Path one = best(2, ways, pattern("d"));
  EXPECT_EQ(text_of(one), "1");
  EXPECT_NEAR(one.confidence, 1, 1e-6);
  // What the pattern rules out is known to be wrong: the rest is as sure as it can be.
  EXPECT_NEAR(best(2, ways, pattern("dd")).confidence, 1, 1e-6);
}

TEST(Lattice, FlatDistributionsStayDoubtfulUnderAPattern) {
  const Path path = best(1, {{0, 0, 0, {0.2F, 0.2F, 0.2F, 0.2F, 0.2F}}}, pattern("A"));
  EXPECT_EQ(text_of(path), "O");
  EXPECT_NEAR(path.confidence, 0.2, 1e-5);
}

TEST(Lattice, RepeatedAndMissingElements) {
  const std::vector<Hypothesis> ways = {
      {0, 0, 0, {0.9F, 0.1F, 0}}, {1, 1, 0, {0.9F, 0.1F, 0}}, {2, 2, 0, {0, 0.2F, 0.8F}}};
  EXPECT_EQ(text_of(best(3, ways, pattern("d+"))), "001");
  EXPECT_EQ(text_of(best(3, ways, pattern("d*A?"))), "00O");
  EXPECT_EQ(text_of(best(3, ways, pattern("1?d*A"))), "00O");
  EXPECT_EQ(text_of(best(3, ways, pattern("1d*A"))), "10O");
  EXPECT_TRUE(best(3, ways, pattern("dddd")).steps.empty());
  EXPECT_EQ(best(3, ways, pattern("dd")).confidence, 0);
}

TEST(Lattice, ALiteralThatTheAlphabetLacksStandsWhereNoCharacterFits) {
  const std::vector<Hypothesis> ways = {
      {0, 0, 0, {0.9F, 0.1F, 0}}, {1, 1, 0, {0.2F, 0.2F, 0.2F, 0.2F, 0.2F}}, {2, 2, 0, {0, 1, 0}}};
  const Path path = best(3, ways, pattern("d-d"));
  EXPECT_EQ(text_of(path), "0-1");
  EXPECT_NEAR(path.steps[1].confidence, 0.8, 1e-5);
}

TEST(Lattice, WhereALiteralThatTheAlphabetLacksStandsItsSizeSays) {
  // What looks like a 1 may be the slash, which the network never saw; the higher one is.
  const std::vector<float> one = {0, 0.999F, 0.001F};
  std::vector<Hypothesis> ways = {{0, 0, 0, one}, {1, 1, 0, one}, {2, 2, 0, {1, 0, 0}}};
  for (Hypothesis& h : ways) h.size = SizeInLine{0.3, 0.95, 0};
  EXPECT_EQ(text_of(best(3, ways, pattern("d/d"))), "1/0");
  // Three pieces, two places: a piece is left for dirt or for nothing.
  ways.push_back({0, 0, -3, {}});
  ways.push_back({1, 1, -3, {}});
  ways[1].size = SizeInLine{0.45, 1.2, 0};
  EXPECT_EQ(best(3, ways, pattern("/d")).steps.front().hypothesis, 1U);
  ways[1].size = SizeInLine{0.1, 0.1, 0.4};
  EXPECT_EQ(best(3, ways, pattern("/d")).steps.front().hypothesis, 0U);
  EXPECT_EQ(best(3, ways, pattern(".d")).steps.front().hypothesis, 1U);
}

TEST(Lattice, NoPiecesAndNoWayAreNoText) {
  EXPECT_TRUE(best(0, {}).steps.empty());
  EXPECT_TRUE(best(2, {{0, 0, 0, {1, 0, 0}}}).steps.empty());
}

// Every way of a small random lattice, counted one by one, is what the algorithms must find.
TEST(Lattice, AgreesWithCountingEveryWay) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> even(0, 1);
  for (int round = 0; round < 50; ++round) {
    constexpr std::size_t kPieces = 4;
    std::vector<Hypothesis> ways;
    for (std::size_t first = 0; first < kPieces; ++first) {
      for (std::size_t last = first; last < std::min(kPieces, first + 3); ++last) {
        Hypothesis h{first, last, -2.0 * static_cast<double>(even(random)), {}};
        float sum = 0;
        for (int c = 0; c < 3; ++c) sum += h.characters.emplace_back(even(random));
        for (float& p : h.characters) p /= sum;
        ways.push_back(h);
      }
    }
    std::vector<Bond> bonds;
    std::map<std::pair<std::size_t, std::size_t>, double> bond_of;
    for (std::size_t l = 0; l < ways.size(); ++l) {
      for (std::size_t r = 0; r < ways.size(); ++r) {
        if (ways[r].first != ways[l].last + 1 || even(random) < 0.5F) continue;
        bonds.push_back({l, r, 2 - 4 * static_cast<double>(even(random))});
        bond_of[{l, r}] = bonds.back().worth;
      }
    }
    constexpr std::size_t kNone = 1000;
    const auto bond = [&](std::size_t left, std::size_t right) {
      const auto found = bond_of.find({left, right});
      return found == bond_of.end() ? 0.0 : found->second;
    };
    std::map<std::string, double> texts;
    double most = 0, total = 0;
    const std::function<void(std::size_t, std::size_t, double, std::string)> walk =
        [&](std::size_t before, std::size_t piece, double weight, const std::string& text) {
          if (piece == kPieces) {
            texts[text] += weight;
            total += weight;
            most = std::max(most, weight);
            return;
          }
          for (std::size_t i = 0; i < ways.size(); ++i) {
            const Hypothesis& h = ways[i];
            if (h.first != piece) continue;
            const double here = weight * std::exp(h.prior + bond(before, i));
            for (std::size_t c = 0; c < 3; ++c) {
              walk(i, h.last + 1, here * static_cast<double>(h.characters[c]), text + kAlphabet[c]);
            }
          }
        };
    walk(kNone, 0, 1, "");
    const Path path = best(kPieces, ways, Pattern::anything(), bonds);
    double weight = 1;
    std::size_t before = kNone;
    for (const Path::Step& step : path.steps) {
      const auto c = static_cast<std::size_t>(
          std::find(kAlphabet.begin(), kAlphabet.end(), step.text) - kAlphabet.begin());
      weight *= std::exp(ways[step.hypothesis].prior + bond(before, step.hypothesis)) *
                static_cast<double>(ways[step.hypothesis].characters[c]);
      before = step.hypothesis;
    }
    EXPECT_NEAR(weight, most, 1e-9);
    EXPECT_NEAR(path.confidence, texts[text_of(path)] / total, 1e-6);
  }
}

TEST(Lattice, NoneShareTellsSpreadFromDecided) {
  EXPECT_DOUBLE_EQ(none_share(std::vector<float>(10, 0.1F)), 1);
  EXPECT_DOUBLE_EQ(none_share(std::vector<float>{0.5F, 0.5F, 0, 0, 0, 0}), 0);
}

}  // namespace
}  // namespace longhand::recognizer
