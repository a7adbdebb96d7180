#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"
#include "records/sqlite.h"
#include "records/store.h"

namespace longhand::records {

// Something to do on a connection, and who is to be told.
class Task {
 public:
  struct Traits {
    std::size_t bytes = 0;  // what it holds in memory, roughly
    bool deletes = false;   // takes content away that must not linger
  };

  explicit Task(Traits traits) : traits_(traits) {}
  virtual ~Task() = default;

  // May run again when the transaction that it ran in came to nothing; the last run counts.
  virtual Result<void> run(Connection& db) = 0;
  // Calls the Done; once. `outcome` is that of the transaction or of run().
  virtual void finish(Result<void> outcome) noexcept = 0;
  const Traits& traits() const { return traits_; }

 private:
  Traits traits_;
};

template <typename T>
class TaskOf final : public Task {
 public:
  using Run = std::function<Result<T>(Connection&)>;

  TaskOf(Traits traits, Run run, Done<T> done)
      : Task(traits), run_(std::move(run)), done_(std::move(done)) {}

  Result<void> run(Connection& db) override {
    result_.emplace(run_(db));
    if (!*result_) return tl::unexpected(result_->error());
    return {};
  }
  void finish(Result<void> outcome) noexcept override {
    if (outcome) {
      done_(std::move(*result_));
    } else {
      done_(tl::unexpected(std::move(outcome.error())));
    }
  }

 private:
  Run run_;
  Done<T> done_;
  std::optional<Result<T>> result_;
};

// A queue of tasks with a limit on their number and on the memory that they hold. Thread-safe.
class TaskQueue {
 public:
  struct Limits {
    std::size_t tasks = 1024;
    std::size_t bytes = std::size_t{64} << 20;  // one alone may be bigger
  };

  explicit TaskQueue(Limits limits) : limits_(limits) {}

  // Takes the task, or leaves it with the caller when the queue is full.
  bool push(std::unique_ptr<Task>& task);
  // All that wait, in their order; waits for the first. Empty once closed and drained, or, where a
  // patience is given, when none came in that time.
  std::vector<std::unique_ptr<Task>> pop_all(std::optional<std::chrono::milliseconds> patience);
  // The first; nullptr once closed and drained.
  std::unique_ptr<Task> pop();
  // What waits is still handed out; no pushes may follow.
  void close();
  bool drained();

 private:
  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Task>> tasks_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace longhand::records
