#include "records/sqlite.h"

#include <sqlite3.h>

#include <cerrno>
#include <cmath>
#include <limits>
#include <new>
#include <system_error>

namespace longhand::records {
namespace {

ErrorCode code_of(int sqlite_code, int system_errno) {
  switch (sqlite_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
      return ErrorCode::kBusy;
    case SQLITE_FULL:
      return ErrorCode::kDiskFull;
    case SQLITE_IOERR:
      // EFBIG: a limit on file sizes (ulimit -f), which is a disk too small by another name.
      if (system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG) {
        return ErrorCode::kDiskFull;
      }
      return sqlite_code == SQLITE_IOERR_NOMEM ? ErrorCode::kBusy : ErrorCode::kIo;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS:
      return ErrorCode::kIo;
    case SQLITE_INTERRUPT:
      return ErrorCode::kCancelled;
    case SQLITE_TOOBIG:
      return ErrorCode::kTooLarge;
    default:
      return ErrorCode::kCorruptStore;  // CORRUPT, NOTADB, and tables that are not ours
  }
}

// Why the system refused: SQLite's own note of it, or, since a failed COMMIT leaves none there,
// that of the write-ahead log. 0 when neither knows.
int system_errno(sqlite3* db) {
  if (db == nullptr) return 0;
  if (const int known = sqlite3_system_errno(db); known != 0) return known;
  sqlite3_file* log = nullptr;
  int last = 0;
  if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK ||
      log == nullptr || log->pMethods == nullptr ||
      log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &last) != SQLITE_OK) {
    return 0;
  }
  return last;
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

// What the file itself may make SQLite do: nothing.
void harden(sqlite3* db) {
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
}

}  // namespace

Error damaged_store(const std::string& path, const std::string& what) {
  return {ErrorCode::kCorruptStore,
          "the store " + path + " is damaged: " + one_line(what) +
              "; keep the file, and restore a backup or save what can be read as in docs/store.md"};
}

void Connection::Close::operator()(sqlite3* db) const {
  sqlite3_close_v2(db);
}
void Connection::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, const char* vfs,
                                                     Access access) {
  auto connection = open(path, vfs, SQLITE_OPEN_READWRITE);
  if (!connection) return connection;
  if (sqlite3_db_readonly((*connection)->handle(), "main") != 0) {
    return fail(ErrorCode::kIo, "the store " + path + " can't be written: the file is read-only");
  }
  // A reader of a WAL file still writes its shared index, so read-only is a promise, not a mode.
  if (access == Access::kReadOnly) {
    if (auto done = (*connection)->exec("PRAGMA query_only = ON"); !done) {
      return tl::unexpected(done.error());
    }
  }
  return connection;
}

Result<std::unique_ptr<Connection>> Connection::open_memory() {
  return open(":memory:", nullptr, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, const char* vfs,
                                                     int flags) {
  std::unique_ptr<Connection> connection(new Connection);
  connection->path_ = path;
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, vfs);
  connection->db_.reset(db);
  if (code != SQLITE_OK) return tl::unexpected(connection->error(code));
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, kBusyTimeoutMs);
  harden(db);
  return connection;
}

Result<void> Connection::exec(const std::string& sql) {
  const int code = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(error(code));
  return {};
}

Result<std::int64_t> Connection::integer(const std::string& sql) {
  Statement statement(*this, sql);
  const auto row = statement.step();
  if (!row) return tl::unexpected(row.error());
  const std::int64_t value = *row ? statement.integer(0) : 0;
  if (!*row || !statement.well_typed()) return tl::unexpected(error(SQLITE_CORRUPT));
  return value;
}

Result<std::string> Connection::text(const std::string& sql) {
  Statement statement(*this, sql);
  const auto row = statement.step();
  if (!row) return tl::unexpected(row.error());
  std::string value = *row ? statement.text(0) : std::string();
  if (!*row || !statement.well_typed()) return tl::unexpected(error(SQLITE_CORRUPT));
  return value;
}

