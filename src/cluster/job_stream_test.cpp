#include "cluster/job_stream.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "cluster/testing.h"

namespace longhand::cluster {
namespace {

using testing::eventually;
using testing::is_ready;
using testing::RedisServer;
using namespace std::chrono_literals;

constexpr auto kDead = 150ms;

struct Worker {
  Worker(const RedisAddress& address, const std::string& name)
      : redis(address, {}), stream(redis, name) {}

  // The job of the entry that it takes, "" where there is none.
  std::string take() {
    entry = stream.take(kDead);
    return entry ? entry->job : "";
  }

  Redis redis;
  JobStream stream;
  std::optional<JobStream::Entry> entry;
};

TEST(JobStream, EachEntryGoesToOneWorkerOldestFirst) {
  const RedisServer server;
  Worker one(server.address(), "one"), two(server.address(), "two");
  ASSERT_TRUE(is_ready(one.redis) && is_ready(two.redis));
  one.stream.add("a");  // before there is a group
  EXPECT_EQ(one.take(), "a");
  EXPECT_EQ(two.take(), "");
  two.stream.add("b");
  two.stream.add("c");
  EXPECT_EQ(two.take(), "b");
  EXPECT_EQ(one.take(), "c");
}

TEST(JobStream, WhatADeadWorkerHadGoesToAnother) {
  const RedisServer server;
  Worker two(server.address(), "two");
  ASSERT_TRUE(is_ready(two.redis));
  {
    Worker one(server.address(), "one");
    ASSERT_TRUE(is_ready(one.redis));
    one.stream.add("a");
    ASSERT_EQ(one.take(), "a");
    EXPECT_EQ(two.take(), "") << "it is at it";
  }
  EXPECT_TRUE(eventually([&] { return two.take() == "a"; }));
}

TEST(JobStream, WhoSaysThatTheyAreAtItKeepsItAndWhatIsDoneIsGone) {
  const RedisServer server;
  Worker one(server.address(), "one"), two(server.address(), "two");
  ASSERT_TRUE(is_ready(one.redis) && is_ready(two.redis));
  one.stream.add("a");
  ASSERT_EQ(one.take(), "a");
  const auto entry = *one.entry;
  for (int i = 0; i < 12; ++i) {
    std::this_thread::sleep_for(kDead / 5);
    one.stream.keep(entry);
    EXPECT_EQ(two.take(), "");
  }
  one.stream.done(entry);
  ASSERT_EQ(testing::call(one.redis, {"XLEN", "longhand:trainings"})->integer, 0);
  std::this_thread::sleep_for(2 * kDead);
  EXPECT_EQ(two.take(), "");
}

TEST(JobStream, WithoutRedisThereIsNothingAndLaterThereIs) {
  RedisServer server;
  Worker one(server.address(), "one");
  ASSERT_TRUE(is_ready(one.redis));
  server.kill();
  EXPECT_EQ(one.take(), "");
  one.stream.add("lost");
  server.start();
  ASSERT_TRUE(is_ready(one.redis));
  EXPECT_TRUE(eventually([&] {
    one.stream.add("b");
    return one.take() == "b";
  }));
}

}  // namespace
}  // namespace longhand::cluster
