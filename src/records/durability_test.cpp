// Recorded means durable: what a store has called done survives a loss of power at any moment.
// The disk of crash_vfs.h tells what would be left; kill_test.cpp does it with kill -9.

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "records/crash_vfs.h"
#include "records/sqlite_stores.h"
#include "records/testing.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h

// How far each record has come. Asked, but not done, may be on the disk or not.
struct Progress {
  std::shared_ptr<const Record> record;
  bool added = false;
  bool label_asked = false, labelled = false;
  bool removal_asked = false, removed = false;
};

class Ledger {
 public:
  using Entries = std::map<Uuid, Progress>;

  template <typename Change>
  void note(const Uuid& id, Change change) {
    const std::lock_guard lock(mutex_);
    change(entries_[id]);
  }
  Entries copy() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

 private:
  mutable std::mutex mutex_;
  Entries entries_;
};

// The disk at some moment; what had been done before it, and what had been asked by then.
struct Moment {
  Ledger::Entries done;
  DiskImage image;
  Ledger::Entries asked;
};

constexpr auto kLabel = "corrected";

// Adds records one after the other, corrects some and removes some.
void write_records(RecordStore& store, Ledger& ledger, unsigned first, unsigned count) {
  for (unsigned i = first; i < first + count; ++i) {
    const auto record = std::make_shared<const Record>(make_record(i, 100 + 700 * (i % 20)));
    const auto id = record->summary.id;
    ledger.note(id, [&](Progress& p) { p.record = record; });
    if (!add(store, *record)) continue;
    ledger.note(id, [](Progress& p) { p.added = true; });
    if (i % 3 == 0) {
      ledger.note(id, [](Progress& p) { p.label_asked = true; });
      if (!set_label(store, id, owner(1), kLabel)) continue;
      ledger.note(id, [](Progress& p) { p.labelled = true; });
    }
    if (i % 4 == 0) {
      ledger.note(id, [](Progress& p) { p.removal_asked = true; });
      if (!remove(store, id, owner(1))) continue;
      ledger.note(id, [](Progress& p) { p.removed = true; });
    }
  }
}

// A store whose log is moved into the file often, so that moments fall into that too.
SqliteOptions busy_options(const CrashVfs& disk) {
  SqliteOptions options;
  options.open.vfs = disk.name();
  options.writer.checkpoint_pages = 30;
  options.writer.empty_log_every = std::chrono::milliseconds(5);
  return options;
}

// Runs four writers on the disk and catches moments of it, from before the file was made.
std::vector<Moment> moments_of_a_store(CrashVfs& disk, const std::string& file, unsigned seed) {
  constexpr std::size_t kMoments = 12;
  Ledger ledger;
  std::vector<Moment> moments;
  std::mutex mutex;
  std::mt19937 random(seed);
  unsigned until_next = 1 + random() % 20;
  disk.set_hook([&] {
    const std::lock_guard lock(mutex);
    if (moments.size() >= kMoments || --until_next > 0) return;
    until_next = 1 + random() % (moments.size() < 3 ? 20 : 150);
    auto done = ledger.copy();
    auto image = disk.image();
    moments.push_back({std::move(done), std::move(image), ledger.copy()});
  });
  auto stores = open_sqlite_stores(file, busy_options(disk));
  EXPECT_TRUE(stores) << stores.error().message;
  std::vector<std::thread> writers;
  for (unsigned t = 0; t < 4 && stores; ++t) {
    writers.emplace_back([&, t] { write_records(*stores->records, ledger, 1000 * t, 25); });
  }
  for (auto& writer : writers) writer.join();
  {
    // The store may still be at work on its log.
    const std::lock_guard lock(mutex);
    auto done = ledger.copy();
    auto image = disk.image();
    moments.push_back({std::move(done), std::move(image), ledger.copy()});
  }
  stores = {};
  disk.set_hook({});
  return moments;
}

// What is missing or wrong of one record, in words; empty when all is well.
std::string fault_of(RecordStore& store, const Progress& done, const Progress& asked) {
  const auto& record = *asked.record;
  const auto summary = get(store, record.summary.id, owner(1));
  if (!summary && summary.error().code != ErrorCode::kNotFound) return summary.error().message;
  if (done.removed) return summary ? "a removed record is back" : "";
  if (!summary) return done.added && !asked.removal_asked ? "a record is lost" : "";
  const bool may_be_plain = !done.labelled, may_be_labelled = asked.label_asked;
  if (!(summary->label == std::nullopt && may_be_plain) &&
      !(summary->label == kLabel && may_be_labelled)) {
    return "a label is " + summary->label.value_or("lost");
  }
  const auto found = content(store, record.summary.id, owner(1));
  if (!found) return found.error().message;
  if (record.content.strokes) {
    if (found->strokes) expect_same(*found->strokes, *record.content.strokes);
    if (!found->strokes) return "the strokes are lost";
  }
  if (record.content.picture &&
      (!found->picture || found->picture->bytes != record.content.picture->bytes)) {
    return "the picture is lost";
  }
  return found->glyphs == record.content.glyphs ? "" : "the glyphs are lost";
}

