#include "records/schema.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>

namespace longhand::records {
namespace {

namespace fs = std::filesystem;

std::string system_words(int error) {
  return std::generic_category().message(error);
}

// A new name in a folder is on the disk when the folder is.
Result<void> sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  // Some file systems have no fsync of folders; they answer EINVAL.
  if (synced || error == EINVAL) return {};
  return fail(ErrorCode::kIo, "the folder " + folder.string() +
                                  " can't be synced to the disk: " + system_words(error));
}

ErrorCode code_of(const std::error_code& error) {
  return error == std::errc::no_space_on_device ? ErrorCode::kDiskFull : ErrorCode::kIo;
}

Result<void> make_folders(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || fs::is_directory(folder, error)) return {};
  if (auto parent = make_folders(folder.parent_path()); !parent) return parent;
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    const std::error_code why(errno, std::generic_category());
    return fail(code_of(why),
                "the store's folder " + folder.string() + " can't be made: " + why.message());
  }
  return sync_folder(folder.parent_path());
}

// Makes an empty file with our mode where there is none. The mode of SQLite's own files beside it
// (-wal, -shm) follows from it.
Result<void> make_file(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST) return {};
  if (fd < 0) {
    const std::error_code why(errno, std::generic_category());
    return fail(code_of(why), "the store " + path.string() + " can't be made: " + why.message());
  }
  ::close(fd);
  return sync_folder(path.parent_path());
}

Result<void> prepare_place(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (fs::is_directory(status)) {
    return fail(ErrorCode::kIo, "the store " + path.string() + " is a folder; name a file in it, " +
                                    (path / "longhand.db").string());
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return fail(ErrorCode::kIo, "the store " + path.string() + " is no regular file");
  }
  // SQLite would take an emptied file for a new one, and throw away the log that is left of it. (A
  // new store has its first page before it has a log, so the log is looked at first.)
  const std::string log = path.string() + "-wal";
  const bool has_log = fs::exists(log, error) && fs::file_size(log, error) > 0;
  if (has_log && fs::exists(status) && fs::file_size(path, error) == 0) {
    return tl::unexpected(damaged_store(path.string(), "it is empty, but its log is not"));
  }
  if (auto folders = make_folders(path.parent_path()); !folders) return folders;
  return make_file(path);
}

