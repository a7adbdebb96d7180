#include "records/spooling_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "records/memory_disk.h"
#include "records/sqlite_stores.h"
#include "records/testing.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h
using ::testing::HasSubstr;

// A real store that a test can put out of reach, also right after it has taken a record.
class FarStore final : public RecordStore {
 public:
  explicit FarStore(std::shared_ptr<RecordStore> store) : store_(std::move(store)) {}

  void add(Record record, Done<Stored> done) override {
    if (!reachable) return done(gone());
    if (!answers) {
      return store_->add(std::move(record), [done](Result<Stored>) { done(gone()); });
    }
    store_->add(std::move(record), std::move(done));
  }
  void list(const Query& query, Done<Page> done) override {
    reachable ? store_->list(query, std::move(done)) : done(gone());
  }
  void get(const Uuid& id, const Viewer& viewer, Done<Summary> done) override {
    reachable ? store_->get(id, viewer, std::move(done)) : done(gone());
  }
  void content(const Uuid& id, const Viewer& viewer, Done<Content> done) override {
    reachable ? store_->content(id, viewer, std::move(done)) : done(gone());
  }
  void set_label(const Uuid& id, const Viewer& viewer, std::optional<std::string> label,
                 Done<Summary> done) override {
    reachable ? store_->set_label(id, viewer, std::move(label), std::move(done)) : done(gone());
  }
  void remove(const Uuid& id, const Viewer& viewer, Done<void> done) override {
    reachable ? store_->remove(id, viewer, std::move(done)) : done(gone());
  }
  void ping(Done<void> done) override {
    ++pings;
    reachable&& answers ? store_->ping(std::move(done)) : done(gone());
  }

  std::atomic<int> pings{0};
  std::atomic<bool> reachable{true};
  std::atomic<bool> answers{true};  // false: it takes records, and its answers get lost

 private:
  static tl::unexpected<Error> gone() { return fail(ErrorCode::kUnavailable, "it is gone"); }

  std::shared_ptr<RecordStore> store_;
};

class SpoolingStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_stores("sqlite:" + folder_.file("store.db"));
    ASSERT_TRUE(opened) << opened.error().message;
    inner_ = opened->records;
    far_ = std::make_shared<FarStore>(inner_);
    open();
  }
  void open(std::uint64_t most_bytes = 1 << 20) {
    auto spool = Spool::open({folder_.path() / "spool", most_bytes, {}});
    ASSERT_TRUE(spool) << spool.error().message;
    store_ = std::make_unique<SpoolingRecordStore>(
        far_, std::move(*spool),
        SpoolingRecordStore::Options{std::chrono::milliseconds(1), std::chrono::milliseconds(5),
                                     std::chrono::milliseconds(20)});
  }
  // Waits for what the drainer does in its own time.
  void await_pending(std::size_t pending) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (store_->numbers().spool.pending != pending) {
      ASSERT_LT(std::chrono::steady_clock::now(), patience) << "it isn't drained";
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  std::size_t files() const {
    const auto all = std::filesystem::directory_iterator(folder_.path() / "spool");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }
  std::size_t count() {
    return list(*inner_, {.viewer = the_operator(), .limit = 200})->records.size();
  }

  TemporaryFolder folder_;
  std::shared_ptr<RecordStore> inner_;
  std::shared_ptr<FarStore> far_;
  std::unique_ptr<SpoolingRecordStore> store_;
};

TEST_F(SpoolingStoreTest, AStoreInReachTakesAll) {
  const auto record = make_record(2);
  EXPECT_EQ(add(*store_, record), Stored::kDurable);
  expect_same(*get(*store_, record.summary.id, owner(1)), record.summary);
  EXPECT_EQ(store_->numbers().spool.spooled, 0U);
  EXPECT_TRUE(ping(*store_));
  EXPECT_EQ(far_->pings, 0) << "who asks needn't wait for the store: a record finds a place";
}

