#include "records/late_stores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>

#include "records/sqlite_stores.h"
#include "records/testing.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LateStoresTest : public ::testing::Test {
 protected:
  // Opens a file once `there` says that it may.
  Result<Stores> open() {
    return open_late(
        [this]() -> Result<Stores> {
          ++tries_;
          std::this_thread::sleep_for(slowness_);
          if (there_) return open_sqlite_stores(folder_.file("store.db"));
          return fail(error_, "nobody answers");
        },
        patience_, stop_.get_token());
  }

  TemporaryFolder folder_;
  std::atomic<bool> there_{false};
  std::atomic<int> tries_{0};
  ErrorCode error_ = ErrorCode::kUnavailable;
  std::chrono::milliseconds slowness_{0};
  std::chrono::milliseconds patience_{30'000};
  std::stop_source stop_;
};

TEST_F(LateStoresTest, WhatCanBeOpenedIsGivenAsItIs) {
  there_ = true;
  const auto stores = open();
  ASSERT_TRUE(stores);
  EXPECT_TRUE(stores->warnings.empty());
  EXPECT_TRUE(add(*stores->records, make_record(1)));
}

TEST_F(LateStoresTest, WhatIsWrongForGoodIsToldAtOnce) {
  error_ = ErrorCode::kUnauthorized;
  const auto stores = open();
  ASSERT_FALSE(stores);
  EXPECT_EQ(stores.error().code, ErrorCode::kUnauthorized);
  EXPECT_EQ(tries_, 1);
}

TEST_F(LateStoresTest, UntilItIsThereEveryMethodSaysWhyItIsNot) {
  const auto stores = open();
  ASSERT_TRUE(stores);
  EXPECT_THAT(stores->warnings, ElementsAre("nobody answers"));
  const auto added = add(*stores->records, make_record(1));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(added.error().message, HasSubstr("nobody answers"));

  there_ = true;
  const auto record = make_record(1);
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!add(*stores->records, record)) {
    ASSERT_LT(std::chrono::steady_clock::now(), patience);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(get(*stores->records, record.summary.id, {{}, true}));
}

TEST_F(LateStoresTest, WhatTakesTooLongIsNotWaitedFor) {
  there_ = true;
  slowness_ = std::chrono::milliseconds(500);
  patience_ = std::chrono::milliseconds(1);
  const auto stores = open();
  ASSERT_TRUE(stores);
  EXPECT_THAT(stores->warnings, ElementsAre(HasSubstr("hasn't been opened yet")));
  EXPECT_FALSE(ping(*stores->records));
}

TEST_F(LateStoresTest, LettingGoEndsTheTries) {
  {
    const auto stores = open();
    ASSERT_TRUE(stores);
  }
  const int tries = tries_;
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  EXPECT_EQ(tries_, tries);
}

TEST_F(LateStoresTest, WhoWaitsForTheFirstTryIsToldOfTheEnd) {
  slowness_ = std::chrono::milliseconds(500);
  std::thread ending([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    stop_.request_stop();
  });
  const auto stores = open();
  ending.join();
  ASSERT_FALSE(stores);
  EXPECT_EQ(stores.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(tries_, 1);
}

TEST_F(LateStoresTest, NothingIsTriedAfterTheEnd) {
  const auto stores = open();
  ASSERT_TRUE(stores);
  stop_.request_stop();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const int tries = tries_;
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  EXPECT_EQ(tries_, tries);
  EXPECT_EQ(ping(*stores->records).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace longhand::records
