// Other processes: one that is killed in the middle of writing loses nothing that it was told is
// done, and one that reads beside another gets in nobody's way.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <thread>
#include <vector>

#include "records/sqlite_stores.h"
#include "records/testing.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h

// Adds records as fast as it can, as several clients at once, and says each id that is done.
[[noreturn]] void write_until_killed(const std::string& file, int to) {
  const auto stores = open_stores("sqlite:" + file);
  if (!stores) ::_exit(1);
  std::vector<std::thread> writers;
  for (unsigned t = 0; t < 4; ++t) {
    writers.emplace_back([&, t] {
      for (unsigned i = t;; i += 4) {
        auto record = make_record(i, 5'000);
        record.summary.name = std::to_string(i);  // from which it can be made again
        const auto id = record.summary.id;
        if (!add(*stores->records, std::move(record))) ::_exit(1);
        if (::write(to, id.bytes.data(), id.bytes.size()) < 0) ::_exit(1);
      }
    });
  }
  writers[0].join();
  ::_exit(1);
}

// Reads ids until there are `enough`, or no more.
void read_ids(int from, std::size_t enough, std::vector<Uuid>& ids) {
  Uuid id;
  while (ids.size() < enough && ::read(from, id.bytes.data(), id.bytes.size()) == 16) {
    ids.push_back(id);
  }
}

TEST(Killed, LosesNothingThatWasDone) {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  std::mt19937 random(1);
  for (int round = 0; round < 12; ++round) {
    // Four times the same store, then a new one: the place may be small.
    if (round % 4 == 0) std::filesystem::remove(file);
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();  // this process has no threads now
    if (child == 0) write_until_killed(file, ends[1]);
    ::close(ends[1]);
    // In the midst of it, however slow the machine is.
    std::vector<Uuid> ids;
    read_ids(ends[0], 4 + random() % 100, ids);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 5'000));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself, with status " << status;
    read_ids(ends[0], SIZE_MAX, ids);
    ::close(ends[0]);

    const auto stores = open_stores("sqlite:" + file);
    ASSERT_TRUE(stores) << stores.error().message;
    for (const auto& id : ids) {
      const auto summary = get(*stores->records, id, owner(1));
      ASSERT_TRUE(summary) << summary.error().message;
      const auto wanted = make_record(static_cast<unsigned>(std::stoul(summary->name)), 5'000);
      const auto found = content(*stores->records, id, owner(1));
      ASSERT_TRUE(found) << found.error().message;
      expect_same(*found, wanted.content);
    }
    EXPECT_GE(ids.size(), 4U);
  }
}

// What another process does with a store that is being served: waits for a sign, then counts the
// records, adds one, and says how many it saw.
[[noreturn]] void visit(const std::string& file, int sign, int to) {
  char go = 0;
  if (::read(sign, &go, 1) != 1) ::_exit(1);
  const auto stores = open_stores("sqlite:" + file);
  if (!stores) ::_exit(2);
  const auto page = list(*stores->records, {.viewer = the_operator(), .limit = 200});
  if (!page || !add(*stores->records, make_record(1))) ::_exit(3);
  const std::size_t count = page->records.size();
  ::_exit(::write(to, &count, sizeof count) == sizeof count ? 0 : 4);
}

TEST(TwoProcesses, ReadAndWriteOneStoreAtOnce) {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  int sign[2], answer[2];
  ASSERT_EQ(::pipe(sign), 0);
  ASSERT_EQ(::pipe(answer), 0);
  const pid_t child = ::fork();  // before this process has threads
  if (child == 0) {
    ::close(sign[1]);
    visit(file, sign[0], answer[1]);
  }

  const auto stores = open_stores("sqlite:" + file);
  ASSERT_TRUE(stores) << stores.error().message;
  for (unsigned i = 0; i < 20; ++i) ASSERT_TRUE(add(*stores->records, make_record(i)));
  ASSERT_EQ(::write(sign[1], "x", 1), 1);
  for (unsigned i = 0; i < 100; ++i) ASSERT_TRUE(add(*stores->records, make_record(i)));
  std::size_t seen = 0;
  ASSERT_EQ(::read(answer[0], &seen, sizeof seen), static_cast<ssize_t>(sizeof seen));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  for (const int end : {sign[0], sign[1], answer[0], answer[1]}) ::close(end);
  EXPECT_GE(seen, 20U);
  ASSERT_TRUE(add(*stores->records, make_record(1))) << "the writer goes on";
  const auto page = list(*stores->records, {.viewer = the_operator(), .limit = 200});
  EXPECT_EQ(page->records.size(), 122U) << "with the other's record among them";
}

}  // namespace
}  // namespace longhand::records
