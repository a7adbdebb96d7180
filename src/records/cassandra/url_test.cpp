#include "records/cassandra/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "records/testing.h"

namespace longhand::records::cassandra {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string nothing(const char*) {
  return "";
}

std::string refusal(const std::string& url) {
  const auto parsed = parse_url(url, nothing);
  EXPECT_FALSE(parsed) << url;
  return parsed ? "" : parsed.error().message;
}

TEST(ClusterUrlTest, ReadsHostsKeyspaceAndDefaults) {
  const auto url = parse_url("cassandra://10.0.0.1,db.example:9043/longhand", nothing);
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_THAT(url->hosts, ElementsAre("10.0.0.1", "db.example:9043"));
  EXPECT_EQ(url->keyspace, "longhand");
  EXPECT_EQ(url->consistency, "local_quorum");
  EXPECT_EQ(url->replication.strategy, "NetworkTopologyStrategy");
  EXPECT_FALSE(url->replication.factor);
  EXPECT_EQ(url->retention.count(), 0);
  EXPECT_FALSE(url->tls);
}

TEST(ClusterUrlTest, ReadsEveryOption) {
  const records::testing::TemporaryFolder folder;
  const std::string file = folder.file("password");
  std::ofstream(file) << "geheim\nnot this\n";
  const auto url = parse_url(
      "cassandra://h/k?consistency=quorum&dc=north%20east&replication=SimpleStrategy:2&user=me&"
      "password_file=" +
          file +
          "&tls=1&ca=/ca.pem&cert=/c.pem&key=/k.pem&ttl=30d&deadline=3s&connecting=1m&spool=/var/"
          "spool&spool_mb=5",
      nothing);
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->consistency, "quorum");
  EXPECT_EQ(url->datacenter, "north east");
  EXPECT_EQ(url->replication.strategy, "SimpleStrategy");
  EXPECT_EQ(url->replication.factor, 2);
  EXPECT_EQ(url->user, "me");
  EXPECT_EQ(url->password, "geheim");
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->ca_file, "/ca.pem");
  EXPECT_EQ(url->retention, std::chrono::hours(24 * 30));
  EXPECT_EQ(url->deadline, std::chrono::seconds(3));
  EXPECT_EQ(url->spool, "/var/spool");
  EXPECT_EQ(url->spool_bytes, 5U << 20);
  EXPECT_EQ(url->connecting, std::chrono::minutes(1));
}

TEST(ClusterUrlTest, TakesUserAndPasswordFromTheEnvironment) {
  const auto url = parse_url("cassandra://h/k", [](const char* name) {
    return std::string(name) == "LONGHAND_CASSANDRA_USER" ? "me" : "secret";
  });
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->user, "me");
  EXPECT_EQ(url->password, "secret");
}

TEST(ClusterUrlTest, SaysWhatIsWrong) {
  EXPECT_THAT(refusal("cassandra://me:secret@h/k"), HasSubstr("password_file"));
  EXPECT_THAT(refusal("cassandra:///k"), HasSubstr("no host"));
  EXPECT_THAT(refusal("cassandra://h"), HasSubstr("no keyspace"));
  EXPECT_THAT(refusal("cassandra://h/K"), HasSubstr("small letters"));
  EXPECT_THAT(refusal("cassandra://h/k;drop"), HasSubstr("no keyspace"));
  EXPECT_THAT(refusal("cassandra://h'/k"), HasSubstr("no host"));
  EXPECT_THAT(refusal("cassandra://h/k?consistency=most"), HasSubstr("local_quorum"));
  EXPECT_THAT(refusal("cassandra://h/k?replication=many"), HasSubstr("replication=3"));
  EXPECT_THAT(refusal("cassandra://h/k?ttl=-1"), HasSubstr("30d"));
  EXPECT_THAT(refusal("cassandra://h/k?ttl=99999999999999999999d"), HasSubstr("30d"));
  EXPECT_THAT(refusal("cassandra://h/k?tls=yes"), HasSubstr("0 or 1"));
  EXPECT_THAT(refusal("cassandra://h/k?ca=/ca.pem"), HasSubstr("tls=1"));
  EXPECT_THAT(refusal("cassandra://h/k?tls=1&cert=/c.pem"), HasSubstr("together"));
  EXPECT_THAT(refusal("cassandra://h/k?user=me"), HasSubstr("LONGHAND_CASSANDRA_PASSWORD"));
  EXPECT_THAT(refusal("cassandra://h/k?password_file=/nowhere"), HasSubstr("first line"));
  EXPECT_THAT(refusal("cassandra://h/k?colour=red"), HasSubstr("\"colour\""));
  EXPECT_THAT(refusal("cassandra://h/k?spool_mb=0"), HasSubstr("megabytes"));
}

}  // namespace
}  // namespace longhand::records::cassandra