// Whose file is it, and of what version? An empty one is to be ours.
Result<std::int64_t> identify(Connection& db, std::int64_t newest) {
  const auto application = db.integer("PRAGMA application_id");
  if (!application) return tl::unexpected(application.error());
  const auto version = db.integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  const auto tables = db.integer("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tl::unexpected(tables.error());
  if (*application == 0 && *version == 0 && *tables == 0) return 0;
  if (*application != kApplicationId || *version < 1) {
    return fail(ErrorCode::kCorruptStore, db.path() +
                                              " is a database of another program, not a store of "
                                              "Longhand; name another file");
  }
  if (*version > newest) {
    return fail(ErrorCode::kCorruptStore,
                "the store " + db.path() + " has schema version " + std::to_string(*version) +
                    ", made by a newer Longhand; this one knows versions up to " +
                    std::to_string(newest) + "; run the newer one, or name another file");
  }
  return *version;
}

Result<void> run_migrations(Connection& db, std::int64_t from,
                            std::span<const char* const> migrations) {
  for (auto version = from; version < std::ssize(migrations); ++version) {
    auto done = db.exec(migrations[static_cast<std::size_t>(version)]);
    if (!done) return done;
  }
  if (auto done = db.exec("PRAGMA application_id = " + std::to_string(kApplicationId)); !done) {
    return done;
  }
  return db.exec("PRAGMA user_version = " + std::to_string(migrations.size()));
}

// All or nothing; of several programs that open an old store at once, one migrates.
Result<void> migrate(Connection& db, std::span<const char* const> migrations) {
  const auto newest = std::ssize(migrations);
  // In one transaction: another program may be making the store between two questions.
  if (auto begun = db.exec("BEGIN"); !begun) return begun;
  auto version = identify(db, newest);
  if (auto ended = db.exec("COMMIT"); version && !ended) return ended;
  if (!version) return tl::unexpected(version.error());
  if (*version == newest) return {};
  if (auto begun = db.exec("BEGIN IMMEDIATE"); !begun) return begun;
  version = identify(db, newest);  // as it is now that nobody else can write
  Result<void> done = version ? run_migrations(db, *version, migrations)
                              : Result<void>(tl::unexpected(version.error()));
  if (done) done = db.exec("COMMIT");
  if (!done && !db.idle()) static_cast<void>(db.exec("ROLLBACK"));
  return done;
}

Result<void> use_wal(Connection& db) {
  // The switch needs the file for itself and doesn't wait for it as other statements do: while
  // other programs open the same new store, it is tried again.
  constexpr int kTries = 250;
  auto mode = db.text("PRAGMA journal_mode = WAL");
  for (int i = 0; i < kTries && !mode && mode.error().code == ErrorCode::kBusy; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    mode = db.text("PRAGMA journal_mode = WAL");
  }
  if (!mode) return tl::unexpected(mode.error());
  if (*mode == "wal") return {};
  return fail(
      ErrorCode::kIo,
      "the store " + db.path() + " can't use a write-ahead log there; name a file on a local disk");
}

// Interrupts a connection when time is up, unless destroyed before.
class Deadline {
 public:
  Deadline(sqlite3* db, std::chrono::milliseconds limit)
      : thread_([this, db, limit] {
          std::unique_lock lock(mutex_);
          if (!over_.wait_for(lock, limit, [this] { return done_; })) sqlite3_interrupt(db);
        }) {}
  ~Deadline() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    over_.notify_one();
    thread_.join();
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable over_;
  bool done_ = false;
  std::thread thread_;
};

Result<void> check_integrity(Connection& db, std::chrono::milliseconds limit) {
  const Deadline deadline(db.handle(), limit);
  const auto found = db.text("PRAGMA quick_check(1)");
  if (!found && found.error().code == ErrorCode::kCancelled) return {};
  if (!found) return tl::unexpected(found.error());
  if (*found == "ok") return {};
  return tl::unexpected(damaged_store(db.path(), *found));
}

using Objects = std::set<std::string>;

// Type, name and SQL of each table, index, view and trigger that isn't SQLite's own.
Result<Objects> objects_of(Connection& db) {
  Statement list(db,
                 "SELECT type || ' ' || name || ': ' || sql FROM sqlite_schema "
                 "WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'");
  Objects objects;
  for (;;) {
    const auto row = list.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return objects;
    objects.insert(list.text(0));
  }
}

// Every table and index that the migrations make is there, to the letter. Tables of others don't
// matter; their triggers and views are switched off.
Result<void> check_schema(Connection& db, std::span<const char* const> migrations) {
  auto fresh = Connection::open_memory();
  if (!fresh) return tl::unexpected(fresh.error());
  if (auto made = run_migrations(**fresh, 0, migrations); !made) return made;
  const auto wanted = objects_of(**fresh);
  if (!wanted) return tl::unexpected(wanted.error());
  const auto found = objects_of(db);
  if (!found) return tl::unexpected(found.error());
  for (const auto& object : *wanted) {
    if (found->contains(object)) continue;
    const auto name = object.substr(0, object.find(':'));
    return tl::unexpected(damaged_store(db.path(), "its " + name + " is missing or was altered"));
  }
  return {};
}

Result<void> set_up(Connection& db, const OpenOptions& options) {
  if (auto done = migrate(db, options.migrations); !done) return done;
  if (auto done = use_wal(db); !done) return done;
  if (auto done = db.exec("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
                          "PRAGMA cell_size_check = ON; PRAGMA cache_size = -8192;"
                          "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0;"
                          "PRAGMA journal_size_limit = 16777216");
      !done) {
    return done;
  }
  if (auto done = check_integrity(db, options.check_limit); !done) return done;
  return check_schema(db, options.migrations);
}

}  // namespace

Result<std::unique_ptr<Connection>> open_checked(const std::string& path,
                                                 const OpenOptions& options) {
  if (auto placed = prepare_place(path); !placed) return tl::unexpected(placed.error());
  auto db = Connection::open(path, options.vfs, Connection::Access::kReadWrite);
  if (!db) return db;
  if (auto done = set_up(**db, options); !done) {
    return tl::unexpected(done.error());
  }
  return db;
}

Result<std::unique_ptr<Connection>> open_reader(const std::string& path,
                                                const OpenOptions& options) {
  auto db = Connection::open(path, options.vfs, Connection::Access::kReadOnly);
  if (!db) return db;
  if (auto done = (*db)->exec("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY"); !done) {
    return tl::unexpected(done.error());
  }
  return db;
}

}  // namespace longhand::records
