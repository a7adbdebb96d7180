#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

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

// Today's migrations and those of a Longhand to come.
std::vector<const char*> all_and(std::initializer_list<const char*> more) {
  std::vector<const char*> all(migrations().begin(), migrations().end());
  all.insert(all.end(), more);
  return all;
}

TEST_F(Migrations, AnOlderStoreIsMigratedAndKeepsItsRecords) {
  const auto records = make_store();
  const auto newer = all_and({kMore});
  SqliteOptions options;
  options.open.migrations = newer;
  const auto stores = open_sqlite_stores(file_, options);
  ASSERT_TRUE(stores) << stores.error().message;
  for (const auto& record : records) {
    expect_same(*content(*stores->records, record.summary.id, owner(1)), record.content);
  }
  ASSERT_TRUE(add(*stores->records, make_record(77)));
  EXPECT_EQ((*open_reader(file_, options.open))->integer("PRAGMA user_version"),
            static_cast<std::int64_t>(newer.size()));
}

TEST_F(Migrations, ANewerStoreIsRefusedAndStaysAsItIs) {
  const auto newer = all_and({kMore});
  SqliteOptions options;
  options.open.migrations = newer;
  ASSERT_TRUE(open_sqlite_stores(file_, options));
  const auto before = bytes_of(file_);
  const auto error = refusal();
  EXPECT_EQ(error.code, ErrorCode::kCorruptStore);
  EXPECT_THAT(
      error.message,
      AllOf(HasSubstr("version " + std::to_string(newer.size())), HasSubstr("newer Longhand"),
            HasSubstr("up to " + std::to_string(migrations().size())), Not(HasSubstr("damaged"))));
  EXPECT_TRUE(bytes_of(file_) == before);
}

TEST_F(Migrations, AMigrationThatFailsLeavesTheOldVersion) {
  const auto records = make_store();
  const auto newer = all_and({kMore, kBroken});
  SqliteOptions options;
  options.open.migrations = newer;
  EXPECT_FALSE(open_sqlite_stores(file_, options));
  const auto stores = open_stores(url());
  ASSERT_TRUE(stores) << stores.error().message;
  EXPECT_TRUE(get(*stores->records, records[0].summary.id, owner(1)));
}

TEST_F(Migrations, AStoreOfTheFirstVersionIsMigratedAndKeepsItsRecords) {
  SqliteOptions first;
  first.open.migrations = migrations().first(1);
  const auto record = make_record(3);
  {
    const auto stores = open_sqlite_stores(file_, first);
    ASSERT_TRUE(stores) << stores.error().message;
    ASSERT_TRUE(add(*stores->records, record));
  }
  const auto stores = open_stores(url());
  ASSERT_TRUE(stores) << stores.error().message;
  expect_same(*content(*stores->records, record.summary.id, owner(1)), record.content);
  EXPECT_TRUE(wait_for<void>(
      [&](auto done) { stores->models->put("digits", "aaaaaaaaaaaa", 7, {std::byte{1}}, done); }));
}

TEST_F(Migrations, AJobOfTheSecondVersionHasNoLostAttempts) {
  SqliteOptions second;
  second.open.migrations = migrations().first(2);
  ASSERT_TRUE(open_sqlite_stores(file_, second));
  run_sql(file_,
          "INSERT INTO jobs (id, state, recipe, worker, progress, error, created_us, updated_us) "
          "VALUES (x'01a20a572799777f9fb54240168ce7e2', 1, 'r', 'one', '{}', '', 1000, 2000)");
  const auto stores = open_stores(url());
  ASSERT_TRUE(stores) << stores.error().message;
  const auto id = *Uuid::parse("01a20a57-2799-777f-9fb5-4240168ce7e2");
  const auto found = wait_for<Job>([&](auto done) { stores->jobs->get(id, done); });
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->recipe, "r");
  EXPECT_EQ(found->worker, "one");
  EXPECT_EQ(found->updated_us, 2000);
  EXPECT_EQ(found->attempts, 0);
  const auto taken = wait_for<std::optional<Job>>(
      [&](auto done) { stores->jobs->claim("two", 3000, done); });
  ASSERT_TRUE(taken && *taken);
  EXPECT_EQ((*taken)->attempts, 1);
}

TEST_F(Migrations, AVersionBelowOneIsNoneOfOurs) {
  make_store(1);
  run_sql(file_, "PRAGMA user_version = -3");
  EXPECT_THAT(refusal().message, HasSubstr("another program"));
}

}  // namespace
}  // namespace longhand::records
