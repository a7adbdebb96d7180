#include "cluster/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "cluster/testing.h"

namespace longhand::cluster {
namespace {

using testing::eventually;
using testing::RedisServer;

// A replica that notes what it hears.
struct Replica {
  Replica(const RedisAddress& address, const std::string& name)
      : cluster(address, {}, name,
                {.on_event =
                     [this](const Event& event) {
                       const std::lock_guard lock(mutex);
                       heard.push_back(event.owner + " " + event.id + " " + event.data);
                     },
                 .on_models = [this] { ++models; },
                 .on_gap = [this] { ++gaps; },
                 .presence = [name] { return "{\"name\":\"" + name + "\"}"; },
                 .on_change = nullptr}) {}

  bool is_there() {
    return eventually([&] {
      return cluster.is_listening() && testing::call(cluster.redis(), {"PING"}).has_value();
    });
  }
  std::vector<std::string> events() {
    const std::lock_guard lock(mutex);
    return heard;
  }
  std::vector<std::string> others() {
    std::promise<std::vector<std::string>> promise;
    auto future = promise.get_future();
    cluster.replicas([&](Result<std::vector<std::string>> words) {
      promise.set_value(words ? *words : std::vector<std::string>{});
    });
    return future.get();
  }

  std::mutex mutex;
  std::vector<std::string> heard;
  std::atomic<int> models{0};
  std::atomic<int> gaps{0};
  Cluster cluster;
};

TEST(Cluster, WhatOneSaysTheOthersHear) {
  const RedisServer server;
  Replica one(server.address(), "one");
  Replica two(server.address(), "two");
  ASSERT_TRUE(one.is_there() && two.is_there());
  one.cluster.publish({"ab12", "id-1", R"({"text":"7"})"});
  one.cluster.announce_models();
  two.cluster.publish({"ab12", "id-2", "{}"});
  EXPECT_TRUE(eventually([&] { return two.models == 1 && two.events().size() == 1; }));
  EXPECT_TRUE(eventually([&] { return one.events().size() == 1; }));
  EXPECT_THAT(two.events(), ::testing::ElementsAre(R"(ab12 id-1 {"text":"7"})"));
  EXPECT_THAT(one.events(), ::testing::ElementsAre("ab12 id-2 {}"));
  EXPECT_EQ(one.models, 0);
}

TEST(Cluster, TellsOfWhatItMayHaveMissed) {
  RedisServer server;
  Replica one(server.address(), "one");
  ASSERT_TRUE(one.is_there());
  EXPECT_EQ(one.gaps, 0);
  server.kill();
  ASSERT_TRUE(eventually([&] { return !one.cluster.is_listening(); }));
  server.start();
  EXPECT_TRUE(eventually([&] { return one.gaps == 1; }));
}

TEST(Cluster, NoticesAFeedThatHangs) {
  const RedisServer server;
  Replica one(server.address(), "one");
  ASSERT_TRUE(one.is_there());
  server.stop();
  EXPECT_TRUE(eventually([&] { return !one.cluster.is_listening(); }));
  server.go_on();
  EXPECT_TRUE(eventually([&] { return one.gaps == 1; }));
}

TEST(Cluster, KnowsWhoIsThere) {
  const RedisServer server;
  Replica one(server.address(), "one");
  {
    Replica two(server.address(), "two");
    ASSERT_TRUE(one.is_there() && two.is_there());
    EXPECT_THAT(one.others(),
                ::testing::UnorderedElementsAre(R"({"name":"one"})", R"({"name":"two"})"));
  }
  EXPECT_TRUE(
      eventually([&] { return one.others() == std::vector<std::string>{R"({"name":"one"})"}; }));
}

TEST(Wire, TakesWhatItWrote) {
  const Event event{"ab", "id", R"({"a":"b\nc"})"};
  const auto read = from_wire(to_wire(event));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->owner, event.owner);
  EXPECT_EQ(read->data, event.data);
  for (const char* text : {"", "a", "a\nb", "\nb\nc", "a\n\nc", "a\nb\nc\nd"}) {
    EXPECT_FALSE(from_wire(text)) << text;
  }
}

}  // namespace
}  // namespace longhand::cluster
