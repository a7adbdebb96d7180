#include "server/feed.h"

#include <gtest/gtest.h>

#include <thread>

namespace longhand::server {
namespace {

records::Viewer owner(std::uint8_t first) {
  records::Viewer viewer;
  viewer.owner[0] = first;
  return viewer;
}

TEST(Feed, TellsEachOwnerOfTheirOwnAndTheOperatorOfAll) {
  Feed feed(10);
  const auto mine = feed.subscribe(owner(1));
  const auto other = feed.subscribe(owner(2));
  records::Viewer operating;
  operating.is_operator = true;
  const auto all = feed.subscribe(operating);
  EXPECT_EQ(feed.publish(owner(1).owner, "id-1", "{}"), 0U);
  EXPECT_EQ(mine->pop().value_or(""), "id: id-1\nevent: recognition\ndata: {}\n\n");
  EXPECT_FALSE(mine->pop());
  EXPECT_FALSE(other->pop());
  EXPECT_TRUE(all->pop());
}

TEST(Feed, DropsTheOldestForASlowListenerAndSaysSo) {
  Feed feed(10);
  const auto slow = feed.subscribe(owner(1));
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < Subscription::kMaxQueued + 3; ++i) {
    dropped += feed.publish(owner(1).owner, std::to_string(i), "{}");
  }
  EXPECT_EQ(dropped, 3U);
  EXPECT_EQ(slow->pop().value_or(""), "event: dropped\ndata: {\"count\":3}\n\n");
  EXPECT_EQ(slow->pop().value_or("").substr(0, 6), "id: 3\n");
}

TEST(Feed, LimitsListenersAndForgetsThoseGone) {
  Feed feed(1);
  auto first = feed.subscribe(owner(1));
  EXPECT_EQ(feed.subscribe(owner(1)), nullptr);
  first = nullptr;
  EXPECT_EQ(feed.listeners(), 0U);
  EXPECT_NE(feed.subscribe(owner(1)), nullptr);
}

TEST(Feed, WakesAListenerWhoseQueueWasEmpty) {
  Feed feed(1);
  const auto listener = feed.subscribe(owner(1));
  int woken = 0;
  listener->on_event([&woken] { ++woken; });
  std::thread([&] {
    feed.publish(owner(1).owner, "1", "{}");
    feed.publish(owner(1).owner, "2", "{}");
  }).join();
  EXPECT_EQ(woken, 1);
}

TEST(Feed, RelaysWhatIsPublishedHereAndNotWhatCameFromElsewhere) {
  Feed feed(1);
  EXPECT_FALSE(feed.is_heard());
  std::string relayed;
  feed.set_relay([&](const records::OwnerHash&, const std::string& id, const std::string&) {
    relayed += id + " ";
  });
  EXPECT_TRUE(feed.is_heard());
  const auto listener = feed.subscribe(owner(1));
  feed.publish(owner(1).owner, "here", "{}");
  feed.deliver(owner(1).owner, "there", "{}");
  EXPECT_EQ(relayed, "here ");
  EXPECT_TRUE(listener->pop() && listener->pop());
}

TEST(Feed, TellsListenersOfALoss) {
  Feed feed(1);
  const auto listener = feed.subscribe(owner(1));
  int woken = 0;
  listener->on_event([&woken] { ++woken; });
  feed.lose();
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(listener->pop().value_or(""), "event: dropped\ndata: {\"count\":1}\n\n");
}

}  // namespace
}  // namespace longhand::server
