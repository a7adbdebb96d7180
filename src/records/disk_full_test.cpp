// A disk that is full or refuses: the write in question fails with a code that says so, nothing
// that was done is lost, and later writes work when there is room again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "records/crash_vfs.h"
#include "records/sqlite_stores.h"
#include "records/testing.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h
using Failing = CrashVfs::Failing;
using ::testing::HasSubstr;

SqliteOptions options_on(const CrashVfs& disk) {
  SqliteOptions options;
  options.open.vfs = disk.name();
  options.writer.checkpoint_pages = 20;
  return options;
}

struct Fault {
  Failing failing;
  int code;
  ErrorCode answer;
};

class RefusingDisk : public ::testing::TestWithParam<Fault> {};

// The n-th operation is the first that is refused, for every n that the work has.
TEST_P(RefusingDisk, LosesNothingAndRecovers) {
  const auto [failing, code, answer] = GetParam();
  const TemporaryFolder folder;
  CrashVfs disk;
  std::vector<Record> done;
  bool has_failed = true;
  unsigned seed = 0;
  auto stores = open_sqlite_stores(folder.file("store.db"), options_on(disk));
  ASSERT_TRUE(stores) << stores.error().message;
  for (std::size_t n = 0; has_failed; ++n) {
    ASSERT_LT(n, 200U) << "the work must end";
    disk.fail(failing, n, code);
    std::vector<Record> refused;
    for (int i = 0; i < 6; ++i) {
      auto record = make_record(seed += 1, 9000);
      const auto stored = add(*stores->records, record);
      EXPECT_TRUE(stored || stored.error().code == answer) << stored.error().message;
      (stored ? done : refused).push_back(std::move(record));
    }
    has_failed = disk.has_failed();
    disk.fail(Failing::kNone);
    // There is room again.
    for (auto& record : refused) {
      const auto stored = add(*stores->records, record);
      ASSERT_TRUE(stored) << "after failure " << n << ": " << stored.error().message;
      done.push_back(std::move(record));
    }
  }
  for (int round = 0; round < 2; ++round) {
    for (const auto& record : done) {
      const auto found = content(*stores->records, record.summary.id, owner(1));
      ASSERT_TRUE(found) << found.error().message;
      expect_same(*found, record.content);
    }
    stores = {};
    stores = open_sqlite_stores(folder.file("store.db"), options_on(disk));
    ASSERT_TRUE(stores) << stores.error().message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Faults, RefusingDisk,
    ::testing::Values(Fault{Failing::kWrites, SQLITE_FULL, ErrorCode::kDiskFull},
                      Fault{Failing::kGrowing, SQLITE_FULL, ErrorCode::kDiskFull},
                      Fault{Failing::kWrites, SQLITE_IOERR_WRITE, ErrorCode::kIo},
                      Fault{Failing::kSyncs, SQLITE_IOERR_FSYNC, ErrorCode::kIo}));

// Opening a new store on a disk that fills up at any moment of it.
TEST(FullDisk, AStoreThatCouldNotBeMadeIsMadeLater) {
  bool has_failed = true;
  for (std::size_t n = 0; has_failed; ++n) {
    ASSERT_LT(n, 200U) << "opening must end";
    const TemporaryFolder folder;
    CrashVfs disk;
    disk.fail(Failing::kWrites, n);
    auto stores = open_sqlite_stores(folder.file("store.db"), options_on(disk));
    has_failed = disk.has_failed();
    if (!stores) {
      EXPECT_EQ(stores.error().code, ErrorCode::kDiskFull) << stores.error().message;
      EXPECT_THAT(stores.error().message, HasSubstr("full"));
    }
    stores = tl::unexpected(Error{});
    disk.fail(Failing::kNone);
    stores = open_sqlite_stores(folder.file("store.db"), options_on(disk));
    ASSERT_TRUE(stores) << "after failure " << n << ": " << stores.error().message;
    EXPECT_TRUE(add(*stores->records, make_record(1)));
    *stores = {};
  }
}

TEST(FullDisk, IsNamedWithItsStoreAndNoticedByPing) {
  const TemporaryFolder folder;
  CrashVfs disk;
  auto stores = open_sqlite_stores(folder.file("store.db"), options_on(disk));
  ASSERT_TRUE(stores) << stores.error().message;
  EXPECT_TRUE(ping(*stores->records));
  disk.fail(Failing::kWrites);
  const auto stored = add(*stores->records, make_record(2));
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().message,
            "the disk of the store " + folder.file("store.db") + " is full");
  EXPECT_EQ(ping(*stores->records).error().code, ErrorCode::kDiskFull);
  EXPECT_TRUE(list(*stores->records, {.viewer = owner(1)})) << "reading still works";
  disk.fail(Failing::kNone);
  EXPECT_TRUE(ping(*stores->records));
  *stores = {};
}

// A record that is too big for what is left must not take those with it that queued up beside it.
TEST(FullDisk, FailsOnlyWhatDoesNotFit) {
  const TemporaryFolder folder;
  CrashVfs disk;
  auto options = options_on(disk);
  options.writer.checkpoint_pages = 1'000'000;
  auto stores = open_sqlite_stores(folder.file("store.db"), options);
  ASSERT_TRUE(stores) << stores.error().message;
  const auto limit = std::size_t{2} << 20;
  disk.fail(Failing::kBeyond, limit);

  HeldDisk held(disk);  // until all have queued up
  std::atomic<int> small_done = 0, big_refused = 0, others = 0;
  for (unsigned i = 0; i < 30; ++i) {
    const bool is_big = i % 10 == 5;
    auto record = make_record(2 * i, is_big ? 2 * limit : 100);
    stores->records->add(std::move(record), [&, is_big](Result<Stored> stored) {
      if (stored) {
        ++(is_big ? others : small_done);
      } else {
        ++(is_big && stored.error().code == ErrorCode::kDiskFull ? big_refused : others);
      }
    });
  }
  held.let_go();
  *stores = {};
  disk.set_hook({});
  EXPECT_EQ(small_done, 27);
  EXPECT_EQ(big_refused, 3);
  EXPECT_EQ(others, 0);
}

}  // namespace
}  // namespace longhand::records