bool Connection::idle() const {
  return sqlite3_get_autocommit(db_.get()) != 0;
}
int Connection::changes() const {
  return sqlite3_changes(db_.get());
}

Error Connection::error(int code) const {
  const auto kind = code_of(code, system_errno(db_.get()));
  std::string what = one_line(sqlite3_errstr(code));
  if (db_ && sqlite3_extended_errcode(db_.get()) == code)
    what = one_line(sqlite3_errmsg(db_.get()));
  if (code == SQLITE_NOTADB) {
    return {kind, path_ + " is no store of Longhand: " + what + "; name another file"};
  }
  switch (kind) {
    case ErrorCode::kCorruptStore:
      return damaged_store(path_, what);
    case ErrorCode::kDiskFull:
      return {kind, "the disk of the store " + path_ + " is full"};
    case ErrorCode::kBusy:
      return {kind, "the store " + path_ + " is busy: " + what};
    default:
      break;
  }
  // Where the system said why, its words tell more than SQLite's.
  const int why = system_errno(db_.get());
  if (why != 0) what += " (" + std::generic_category().message(why) + ")";
  return {kind, "the store " + path_ + ": " + what};
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection) {
  auto found = connection.statements_.find(sql);
  if (found == connection.statements_.end()) {
    sqlite3_stmt* statement = nullptr;
    note(sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                            SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    if (statement == nullptr) return;
    found = connection.statements_.emplace(sql, statement).first;
  }
  statement_ = found->second.get();
}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Statement::note(int code) {
  if (code_ == SQLITE_OK) code_ = code;
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  if (statement_ != nullptr) note(sqlite3_bind_int64(statement_, parameter, value));
  return *this;
}

Statement& Statement::bind(int parameter, double value) {
  if (statement_ != nullptr) note(sqlite3_bind_double(statement_, parameter, value));
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  const char* data = text.empty() ? "" : text.data();  // a null pointer would bind NULL
  if (statement_ != nullptr) {
    note(sqlite3_bind_text64(statement_, parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  return *this;
}

Statement& Statement::bind(int parameter, std::span<const std::byte> blob) {
  const void* data = blob.empty() ? static_cast<const void*>("") : blob.data();
  if (statement_ != nullptr) {
    note(sqlite3_bind_blob64(statement_, parameter, data, blob.size(), SQLITE_STATIC));
  }
  return *this;
}

Statement& Statement::bind(int parameter, std::span<const std::uint8_t> blob) {
  return bind(parameter, std::as_bytes(blob));
}

Statement& Statement::bind_null(int parameter) {
  if (statement_ != nullptr) note(sqlite3_bind_null(statement_, parameter));
  return *this;
}

Result<bool> Statement::step() {
  if (code_ != SQLITE_OK) return tl::unexpected(connection_.error(code_));
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return tl::unexpected(connection_.error(code));
}

Result<void> Statement::run() {
  const auto row = step();
  if (!row) return tl::unexpected(row.error());
  return {};
}

bool Statement::has_type(int column, int type) {
  if (sqlite3_column_type(statement_, column) == type) return true;
  well_typed_ = false;
  return false;
}

bool Statement::null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) {
  return has_type(column, SQLITE_INTEGER) ? sqlite3_column_int64(statement_, column) : 0;
}

float Statement::real(int column) {
  if (!has_type(column, SQLITE_FLOAT)) return 0;
  const double value = sqlite3_column_double(statement_, column);
  if (!(std::abs(value) <= double{std::numeric_limits<float>::max()})) well_typed_ = false;
  return well_typed_ ? static_cast<float>(value) : 0;
}

std::string Statement::text(int column) {
  if (!has_type(column, SQLITE_TEXT)) return {};
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (data == nullptr) throw std::bad_alloc();
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::string> Statement::optional_text(int column) {
  if (null(column)) return std::nullopt;
  return text(column);
}

std::span<const std::byte> Statement::blob(int column) {
  if (!has_type(column, SQLITE_BLOB)) return {};
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

}  // namespace longhand::records
