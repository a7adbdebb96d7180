#include "cluster/redis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "cluster/testing.h"

namespace longhand::cluster {
namespace {

using testing::call;
using testing::eventually;
using testing::is_ready;
using testing::RedisServer;

TEST(Redis, AnswersInTheOrderOfTheQuestions) {
  const RedisServer server;
  Redis redis(server.address(), {});
  ASSERT_TRUE(is_ready(redis));
  ASSERT_TRUE(eventually([&] { return call(redis, {"PING"}).has_value(); }));
  std::atomic<int> right{0};
  constexpr int kCalls = 2'000;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kCalls / 4; ++i) {
        const std::string text =
            std::to_string(t) + "\r\n" + std::string(1, '\0') + std::to_string(i);
        const auto reply = call(redis, {"ECHO", text});
        if (reply && reply->text == text) right.fetch_add(1);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, kCalls);
  EXPECT_EQ(redis.failures(), 0U);
}

TEST(Redis, TellsErrorsFromBrokenConnections) {
  const RedisServer server;
  Redis redis(server.address(), {});
  ASSERT_TRUE(eventually([&] { return call(redis, {"PING"}).has_value(); }));
  const auto reply = call(redis, {"NONSENSE"});
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->is_error());
  EXPECT_EQ(redis.state(), RedisState::kReady);
}

TEST(Redis, FailsAtOnceWhileThereIsNoneAndComesBack) {
  RedisServer server;
  Redis redis(server.address(), {});
  ASSERT_TRUE(eventually([&] { return call(redis, {"PING"}).has_value(); }));
  server.kill();
  ASSERT_TRUE(eventually([&] { return redis.state() == RedisState::kDown; }));
  const auto refused = call(redis, {"PING"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  server.start();
  EXPECT_TRUE(eventually([&] { return call(redis, {"PING"}).has_value(); }));
  EXPECT_EQ(redis.state(), RedisState::kReady);
}

TEST(Redis, OneThatHangsIsOneThatIsNotThere) {
  const RedisServer server;
  Redis redis(server.address(), {});
  ASSERT_TRUE(eventually([&] { return call(redis, {"PING"}).has_value(); }));
  server.stop();
  EXPECT_FALSE(call(redis, {"PING"}));
  EXPECT_EQ(redis.state(), RedisState::kDown);
  // It still takes connections, by the system's hand: that is not enough.
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  EXPECT_FALSE(call(redis, {"PING"}));
  server.go_on();
  EXPECT_TRUE(eventually([&] { return call(redis, {"PING"}).has_value(); }));
}

TEST(Redis, SaysThatItIsFull) {
  const RedisServer server({"--maxmemory", "100mb", "--maxmemory-policy", "noeviction"});
  Redis::Options options;
  options.heartbeat = [] { return std::vector<std::string>{"SET", "beat", "1"}; };
  Redis redis(server.address(), std::move(options));
  ASSERT_TRUE(eventually([&] { return call(redis, {"PING"}).has_value(); }));
  ASSERT_TRUE(call(redis, {"CONFIG", "SET", "maxmemory", "1"}));
  EXPECT_TRUE(eventually([&] { return redis.state() == RedisState::kFull; }));
  EXPECT_TRUE(call(redis, {"GET", "beat"}));
  ASSERT_TRUE(call(redis, {"CONFIG", "SET", "maxmemory", "100mb"}));
  EXPECT_TRUE(eventually([&] { return redis.state() == RedisState::kReady; }));
}

TEST(Redis, LogsInAndSaysWhenItCant) {
  const RedisServer server({"--requirepass", "p@ss word"});
  RedisAddress address = server.address();
  address.password = "p@ss word";
  Redis redis(address, {});
  EXPECT_TRUE(is_ready(redis));

  std::mutex mutex;
  std::string reason;
  Redis::Options options;
  options.on_change = [&](RedisState, const std::string& why) {
    const std::lock_guard lock(mutex);
    reason = why;
  };
  address.password = "another";
  Redis stranger(address, std::move(options));
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return !reason.empty();
  }));
  const std::lock_guard lock(mutex);
  EXPECT_THAT(reason, ::testing::HasSubstr("WRONGPASS"));
  EXPECT_THAT(reason, ::testing::Not(::testing::HasSubstr("another")));
}

TEST(Redis, EndsWithWhatIsPending) {
  const RedisServer server;
  std::atomic<int> done{0};
  {
    Redis redis(server.address(), {});
    ASSERT_TRUE(is_ready(redis));
    server.stop();
    for (int i = 0; i < 100; ++i) redis.call({"PING"}, [&](const Result<Reply>&) { ++done; });
  }
  EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace longhand::cluster
