#include "training/epoch.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <set>

namespace longhand::training {
namespace {

Samples make_samples(std::size_t count, std::vector<Part> parts) {
  Samples samples;
  samples.labels.assign(count, 0);
  samples.parts = std::move(parts);
  return samples;
}

std::vector<std::uint32_t> drawn(const std::vector<Draw>& draws) {
  std::vector<std::uint32_t> result;
  for (const Draw& draw : draws) result.push_back(draw.sample);
  return result;
}

TEST(Epoch, TakesAllSamplesOnceUnlessSaidOtherwise) {
  const Samples samples = make_samples(50, {});
  EXPECT_EQ(epoch_size(samples), 50U);
  const auto draws = draw_epoch(samples, 1, 3);
  auto order = drawn(draws);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  EXPECT_NE(order, drawn(draw_epoch(samples, 1, 4)));
  EXPECT_NE(order, drawn(draw_epoch(samples, 2, 3)));
  std::sort(order.begin(), order.end());
  for (std::uint32_t i = 0; i < 50; ++i) EXPECT_EQ(order[i], i);
  for (const Draw& draw : draws) EXPECT_EQ(draw.turn, 3U);
}

TEST(Epoch, TakesWhatEachPartIsToGive) {
  const Samples samples = make_samples(30, {{0, 20, 7}, {20, 30, 25}});
  EXPECT_EQ(epoch_size(samples), 32U);
  for (std::int64_t epoch = 0; epoch < 5; ++epoch) {
    const auto order = drawn(draw_epoch(samples, 9, epoch));
    EXPECT_EQ(std::count_if(order.begin(), order.end(), [](auto i) { return i < 20; }), 7);
    EXPECT_EQ(order.size(), 32U);
  }
}

TEST(Epoch, SharesOfClassesCountWhatAnEpochTakes) {
  Samples samples = make_samples(30, {{0, 20, 10}, {20, 30, 20}});
  for (std::size_t i = 0; i < 30; ++i) samples.labels[i] = i < 15 ? 0 : i < 25 ? 1 : 2;
  samples.labels[29] = Samples::kNothing;
  // 15 of class 0 at 1/2, 5 of class 1 at 1/2 and 5 at 2, 4 of class 2 at 2: of 28.
  const auto shares = class_shares(samples, 4);
  ASSERT_EQ(shares.size(), 4U);
  EXPECT_DOUBLE_EQ(shares[0], 7.5 / 28);
  EXPECT_DOUBLE_EQ(shares[1], 12.5 / 28);
  EXPECT_DOUBLE_EQ(shares[2], 8.0 / 28);
  EXPECT_EQ(shares[3], 0);
  samples.labels.assign(30, Samples::kNothing);
  EXPECT_EQ(class_shares(samples, 2), (std::vector<double>{0, 0}));
}

TEST(Epoch, EverySampleHasItsTurnBeforeOneHasTheNext) {
  const Samples samples = make_samples(30, {{0, 20, 7}, {20, 30, 25}});
  std::map<std::uint32_t, std::set<std::uint32_t>> had;
  std::size_t draws = 0;
  for (std::int64_t epoch = 0; epoch < 20; ++epoch) {
    for (const Draw& draw : draw_epoch(samples, 9, epoch)) {
      EXPECT_TRUE(had[draw.sample].insert(draw.turn).second) << "a turn came twice";
      ++draws;
    }
  }
  EXPECT_EQ(draws, 20U * 32U);
  for (const auto& [sample, seen] : had) {
    EXPECT_EQ(seen.size(), sample < 20 ? 7U : 50U) << sample;  // 140 and 500 draws
    EXPECT_LT(*seen.rbegin(), turns(samples, 20));
  }
}

}  // namespace
}  // namespace longhand::training
