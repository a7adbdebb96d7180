#pragma once

// A store's file under test: made, looked at, broken, opened again. Not for the library.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "records/sqlite_stores.h"
#include "records/testing.h"

namespace longhand::records::testing {

inline std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

inline void write_file(const std::string& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

inline unsigned mode_of(const std::string& file) {
  return static_cast<unsigned>(std::filesystem::status(file).permissions() &
                               std::filesystem::perms::all);
}

// Runs SQL on a file as any other program would.
inline void run_sql(const std::string& file, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  sqlite3_free(message);
  sqlite3_close(db);
}

class StoreFile : public ::testing::Test {
 protected:
  // Makes a store with some records and closes it.
  std::vector<Record> make_store(unsigned records = 5) {
    std::vector<Record> made;
    const auto stores = open_stores(url());
    EXPECT_TRUE(stores) << stores.error().message;
    for (unsigned i = 0; i < records; ++i) {
      made.push_back(make_record(i));
      EXPECT_TRUE(add(*stores->records, made.back()));
    }
    return made;
  }
  // The error that opening gives.
  Error refusal() {
    const auto stores = open_stores(url());
    EXPECT_FALSE(stores) << "it was opened";
    return stores ? Error{ErrorCode::kCancelled, ""} : stores.error();
  }
  std::string url() const { return "sqlite:" + file_; }

  TemporaryFolder folder_;
  std::string file_ = folder_.file("store.db");
};

}  // namespace longhand::records::testing