// Opens what is left at a moment and compares.
std::vector<std::string> faults_at(const Moment& moment, Loss loss, std::mt19937& random,
                                   const std::filesystem::path& folder) {
  write_after_power_loss(moment.image, loss, random, folder);
  const auto stores = open_stores("sqlite:" + (folder / "store.db").string());
  if (!stores) return {stores.error().message};
  std::vector<std::string> faults;
  for (const auto& [id, asked] : moment.asked) {
    const auto done = moment.done.find(id);
    auto fault =
        fault_of(*stores->records, done == moment.done.end() ? Progress{} : done->second, asked);
    if (!fault.empty()) faults.push_back(std::move(fault));
  }
  auto db =
      Connection::open((folder / "store.db").string(), nullptr, Connection::Access::kReadOnly);
  const auto check = (*db)->text("PRAGMA integrity_check");
  if (!check || *check != "ok") faults.push_back(check ? *check : check.error().message);
  return faults;
}

class PowerLoss : public ::testing::TestWithParam<unsigned> {};

TEST_P(PowerLoss, LosesNothingThatWasDone) {
  const TemporaryFolder folder;
  CrashVfs disk;
  const auto moments = moments_of_a_store(disk, folder.file("store.db"), GetParam());
  ASSERT_GT(moments.size(), 8U);
  std::mt19937 random(GetParam());
  for (std::size_t i = 0; i < moments.size(); ++i) {
    for (const auto loss :
         {Loss::kEverything, Loss::kNothing, Loss::kTheLast, Loss::kAnything, Loss::kAnything}) {
      const auto faults = faults_at(moments[i], loss, random, folder.path() / "after");
      EXPECT_TRUE(faults.empty()) << faults.size() << " faults at moment " << i << ", loss "
                                  << static_cast<int>(loss) << ": " << faults.front();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, PowerLoss, ::testing::Range(0U, 8U));

// Would the test above notice? On a disk that only says that it has synced, it must.
TEST(PowerLossTest, NoticesADiskThatLies) {
  const TemporaryFolder folder;
  CrashVfs disk;
  disk.lie_about_syncs();
  const auto moments = moments_of_a_store(disk, folder.file("store.db"), 1);
  std::mt19937 random(1);
  const auto faults = faults_at(moments.back(), Loss::kEverything, random, folder.path() / "after");
  EXPECT_FALSE(faults.empty());
}

TEST(GroupCommit, OneSyncForAllThatQueuedUpDuringTheLast) {
  const TemporaryFolder folder;
  CrashVfs disk;
  SqliteOptions options;
  options.open.vfs = disk.name();
  options.writer.checkpoint_pages = 1'000'000;  // only the commits' own syncs are counted
  auto stores = open_sqlite_stores(folder.file("store.db"), options);
  ASSERT_TRUE(stores) << stores.error().message;
  ASSERT_TRUE(add(*stores->records, make_record(0)));

  HeldDisk next(disk);
  constexpr int kRecords = 500;
  std::atomic<int> done = 0;
  std::promise<void> all_done;
  const auto count = [&](Result<Stored> stored) {
    EXPECT_TRUE(stored);
    if (++done == kRecords) all_done.set_value();
  };
  stores->records->add(make_record(1), count);
  next.wait_until_held();
  for (unsigned i = 2; i <= kRecords; ++i) stores->records->add(make_record(i, 200), count);
  EXPECT_EQ(done, 0) << "nothing is done before it is synced";
  next.let_go();
  all_done.get_future().wait();
  EXPECT_EQ(next.syncs_since(), 2U) << "one for the first record, one for the 499 others";
  stores = {};
  disk.set_hook({});
}

// One writer that waits for each answer has nothing to share: a sync a record, not fewer.
TEST(GroupCommit, NothingIsDoneWithoutASync) {
  const TemporaryFolder folder;
  CrashVfs disk;
  SqliteOptions options;
  options.open.vfs = disk.name();
  auto stores = open_sqlite_stores(folder.file("store.db"), options);
  ASSERT_TRUE(stores) << stores.error().message;
  ASSERT_TRUE(add(*stores->records, make_record(0)));
  const auto before = disk.syncs();
  for (unsigned i = 1; i <= 10; ++i) ASSERT_TRUE(add(*stores->records, make_record(i)));
  EXPECT_GE(disk.syncs() - before, 10U);
}

TEST(GroupCommit, RefusesAtOnceWhatWouldNotFitTheQueue) {
  const TemporaryFolder folder;
  CrashVfs disk;
  SqliteOptions options;
  options.open.vfs = disk.name();
  options.writer.queue = {.tasks = 10, .bytes = 100'000};
  auto stores = open_sqlite_stores(folder.file("store.db"), options);
  ASSERT_TRUE(stores) << stores.error().message;

  HeldDisk held(disk);
  std::atomic<int> stored = 0, refused = 0;
  const auto count = [&](Result<Stored> result) {
    ++(result ? stored : refused);
    if (!result) {
      EXPECT_EQ(result.error().code, ErrorCode::kBusy) << result.error().message;
    }
  };
  stores->records->add(make_record(1), count);
  held.wait_until_held();
  stores->records->add(make_record(2, 90'000), count);
  EXPECT_EQ(refused, 0);
  stores->records->add(make_record(4, 90'000), count);
  EXPECT_EQ(refused, 1) << "too many bytes";
  for (unsigned i = 0; i < 20; ++i) stores->records->add(make_record(2 * i, 1), count);
  EXPECT_GE(refused, 1 + 11) << "too many";
  held.let_go();
  stores = {};
  EXPECT_EQ(stored + refused, 23);
  EXPECT_GE(stored, 3);
  disk.set_hook({});
}

}  // namespace
}  // namespace longhand::records
