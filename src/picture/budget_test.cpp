#include "picture/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace longhand::picture {
namespace {

using namespace std::chrono_literals;

TEST(MemoryBudget, GivesAndTakesBack) {
  MemoryBudget budget(100, 10ms);
  {
    const auto first = budget.take(60);
    const auto second = budget.take(40);
    ASSERT_TRUE(first);
    ASSERT_TRUE(second);
    EXPECT_EQ(budget.take(1).error().code, ErrorCode::kBusy);
  }
  EXPECT_TRUE(budget.take(100));
}

TEST(MemoryBudget, RefusesAtOnceWhatItNeverHas) {
  MemoryBudget budget(100 << 20, 1h);
  const auto share = budget.take((100 << 20) + 1);
  ASSERT_FALSE(share);
  EXPECT_EQ(share.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(share.error().message, testing::HasSubstr("100 MB"));
}

TEST(MemoryBudget, WaitsForAShare) {
  MemoryBudget budget(100, 10s);
  std::optional<MemoryBudget::Share> held(std::move(*budget.take(100)));
  std::thread giver([&] {
    std::this_thread::sleep_for(20ms);
    held.reset();
  });
  EXPECT_TRUE(budget.take(100));
  giver.join();
}

// A small share that would fit must not pass a large one that waits, again and again.
TEST(MemoryBudget, ServesInTheOrderOfAsking) {
  MemoryBudget budget(100, 10s);
  std::optional<MemoryBudget::Share> held(std::move(*budget.take(60)));
  std::atomic<bool> large_served = false;
  std::atomic<bool> large_waits = false;
  std::thread large([&] {
    large_waits = true;
    const auto share = budget.take(100);
    large_served = share.has_value();
  });
  while (!large_waits) std::this_thread::yield();
  std::this_thread::sleep_for(50ms);
  std::thread small([&] {
    const auto share = budget.take(10);
    EXPECT_TRUE(share);
    EXPECT_TRUE(large_served);
  });
  std::this_thread::sleep_for(50ms);
  held.reset();
  large.join();
  small.join();
}

TEST(MemoryBudget, LetsOthersPassWhenAWaiterGivesUp) {
  MemoryBudget budget(100, 100ms);
  const auto held = budget.take(60);
  std::thread large([&] { EXPECT_EQ(budget.take(80).error().code, ErrorCode::kBusy); });
  std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(budget.take(40));
  large.join();
}

TEST(MemoryBudget, HoldsUnderManyThreads) {
  MemoryBudget budget(100, 30s);
  std::atomic<int> in_use = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const int bytes = (i * 37 + t * 11) % 100 + 1;
        const auto share = budget.take(static_cast<std::size_t>(bytes));
        ASSERT_TRUE(share);
        EXPECT_LE(in_use += bytes, 100);
        in_use -= bytes;
      }
    });
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace longhand::picture
