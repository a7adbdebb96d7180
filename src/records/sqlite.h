#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

// A thin hold on SQLite's C API: handles that close themselves, errors as values.

struct sqlite3;
struct sqlite3_stmt;

namespace longhand::records {

// How long a connection waits for another program's transaction (a backup, the command line beside
// a server) before it is kBusy.
inline constexpr int kBusyTimeoutMs = 5'000;

// kCorruptStore that says what is damaged and what to do about it.
Error damaged_store(const std::string& path, const std::string& what);

// One connection to a store's file. To be used by one thread at a time.
class Connection {
 public:
  enum class Access { kReadWrite, kReadOnly };

  // Opens an existing file, hardened against hostile schemas; `vfs` nullptr for the system's files.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, const char* vfs,
                                                  Access access);
  // An empty database in memory.
  static Result<std::unique_ptr<Connection>> open_memory();
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs statements that give no rows.
  Result<void> exec(const std::string& sql);
  // The first column of the first row; kCorruptStore when there is none.
  Result<std::int64_t> integer(const std::string& sql);
  Result<std::string> text(const std::string& sql);

  // In no transaction: none was begun, or SQLite has rolled it back itself.
  bool idle() const;
  int changes() const;
  sqlite3* handle() { return db_.get(); }
  const std::string& path() const { return path_; }

  // What SQLite's result code stands for, with its own words about the last error here.
  Error error(int code) const;

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* db) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  Connection() = default;
  static Result<std::unique_ptr<Connection>> open(const std::string& path, const char* vfs,
                                                  int flags);

  std::string path_;
  std::unique_ptr<sqlite3, Close> db_;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> statements_;
};

// One use of a statement, which is compiled once per connection. Errors of compiling and binding
// come out of step(). Not to be used twice at once with the same SQL on one connection.
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Parameters from 1. Texts and blobs are not copied: they must stay until the last step().
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, double value);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, std::span<const std::byte> blob);
  Statement& bind(int parameter, std::span<const std::uint8_t> blob);
  Statement& bind_null(int parameter);

  // To the next row; false after the last.
  Result<bool> step();
  // For statements that give no rows.
  Result<void> run();

  // Columns of the row, from 0. A column of another type than asked for reads as 0 or empty and
  // makes the row no longer well_typed(): the file is not trusted. Spans last until the next step.
  bool null(int column) const;
  std::int64_t integer(int column);
  float real(int column);  // must be finite
  std::string text(int column);
  std::optional<std::string> optional_text(int column);
  std::span<const std::byte> blob(int column);
  bool well_typed() const { return well_typed_; }

 private:
  void note(int code);
  bool has_type(int column, int type);

  Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
  int code_ = 0;  // the first failure of compiling or binding
  bool well_typed_ = true;
};

}  // namespace longhand::records
