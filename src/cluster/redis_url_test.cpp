#include "cluster/redis_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace longhand::cluster {
namespace {

using ::testing::HasSubstr;

TEST(RedisUrl, ReadsAllItsParts) {
  const auto address = parse_redis_url("redis://me:p%40ss%2Fword@redis.example:7000/3");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->user, "me");
  EXPECT_EQ(address->password, "p@ss/word");
  EXPECT_EQ(address->host, "redis.example");
  EXPECT_EQ(address->port, 7000);
  EXPECT_EQ(address->database, 3);
  EXPECT_EQ(address->to_string(), "redis://redis.example:7000/3");
}

TEST(RedisUrl, FillsInWhatIsLeftOut) {
  for (const char* url : {"redis://10.0.0.1", "redis://10.0.0.1/", "redis://10.0.0.1:6379/0"}) {
    const auto address = parse_redis_url(url);
    ASSERT_TRUE(address) << url;
    EXPECT_EQ(address->to_string(), "redis://10.0.0.1:6379/0");
    EXPECT_EQ(address->password, "");
  }
}

TEST(RedisUrl, TakesPasswordsWithoutUserAndIpv6) {
  const auto address = parse_redis_url("redis://:secret/1@[::1]:7001");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->user, "");
  EXPECT_EQ(address->password, "secret/1");
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(address->to_string(), "redis://[::1]:7001/0");
}

TEST(RedisUrl, RefusesWhatMakesNoSense) {
  for (const char* url : {"", "redis://", "redis://:6379", "redis://h:0", "redis://h:65536",
                          "redis://h:x", "redis://h:-1", "redis://h/x", "redis://h/-1",
                          "redis://secret@h", "redis://:a%2@h", "redis://[::1", "redis://[::1]x",
                          "redis://[[]", "redis://a]b", "redis://a b", "http://h", "h:6379"}) {
    const auto address = parse_redis_url(url);
    ASSERT_FALSE(address) << url;
    EXPECT_EQ(address.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(address.error().message, HasSubstr("redis://:password@host:6379/0"));
  }
}

TEST(RedisUrl, SaysThatThereIsNoTls) {
  const auto address = parse_redis_url("rediss://h");
  ASSERT_FALSE(address);
  EXPECT_THAT(address.error().message, HasSubstr("TLS"));
}

}  // namespace
}  // namespace longhand::cluster