TEST_F(SpoolingStoreTest, ARecordIsSpooledAnsweredForAndDrained) {
  far_->reachable = false;
  std::vector<Record> records;
  for (unsigned i = 0; i < 100; ++i) {
    records.push_back(make_record(i));
    ASSERT_EQ(add(*store_, records.back()), Stored::kSpooled);
  }
  EXPECT_TRUE(ping(*store_)) << "it still takes records";
  EXPECT_FALSE(store_->numbers().store_reached);
  for (const Record& record : records) {
    const auto& id = record.summary.id;
    expect_same(*get(*store_, id, owner(1)), record.summary);
    expect_same(*content(*store_, id, owner(1)), record.content);
    EXPECT_TRUE(get(*store_, id, the_operator()));
    EXPECT_FALSE(get(*store_, id, owner(2)));
    EXPECT_EQ(set_label(*store_, id, owner(1), "7").error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(remove(*store_, id, owner(1)).error().code, ErrorCode::kUnavailable);
  }
  EXPECT_EQ(list(*store_, {.viewer = owner(1)}).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(count(), 0U);

  far_->reachable = true;
  await_pending(0);
  EXPECT_EQ(count(), records.size());
  for (const Record& record : records) {
    expect_same(*get(*store_, record.summary.id, owner(1)), record.summary);
    expect_same(*content(*inner_, record.summary.id, owner(1)), record.content);
  }
  EXPECT_EQ(add(*store_, make_record(1)), Stored::kDurable);
  store_.reset();
  EXPECT_EQ(files(), 0U) << "a spool with nothing in it goes";
}

TEST_F(SpoolingStoreTest, ALostAnswerMakesNoSecondRecord) {
  far_->answers = false;
  const auto record = make_record(2);
  EXPECT_EQ(add(*store_, record), Stored::kSpooled);
  EXPECT_EQ(count(), 1U) << "the store had taken it";
  far_->answers = true;
  await_pending(0);
  EXPECT_EQ(count(), 1U);
  expect_same(*get(*store_, record.summary.id, owner(1)), record.summary);
}

TEST_F(SpoolingStoreTest, WhoComesNextTakesOverWhatWasLeft) {
  far_->reachable = false;
  const auto record = make_record(3);
  ASSERT_EQ(add(*store_, record), Stored::kSpooled);
  auto other = Spool::open({folder_.path() / "spool", 1 << 20, {}});
  ASSERT_TRUE(other);
  EXPECT_EQ((*other)->numbers().pending, 0U) << "the file has its process";
  store_.reset();
  EXPECT_EQ(files(), 2U);
  (*other)->adopt();
  EXPECT_EQ((*other)->numbers().pending, 1U);
  EXPECT_EQ((*other)->owner_of(record.summary.id), record.summary.owner);
  other->reset();
  far_->reachable = true;
  open();
  await_pending(0);
  EXPECT_EQ(files(), 1U) << "only its own is left";
  expect_same(*get(*inner_, record.summary.id, owner(1)), record.summary);
}

TEST_F(SpoolingStoreTest, AFullSpoolRefusesAndSaysSo) {
  store_.reset();
  open(10'000);
  far_->reachable = false;
  std::size_t kept = 0;
  Result<Stored> stored;
  for (unsigned i = 0; i < 100; ++i) {
    stored = add(*store_, make_record(2, 3000));
    if (!stored) break;
    ++kept;
  }
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(stored.error().message, HasSubstr("limit"));
  EXPECT_GT(kept, 0U);
  EXPECT_FALSE(ping(*store_)) << "nothing takes records now";
  EXPECT_EQ(store_->numbers().spool.refused, 1U);
  far_->reachable = true;
  await_pending(0);
  EXPECT_EQ(count(), kept);
}

TEST_F(SpoolingStoreTest, WhatTheStoreRefusesIsNotSpooled) {
  auto record = make_record(2);
  record.summary.created_us = -1;
  EXPECT_EQ(add(*store_, record).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store_->numbers().spool.spooled, 0U);
}

TEST_F(SpoolingStoreTest, ComesAndGoesUnderLoad) {
  constexpr unsigned kThreads = 4, kEach = 50;
  std::atomic<bool> stop{false};
  std::thread weather([&] {
    std::mt19937 random(1);
    while (!stop) {
      far_->reachable = random() % 2 == 0;
      far_->answers = random() % 3 != 0;
      std::this_thread::sleep_for(std::chrono::milliseconds(random() % 4));
    }
    far_->reachable = far_->answers = true;
  });
  std::vector<std::vector<Record>> records(kThreads);
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < kEach; ++i) {
        records[t].push_back(make_record(t * kEach + i, 500));
        ASSERT_TRUE(add(*store_, records[t].back()));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  stop = true;
  weather.join();
  await_pending(0);
  EXPECT_EQ(count(), std::size_t{kThreads} * kEach);
  for (const auto& mine : records) {
    for (const Record& record : mine) {
      expect_same(*get(*store_, record.summary.id, owner(1)), record.summary);
      expect_same(*content(*store_, record.summary.id, owner(1)), record.content);
    }
  }
}

}  // namespace
}  // namespace longhand::records
