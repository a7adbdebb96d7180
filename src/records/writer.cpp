#include "records/writer.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>

namespace longhand::records {
namespace {

constexpr int kLongLogPages = 16'000;    // 64 MB: readers have kept it from starting over
constexpr int kEmptyLogPatienceMs = 50;  // how long it waits for readers, and writers for it
constexpr int kChunk = 256 << 10;        // by which the file grows
constexpr std::size_t kMostProbed = 1'000'000;

// Is it the store that failed, rather than what was asked of it?
bool is_of_store(const Error& error) {
  return error.code == ErrorCode::kDiskFull || error.code == ErrorCode::kIo ||
         error.code == ErrorCode::kBusy;
}

bool is_full(const Result<void>& done) {
  return !done && done.error().code == ErrorCode::kDiskFull;
}

int note_log_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

Writer::Writer(std::unique_ptr<Connection> db, Reserve reserve, const Options& options)
    : options_(options), db_(std::move(db)), reserve_(std::move(reserve)), queue_(options.queue) {
  int chunk = kChunk;
  sqlite3_file_control(db_->handle(), "main", SQLITE_FCNTL_CHUNK_SIZE, &chunk);
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
    const bool owes = deleted_in_log_ || reserve_.is_given_up();
    const auto tasks =
        queue_.pop_all(owes ? std::optional(options_.empty_log_every) : std::nullopt);
    if (tasks.empty() && queue_.drained()) return;
    if (!tasks.empty()) write(tasks);
    keep_log_short();
    reserve_.make();
  }
}

void Writer::write(Tasks tasks) {
  std::vector<Result<void>> outcomes(tasks.size());
  auto committed =
      commit(tasks, outcomes, reserve_.is_given_up() ? Growth::kRefused : Growth::kAllowed);
  if (!committed && tasks.size() > 1 && committed.error().code != ErrorCode::kBusy) {
    for (std::size_t i = 0; i < tasks.size(); ++i) write(tasks.subspan(i, 1));
    return;
  }
  if (is_full(committed)) committed = commit_on_full_disk(tasks, outcomes);
  note_room(tasks, committed);
  written_at_ = committed ? Clock::now().time_since_epoch().count() : 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (committed && tasks[i]->traits().deletes) deleted_in_log_ = true;
    tasks[i]->finish(committed ? std::move(outcomes[i]) : committed);
  }
}

// Runs the tasks in one transaction. An error is the transaction's; each task's own is its outcome.
Result<void> Writer::commit(Tasks tasks, std::vector<Result<void>>& outcomes, Growth growth) {
  auto done = db_->exec("BEGIN IMMEDIATE");
  if (!done) return done;
  const auto pages = db_->integer("PRAGMA page_count");
  done = pages ? run_all(tasks, outcomes) : tl::unexpected(pages.error());
  if (done) done = check_in_place();
  if (done) done = grow_file(*pages, growth);
  if (done) done = db_->exec("COMMIT");
  if (!done && !db_->idle()) static_cast<void>(db_->exec("ROLLBACK"));
  return done;
}

Result<void> Writer::commit_on_full_disk(Tasks tasks, std::vector<Result<void>>& outcomes) {
  if (empty_log() && !reserve_.is_given_up()) {
    const auto committed = commit(tasks, outcomes, Growth::kAllowed);
    if (!is_full(committed)) return committed;
  }
  reserve_.give_up();
  const auto committed = commit(tasks, outcomes, Growth::kRefused);
  // Before anything else can take its room. Where readers keep the log, that comes later.
  empty_log();
  reserve_.make();
  return committed;
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

// Takes the room in the file that the transaction will need when it leaves the log.
Result<void> Writer::grow_file(std::int64_t pages_before, Growth growth) {
  const auto pages = db_->integer("PRAGMA page_count");
  if (!pages) return tl::unexpected(pages.error());
  if (*pages <= pages_before) return {};
  if (growth == Growth::kRefused) return tl::unexpected(db_->error(SQLITE_FULL));
  const auto page_size = db_->integer("PRAGMA page_size");
  if (!page_size) return tl::unexpected(page_size.error());
  sqlite3_int64 bytes = *pages * *page_size;
  const int code = sqlite3_file_control(db_->handle(), "main", SQLITE_FCNTL_SIZE_HINT, &bytes);
  const bool refused = code == SQLITE_FULL || code == SQLITE_IOERR_WRITE;
  return refused ? tl::unexpected(db_->error(SQLITE_FULL)) : Result<void>();
}

void Writer::note_room(Tasks tasks, const Result<void>& committed) {
  std::size_t bytes = 0;
  for (const auto& task : tasks) bytes += task->traits().bytes;
  if (is_full(committed)) {
    lacking_room_ = std::clamp<std::size_t>(bytes, 1, kMostProbed);
  } else if (committed && bytes >= lacking_room_) {
    lacking_room_ = 0;
  }
}

void Writer::keep_log_short() {
  const auto now = Clock::now();
  const bool owes = deleted_in_log_ || reserve_.is_given_up();
  if ((owes || log_pages_ >= kLongLogPages) && now >= empty_log_after_) {
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
