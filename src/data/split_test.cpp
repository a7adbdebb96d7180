#include "data/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace longhand::data {
namespace {

using ::testing::ElementsAre;

TEST(HoldOut, PutsEverySampleOnOneSide) {
  const Split split = hold_out(1000, {}, 0.1, 7);
  EXPECT_EQ(split.held_out.size(), 100U);
  EXPECT_EQ(split.kept.size(), 900U);
  std::set<std::size_t> all(split.kept.begin(), split.kept.end());
  all.insert(split.held_out.begin(), split.held_out.end());
  EXPECT_EQ(all.size(), 1000U);
  EXPECT_TRUE(std::is_sorted(split.kept.begin(), split.kept.end()));
}

// Recipes depend on it: these must never change.
TEST(HoldOut, GivesTheSameSplitForASeed) {
  EXPECT_THAT(hold_out(20, {}, 0.2, 1).held_out, hold_out(20, {}, 0.2, 1).held_out);
  EXPECT_NE(hold_out(20, {}, 0.2, 1).held_out, hold_out(20, {}, 0.2, 2).held_out);
  EXPECT_THAT(hold_out(20, {}, 0.2, 1).held_out, ElementsAre(1, 3, 10, 14));
}

TEST(HoldOut, KeepsAWritersSamplesTogether) {
  std::vector<int> writers;
  for (int i = 0; i < 300; ++i) writers.push_back(i % 30);
  const Split split = hold_out(writers.size(), writers, 0.2, 3);
  EXPECT_EQ(split.held_out.size(), 60U);
  std::set<int> held;
  for (const std::size_t i : split.held_out) held.insert(writers[i]);
  EXPECT_EQ(held.size(), 6U);
  for (const std::size_t i : split.kept) EXPECT_FALSE(held.contains(writers[i]));
}

TEST(HoldOut, SplitsSamplesWhereAWriterIsUnknown) {
  const std::vector<int> writers(100, -1);
  EXPECT_EQ(hold_out(100, writers, 0.25, 3).held_out.size(), 25U);
}

TEST(HoldOut, HoldsAtTheEnds) {
  EXPECT_TRUE(hold_out(0, {}, 0.5, 1).held_out.empty());
  EXPECT_TRUE(hold_out(5, {}, 0, 1).held_out.empty());
  EXPECT_TRUE(hold_out(5, {}, 1, 1).kept.empty());
  EXPECT_THROW(hold_out(5, std::vector<int>{1}, 0.5, 1), std::logic_error);
}

}  // namespace
}  // namespace longhand::data
