// What only a cluster has to show; the suites that all stores share are record_store_test.cpp and
// other_stores_test.cpp.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "records/backends.h"
#ifdef LONGHAND_CASSANDRA
#include "records/cassandra/schema.h"
#endif

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ClusterTest : public BackendTest {
 protected:
  Stores open(const std::string& options = "") {
    auto opened = open_stores(url(keyspace_) + options);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened.value_or(Stores{});
  }

  const std::string keyspace_ = unique_keyspace();
};

TEST_P(ClusterTest, SeveralReplicasMakeOneSchemaAtOnce) {
  std::vector<Stores> replicas(4);
  std::vector<std::thread> threads;
  for (Stores& replica : replicas) {
    threads.emplace_back([this, &replica] { replica = open(); });
  }
  for (auto& thread : threads) thread.join();
  for (const Stores& replica : replicas) {
    ASSERT_TRUE(replica.records);
    EXPECT_THAT(replica.warnings, ElementsAre(HasSubstr("keeps 1 copy"))) << "of one node";
  }
  // Whoever made the tables, all have the same ones.
  for (unsigned i = 0; i < replicas.size(); ++i) {
    const auto record = make_record(i);
    ASSERT_TRUE(add(*replicas[i].records, record));
    for (const Stores& other : replicas) {
      const auto found = get(*other.records, record.summary.id, owner(1));
      ASSERT_TRUE(found) << found.error().message;
      expect_same(*found, record.summary);
    }
  }
}

TEST_P(ClusterTest, ForgetsWhatHasLivedItsTime) {
  const Stores stores = open("&ttl=3s");
  const auto record = make_record(2);
  ASSERT_TRUE(add(*stores.records, record));
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (get(*stores.records, record.summary.id, owner(1))) {
    ASSERT_LT(std::chrono::steady_clock::now(), patience) << "it is there for ever";
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  auto old = make_record(4);
  const auto hour_ago = unix_micros() / 1000 - 3'600'000;
  for (std::size_t i = 0; i < 6; ++i) {
    old.summary.id.bytes[i] = static_cast<std::uint8_t>(hour_ago >> (40 - 8 * i) & 0xff);
  }
  EXPECT_TRUE(add(*stores.records, old)) << "it is over, which is no error";
  EXPECT_EQ(get(*stores.records, old.summary.id, owner(1)).error().code, ErrorCode::kNotFound);
}

TEST_P(ClusterTest, ANewerCorrectionComesAfterOneOfAClockThatIsAhead) {
  const Stores stores = open();
  auto record = make_record(2);
  // Its label at the add bears the record's own id, here of tomorrow.
  const auto tomorrow = unix_micros() / 1000 + 86'400'000;
  for (std::size_t i = 0; i < 6; ++i) {
    record.summary.id.bytes[i] = static_cast<std::uint8_t>(tomorrow >> (40 - 8 * i) & 0xff);
  }
  record.summary.label = "first";
  ASSERT_TRUE(add(*stores.records, record));
  EXPECT_EQ(get(*stores.records, record.summary.id, owner(1))->label, "first");
  for (const char* label : {"second", "third"}) {
    ASSERT_TRUE(set_label(*stores.records, record.summary.id, owner(1), label));
    EXPECT_EQ(get(*stores.records, record.summary.id, owner(1))->label, label);
  }
  EXPECT_TRUE(remove(*stores.records, record.summary.id, owner(1)));
  EXPECT_FALSE(get(*stores.records, record.summary.id, owner(1)));
}

TEST_P(ClusterTest, TextThatLooksLikeCqlIsText) {
  const Stores stores = open();
  auto record = make_record(2);
  const std::string hostile = "'; DROP TABLE recognitions; -- \" $$ {ks}";
  record.summary.name = hostile;
  record.summary.reading.text = hostile;
  record.summary.mode = hostile;
  ASSERT_TRUE(add(*stores.records, record));
  EXPECT_EQ(set_label(*stores.records, record.summary.id, owner(1), hostile)->label, hostile);
  const auto page = list(*stores.records, {.viewer = owner(1), .text = hostile});
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->records.size(), 1U);
  EXPECT_EQ(page->records.front().name, hostile);
}

#ifdef LONGHAND_CASSANDRA
TEST_P(ClusterTest, AKeyspaceOfTheSecondVersionIsBroughtUpToDate) {
  const auto where = cassandra::parse_url(url(keyspace_), [](const char*) { return ""; });
  ASSERT_TRUE(where) << where.error().message;
  auto session = cassandra::Session::connect(*where);
  ASSERT_TRUE(session) << session.error().message;
  const auto ask = [&](const std::string& cql) {
    const auto rows = (*session)->query(cql);
    EXPECT_TRUE(rows) << cql << ": " << rows.error().message;
  };
  const auto second = cassandra::migrations().first(2);
  ASSERT_TRUE(cassandra::prepare_schema(**session, *where, second));
  const auto id = make_uuid7();
  ask("INSERT INTO " + keyspace_ +
      ".jobs (id, state, recipe, worker, progress, error, created_us, updated_us) VALUES (" +
      id.to_string() + ", 1, 'r', 'one', '{}', '', 1000, 2000)");
  // Twice: a replica that dies between the step and the note of it leaves the next to repeat it.
  ASSERT_TRUE(cassandra::prepare_schema(**session, *where));
  ask("DELETE FROM " + keyspace_ + ".schema_versions WHERE one = 0 AND version = 3");
  const Stores stores = open();
  ASSERT_TRUE(stores.jobs);
  const auto found = wait_for<Job>([&](auto done) { stores.jobs->get(id, done); });
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->recipe, "r");
  EXPECT_EQ(found->attempts, 0);
  const auto taken = wait_for<std::optional<Job>>(
      [&](auto done) { stores.jobs->claim("two", 3000, done); });
  ASSERT_TRUE(taken && *taken);
  EXPECT_EQ((*taken)->attempts, 1);
  EXPECT_EQ(wait_for<Job>([&](auto done) { stores.jobs->get(id, done); })->attempts, 1);
}
#endif

std::vector<Backend> clusters() {
  auto all = backends();
  std::erase_if(all, [](const Backend& backend) { return !backend.is_cassandra(); });
  return all;
}
INSTANTIATE_TEST_SUITE_P(Stores, ClusterTest, ::testing::ValuesIn(clusters()), name_of);
// Without a node there is nothing to hold them against.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ClusterTest);

#ifdef LONGHAND_CASSANDRA
TEST(ClusterOpenTest, SaysThatNoNodeAnswers) {
  const auto opened = open_stores("cassandra://127.0.0.1:1/k?connecting=2s");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(opened.error().message, HasSubstr("127.0.0.1:1"));
}
#else
TEST(ClusterOpenTest, SaysHowToGetABuildWithCassandra) {
  const auto opened = open_stores("cassandra://127.0.0.1/k");
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("LONGHAND_CASSANDRA=ON"));
}
#endif

}  // namespace
}  // namespace longhand::records
