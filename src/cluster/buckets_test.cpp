#include "cluster/buckets.h"

#include <gtest/gtest.h>

namespace longhand::cluster {
namespace {

using std::chrono::milliseconds;
using Clock = LocalBuckets::Clock;

TEST(LocalBuckets, AllowsABurstThenTheRate) {
  LocalBuckets buckets({.owner = {.per_second = 2, .burst = 3}, .newcomers = {}});
  const auto start = Clock::now();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(buckets.take("a", "", start).allowed);
  const Verdict refused = buckets.take("a", "", start);
  EXPECT_FALSE(refused.allowed);
  EXPECT_FALSE(refused.newcomer);
  EXPECT_EQ(refused.retry_after, milliseconds(500));
  EXPECT_TRUE(buckets.take("b", "", start).allowed);
  EXPECT_FALSE(buckets.take("a", "", start + milliseconds(499)).allowed);
  EXPECT_TRUE(buckets.take("a", "", start + milliseconds(500)).allowed);
  EXPECT_FALSE(buckets.take("a", "", start + milliseconds(500)).allowed);
  // However long nobody asks, a burst is all that gathers.
  const auto later = start + std::chrono::minutes(10);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(buckets.take("a", "", later).allowed);
  EXPECT_FALSE(buckets.take("a", "", later).allowed);
}

TEST(LocalBuckets, BoundsNewOwnersByTheWayTheyCome) {
  LocalBuckets buckets(
      {.owner = {.per_second = 1, .burst = 5}, .newcomers = {.per_second = 0.1, .burst = 2}});
  const auto start = Clock::now();
  EXPECT_TRUE(buckets.take("a", "x", start).allowed);
  EXPECT_TRUE(buckets.take("b", "x", start).allowed);
  const Verdict refused = buckets.take("c", "x", start);
  EXPECT_FALSE(refused.allowed);
  EXPECT_TRUE(refused.newcomer);
  EXPECT_EQ(refused.retry_after, std::chrono::seconds(10));
  EXPECT_TRUE(buckets.take("a", "x", start).allowed);  // no newcomer any more
  EXPECT_TRUE(buckets.take("c", "y", start).allowed);
  EXPECT_TRUE(buckets.take("x", "y", start).allowed);  // an owner named like a way
}

TEST(LocalBuckets, KnowsOwnersWithoutALimitOfTheirOwn) {
  LocalBuckets buckets({.owner = {}, .newcomers = {.per_second = 0.1, .burst = 1}});
  const auto start = Clock::now();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(buckets.take("a", "x", start).allowed);
  EXPECT_FALSE(buckets.take("b", "x", start).allowed);
}

TEST(LocalBuckets, KnowsThoseWhomOthersLetIn) {
  LocalBuckets buckets(
      {.owner = {.per_second = 1, .burst = 5}, .newcomers = {.per_second = 0.1, .burst = 1}});
  const auto start = Clock::now();
  EXPECT_TRUE(buckets.take("a", "x", start).allowed);
  EXPECT_FALSE(buckets.take("b", "x", start).allowed);
  buckets.know("b", start);
  EXPECT_TRUE(buckets.take("b", "x", start).allowed);
  EXPECT_FALSE(buckets.take("b", "z", start + std::chrono::hours(2)).newcomer);
}

TEST(LocalBuckets, IsBounded) {
  LocalBuckets buckets({.owner = {.per_second = 1, .burst = 1}, .newcomers = {}});
  const auto start = Clock::now();
  for (std::size_t i = 0; i < LocalBuckets::kMostBuckets + 10; ++i) {
    buckets.take(std::to_string(i), "", start);
  }
  EXPECT_EQ(buckets.size(), LocalBuckets::kMostBuckets);
  const std::string last = std::to_string(LocalBuckets::kMostBuckets + 9);
  EXPECT_FALSE(buckets.take(last, "", start).allowed);
}

}  // namespace
}  // namespace longhand::cluster
