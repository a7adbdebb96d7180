// A process that is killed in the middle of writing loses nothing that it was told is done.

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
        auto record = make_record(i, 20'000);
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

std::vector<Uuid> ids_said(int from) {
  std::vector<Uuid> ids;
  for (Uuid id; ::read(from, id.bytes.data(), id.bytes.size()) == 16;) ids.push_back(id);
  return ids;
}

TEST(Killed, LosesNothingThatWasDone) {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  std::mt19937 random(1);
  std::size_t total = 0;
  for (int round = 0; round < 12; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) write_until_killed(file, ends[1]);
    ::close(ends[1]);
    std::this_thread::sleep_for(std::chrono::milliseconds(30 + random() % 120));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself, with status " << status;
    const auto ids = ids_said(ends[0]);
    ::close(ends[0]);

    const auto stores = open_stores("sqlite:" + file);
    ASSERT_TRUE(stores) << stores.error().message;
    for (const auto& id : ids) {
      const auto summary = get(*stores->records, id, owner(1));
      ASSERT_TRUE(summary) << summary.error().message;
      const auto wanted = make_record(static_cast<unsigned>(std::stoul(summary->name)), 20'000);
      const auto found = content(*stores->records, id, owner(1));
      ASSERT_TRUE(found) << found.error().message;
      expect_same(*found, wanted.content);
    }
    total += ids.size();
  }
  EXPECT_GT(total, 100U) << "it must be killed while it writes";
}

}  // namespace
}  // namespace longhand::records
