#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "records/reserve.h"
#include "records/task.h"

namespace longhand::records {

// The one thread that writes to a store. Whatever has queued up while a transaction was being
// synced goes into the next one together: one fsync for all of them, however many they are
// (group commit). A task is told only after its transaction's COMMIT has reached the disk.
//
// A task that fails is undone alone. When the transaction itself comes to nothing (a full disk, a
// refused write), each of its tasks is tried again by itself, so that one that is too big for what
// is left of the disk doesn't take the others with it.
//
// On a full disk the log can't grow, though what it is to hold may need no room in the end: a
// deletion, or a record that fits where another was. Such a transaction is written with the log
// emptied and the reserve given up, which is taken back at once. One that makes the file grow is
// not, since the reserve would be spent on it. The file is grown before a transaction is committed,
// so that moving the log into it never fails for want of room, and the log can always be emptied.
//
// Between transactions it moves the write-ahead log into the file, so that no commit waits for
// that, and empties the log within a second or so of a deletion: what was deleted is then nowhere
// in the store's files.
class Writer {
 public:
  struct Options {
    TaskQueue::Limits queue = {};
    int checkpoint_pages = 1'000;  // of the log, before it is moved into the file
    std::chrono::milliseconds empty_log_every{1'000};  // at most, when something was deleted
  };

  // The connection must be from open_checked().
  Writer(std::unique_ptr<Connection> db, Reserve reserve, const Options& options);
  // Writes and tells what is queued first. Not to be called on the writer's own thread.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  bool push(std::unique_ptr<Task>& task) { return queue_.push(task); }
  // Did the last transaction succeed, at most `age` ago?
  bool has_written_within(std::chrono::microseconds age) const;
  // 0, or how many bytes the disk had no room for, at most a million: until as many were written.
  std::size_t lacking_room() const { return lacking_room_; }

 private:
  enum class Growth { kAllowed, kRefused };  // of the file
  using Clock = std::chrono::steady_clock;
  using Tasks = std::span<const std::unique_ptr<Task>>;

  void loop();
  void write(Tasks tasks);
  Result<void> commit(Tasks tasks, std::vector<Result<void>>& outcomes, Growth growth);
  Result<void> commit_on_full_disk(Tasks tasks, std::vector<Result<void>>& outcomes);
  Result<void> run_all(Tasks tasks, std::vector<Result<void>>& outcomes);
  Result<void> run_undoable(Task& task);
  Result<void> check_in_place();
  Result<void> grow_file(std::int64_t pages_before, Growth growth);
  void note_room(Tasks tasks, const Result<void>& committed);
  void keep_log_short();
  bool empty_log();

  const Options options_;
  std::unique_ptr<Connection> db_;
  Reserve reserve_;
  TaskQueue queue_;
  int log_pages_ = 0;            // length of the write-ahead log after the last commit
  bool deleted_in_log_ = false;  // it may hold what was deleted since
  Clock::time_point empty_log_after_{};
  std::atomic<Clock::rep> written_at_ = 0;  // when the last transaction succeeded; 0: it did not
  std::atomic<std::size_t> lacking_room_ = 0;
  std::thread thread_;
};

}  // namespace longhand::records
