#include <cstdlib>
#include <filesystem>
#include <memory>
#include <utility>

#include "records/cassandra/open.h"
#include "records/cassandra/url.h"
#include "records/sqlite_store.h"
#include "records/sqlite_stores.h"

namespace longhand::records {
namespace {

// The file and all that works on it. Members go in reverse: the stores, then the readers, then the
// writer, which closes the file last.
struct SqliteFile {
  SqliteFile(std::unique_ptr<Connection> db, Reserve reserve,
             std::vector<std::unique_ptr<Connection>> connections, const SqliteOptions& options)
      : writer(std::move(db), std::move(reserve), options.writer),
        readers(std::move(connections), options.reads) {}

  Writer writer;
  Readers readers;
  SqliteRecordStore records{writer, readers};
  SqliteModelStore models{writer, readers};
  SqliteJobStore jobs{writer, readers};
};

constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kCassandra = "cassandra:";

Result<void> check_path(const std::string& path) {
  if (!path.empty() && path.find('\0') == std::string::npos) return {};
  return fail(ErrorCode::kInvalidArgument,
              "a store needs the path of its file, as in sqlite:/var/lib/longhand/longhand.db");
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Result<Stores> open_sqlite_stores(const std::string& path, const SqliteOptions& options) {
  if (auto named = check_path(path); !named) return tl::unexpected(named.error());
  // Absolute, so that no name means anything special to SQLite.
  std::error_code error;
  const std::string file = std::filesystem::absolute(path, error).lexically_normal().string();
  if (error) return fail(ErrorCode::kIo, "the store " + path + ": " + error.message());

  Reserve reserve(file, options.reserve_bytes);
  auto writer = open_checked(file, options.open);
  if (!writer && writer.error().code == ErrorCode::kDiskFull) {
    reserve.give_up();  // opening takes a little room itself, for the index of the log
    writer = open_checked(file, options.open);
  }
  if (!writer) return tl::unexpected(writer.error());
  std::vector<std::unique_ptr<Connection>> readers;
  for (std::size_t i = 0; i < options.readers; ++i) {
    auto reader = open_reader(file, options.open);
    if (!reader) return tl::unexpected(reader.error());
    readers.push_back(std::move(*reader));
  }
  const auto all = std::make_shared<SqliteFile>(std::move(*writer), std::move(reserve),
                                                std::move(readers), options);
  return Stores{{all, &all->records}, {all, &all->models}, {all, &all->jobs}};
}

Result<void> check_store_url(const std::string& url) {
  if (url.starts_with(kSqlite)) return check_path(url.substr(kSqlite.size()));
  if (url.starts_with(kCassandra)) {
    const auto parsed = cassandra::parse_url(url, variable);
    return parsed ? Result<void>() : tl::unexpected(parsed.error());
  }
  return fail(ErrorCode::kInvalidArgument,
              "\"" + url +
                  "\" names no store; a store is sqlite:PATH, the path of its file, or "
                  "cassandra://HOST/KEYSPACE");
}

Result<Stores> open_stores(const std::string& url, OutOfReach out_of_reach, std::stop_token stop) {
  if (url.starts_with(kSqlite)) return open_sqlite_stores(url.substr(kSqlite.size()));
  if (url.starts_with(kCassandra)) {
    return cassandra::open_cassandra_stores(url, out_of_reach, std::move(stop));
  }
  return tl::unexpected(check_store_url(url).error());
}

}  // namespace longhand::records
