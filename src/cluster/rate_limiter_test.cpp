#include "cluster/rate_limiter.h"

#include <gtest/gtest.h>

#include "cluster/testing.h"

namespace longhand::cluster {
namespace {

using testing::eventually;
using testing::is_ready;
using testing::RedisServer;

// Slow enough that nothing flows in while a test runs.
constexpr RateRules kRules{.owner = {.per_second = 0.001, .burst = 5},
                           .newcomers = {.per_second = 0.001, .burst = 3}};

Verdict take(RateLimiter& limiter, const std::string& owner, const std::string& way = "way") {
  std::promise<Verdict> promise;
  auto future = promise.get_future();
  limiter.take(owner, way, [&](Verdict verdict) { promise.set_value(verdict); });
  return future.get();
}

// As many as were allowed of `count`.
int allowed(RateLimiter& limiter, const std::string& owner, int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) sum += take(limiter, owner).allowed ? 1 : 0;
  return sum;
}

class SharedLimit : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(is_ready(first_redis_));
    ASSERT_TRUE(is_ready(second_redis_));
    ASSERT_TRUE(eventually([&] { return testing::call(first_redis_, {"PING"}).has_value(); }));
    ASSERT_TRUE(eventually([&] { return testing::call(second_redis_, {"PING"}).has_value(); }));
  }

  RedisServer server_;
  Redis first_redis_{server_.address(), {}};
  Redis second_redis_{server_.address(), {}};
  RateLimiter first_{kRules, &first_redis_};
  RateLimiter second_{kRules, &second_redis_};
};

TEST_F(SharedLimit, IsOneForAllReplicas) {
  EXPECT_EQ(allowed(first_, "a", 3), 3);
  EXPECT_EQ(allowed(second_, "a", 10), 2);
  const Verdict refused = take(first_, "a");
  EXPECT_FALSE(refused.allowed);
  EXPECT_FALSE(refused.newcomer);
  EXPECT_GT(refused.retry_after, std::chrono::seconds(900));
  EXPECT_EQ(first_.fallbacks() + second_.fallbacks(), 0U);
}

TEST_F(SharedLimit, BoundsNewOwnersForAllReplicas) {
  EXPECT_TRUE(take(first_, "a").allowed);
  EXPECT_TRUE(take(second_, "b").allowed);
  EXPECT_TRUE(take(first_, "c").allowed);
  EXPECT_TRUE(take(second_, "d").newcomer);
  EXPECT_TRUE(take(second_, "d", "another way").allowed);
  EXPECT_TRUE(take(second_, "a").allowed);
}

TEST_F(SharedLimit, IsEachReplicasOwnWithoutRedis) {
  EXPECT_EQ(allowed(first_, "a", 5), 5);
  server_.kill();
  // Known from before, hence no newcomer; its bucket here is full.
  EXPECT_EQ(allowed(first_, "a", 10), 5);
  EXPECT_EQ(allowed(second_, "a", 10), 5);
  EXPECT_GT(first_.fallbacks(), 0U);
  server_.start();
  ASSERT_TRUE(eventually([&] { return testing::call(first_redis_, {"PING"}).has_value(); }));
  EXPECT_EQ(allowed(first_, "e", 10), 5);
}

TEST_F(SharedLimit, HoldsWhenRedisIsFull) {
  ASSERT_TRUE(testing::call(first_redis_, {"CONFIG", "SET", "maxmemory", "1"}));
  EXPECT_EQ(allowed(first_, "a", 10), 5);
  EXPECT_EQ(first_.fallbacks(), 10U);
}

TEST(RateLimiter, WithoutRulesAsksNobody) {
  RateLimiter limiter({}, nullptr);
  EXPECT_FALSE(limiter.is_on());
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(take(limiter, "a").allowed);
}

}  // namespace
}  // namespace longhand::cluster
