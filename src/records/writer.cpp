#include "records/writer.h"

#include <sqlite3.h>

#include <new>

namespace longhand::records {
namespace {

constexpr int kLongLogPages = 16'000;    // 64 MB: readers have kept it from starting over
constexpr int kEmptyLogPatienceMs = 50;  // how long it waits for readers, and writers for it

// Is it the store that failed, rather than what was asked of it?
bool is_of_store(const Error& error) {
  return error.code == ErrorCode::kDiskFull || error.code == ErrorCode::kIo ||
         error.code == ErrorCode::kBusy;
}

int note_log_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

Writer::Writer(std::unique_ptr<Connection> db, const Options& options)
    : options_(options), db_(std::move(db)), queue_(options.queue) {
  sqlite3_wal_hook(db_->handle(), note_log_pages, &log_pages_);
  thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() {
  queue_.close();
  thread_.join();
}

bool Writer::has_written_within(std::chrono::microseconds age) const {
  const auto at = written_at_.load();
  return at != 0 && Clock::now() - Clock::time_point(Clock::duration(at)) <= age;
}

void Writer::loop() {
  for (;;) {
    const auto tasks =
        queue_.pop_all(deleted_in_log_ ? std::optional(options_.empty_log_every) : std::nullopt);
    if (tasks.empty() && queue_.drained()) return;
    if (!tasks.empty()) write(tasks);
    keep_log_short();
  }
}

void Writer::write(Tasks tasks) {
  std::vector<Result<void>> outcomes(tasks.size());
  const auto committed = commit(tasks, outcomes);
  if (!committed && tasks.size() > 1 && committed.error().code != ErrorCode::kBusy) {
    for (std::size_t i = 0; i < tasks.size(); ++i) write(tasks.subspan(i, 1));
    return;
  }
  written_at_ = committed ? Clock::now().time_since_epoch().count() : 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (committed && tasks[i]->traits().deletes) deleted_in_log_ = true;
    tasks[i]->finish(committed ? std::move(outcomes[i]) : committed);
  }
}

// Runs the tasks in one transaction. An error is the transaction's; each task's own is its outcome.
Result<void> Writer::commit(Tasks tasks, std::vector<Result<void>>& outcomes) {
  auto done = db_->exec("BEGIN IMMEDIATE");
  if (!done) return done;
  done = run_all(tasks, outcomes);
  if (done) done = check_in_place();
  if (done) done = db_->exec("COMMIT");
  if (!done && !db_->idle()) static_cast<void>(db_->exec("ROLLBACK"));
  return done;
}

Result<void> Writer::run_all(Tasks tasks, std::vector<Result<void>>& outcomes) {
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    outcomes[i] = run_undoable(*tasks[i]);
    if (!outcomes[i] && (db_->idle() || is_of_store(outcomes[i].error()))) return outcomes[i];
  }
  return {};
}

Result<void> Writer::run_undoable(Task& task) {
  if (auto begun = db_->exec("SAVEPOINT task"); !begun) return begun;
  Result<void> done;
  try {
    done = task.run(*db_);
  } catch (const std::bad_alloc&) {
    done = fail(ErrorCode::kBusy, "the store " + db_->path() + " is out of memory, try again");
  }
  if (done) return db_->exec("RELEASE task");
  if (db_->idle()) return done;  // a grave error: SQLite has rolled all back
  const auto undone = db_->exec("ROLLBACK TO task; RELEASE task");
  return undone ? done : undone;
}

// A file that was moved or deleted under us would still take writes, and nobody would find them.
Result<void> Writer::check_in_place() {
  int moved = 0;
  sqlite3_file_control(db_->handle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  if (moved == 0) return {};
  return fail(ErrorCode::kIo, "the store " + db_->path() +
                                  " was moved or deleted while in use; put it back and restart");
}

void Writer::keep_log_short() {
  const auto now = Clock::now();
  if ((deleted_in_log_ || log_pages_ >= kLongLogPages) && now >= empty_log_after_) {
    if (empty_log()) deleted_in_log_ = false;
    empty_log_after_ = now + options_.empty_log_every;
  } else if (log_pages_ >= options_.checkpoint_pages) {
    // What fails here is tried again after the next transaction; the log keeps everything.
    sqlite3_wal_checkpoint_v2(db_->handle(), "main", SQLITE_CHECKPOINT_PASSIVE, &log_pages_,
                              nullptr);
  }
}

bool Writer::empty_log() {
  sqlite3_busy_timeout(db_->handle(), kEmptyLogPatienceMs);
  const int code = sqlite3_wal_checkpoint_v2(db_->handle(), "main", SQLITE_CHECKPOINT_TRUNCATE,
                                             &log_pages_, nullptr);
  sqlite3_busy_timeout(db_->handle(), kBusyTimeoutMs);
  return code == SQLITE_OK;
}

}  // namespace longhand::records
