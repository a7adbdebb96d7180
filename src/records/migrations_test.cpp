#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "records/schema.h"
#include "records/store_file.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Migrations = StoreFile;

constexpr const char* kMore = "CREATE TABLE more (x INTEGER NOT NULL) STRICT";
constexpr const char* kBroken = "CREATE TABLE more2 (x); INSERT INTO nowhere VALUES (1)";

TEST_F(Migrations, AnOlderStoreIsMigratedAndKeepsItsRecords) {
  const auto records = make_store();
  const std::array newer = {migrations()[0], kMore};
  SqliteOptions options;
  options.open.migrations = newer;
  const auto stores = open_sqlite_stores(file_, options);
  ASSERT_TRUE(stores) << stores.error().message;
  for (const auto& record : records) {
    expect_same(*content(*stores->records, record.summary.id, owner(1)), record.content);
  }
  ASSERT_TRUE(add(*stores->records, make_record(77)));
  EXPECT_EQ((*open_reader(file_, options.open))->integer("PRAGMA user_version"), 2);
}

TEST_F(Migrations, ANewerStoreIsRefusedAndStaysAsItIs) {
  const std::array newer = {migrations()[0], kMore};
  SqliteOptions options;
  options.open.migrations = newer;
  ASSERT_TRUE(open_sqlite_stores(file_, options));
  const auto before = bytes_of(file_);
  const auto error = refusal();
  EXPECT_EQ(error.code, ErrorCode::kCorruptStore);
  EXPECT_THAT(error.message, AllOf(HasSubstr("version 2"), HasSubstr("newer Longhand"),
                                   HasSubstr("up to 1"), Not(HasSubstr("damaged"))));
  EXPECT_TRUE(bytes_of(file_) == before);
}

TEST_F(Migrations, AMigrationThatFailsLeavesTheOldVersion) {
  const auto records = make_store();
  const std::array newer = {migrations()[0], kMore, kBroken};
  SqliteOptions options;
  options.open.migrations = newer;
  EXPECT_FALSE(open_sqlite_stores(file_, options));
  const auto stores = open_stores(url());
  ASSERT_TRUE(stores) << stores.error().message;
  EXPECT_TRUE(get(*stores->records, records[0].summary.id, owner(1)));
}

TEST_F(Migrations, AVersionBelowOneIsNoneOfOurs) {
  make_store(1);
  run_sql(file_, "PRAGMA user_version = -3");
  EXPECT_THAT(refusal().message, HasSubstr("another program"));
}

}  // namespace
}  // namespace longhand::records
