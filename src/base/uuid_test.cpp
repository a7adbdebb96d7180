#include "base/uuid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

namespace longhand {
namespace {

// The example of RFC 9562, appendix A.6.
TEST(Uuid, ReadsThePublishedExample) {
  const auto id = Uuid::parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->unix_ms(), 0x017F22E279B0);
  EXPECT_EQ(id->to_string(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(Uuid, RefusesEverythingElse) {
  const std::string good = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
  for (std::size_t n = 0; n < good.size(); ++n) {
    EXPECT_FALSE(Uuid::parse(std::string_view(good).substr(0, n))) << n;
    for (const char c : {'g', '/', ':', '@', '`', ' ', '\0', '\xff', '{'}) {
      auto bad = good;
      bad[n] = c;
      EXPECT_FALSE(Uuid::parse(bad)) << bad;
    }
    auto moved = good;
    moved[n] = moved[n] == '-' ? '0' : '-';
    EXPECT_FALSE(Uuid::parse(moved)) << moved;
  }
  EXPECT_FALSE(Uuid::parse(good + "0"));
  EXPECT_FALSE(Uuid::parse("{" + good + "}"));
  EXPECT_FALSE(Uuid::parse("017f22e279b07cc398c4dc0c0c07398f"));
}

TEST(Uuid, NewOnesCarryVersionVariantAndTime) {
  const auto before = unix_micros() / 1000;
  const auto id = make_uuid7();
  const auto after = unix_micros() / 1000;
  EXPECT_EQ(id.to_string()[14], '7');
  EXPECT_EQ(id.bytes[8] & 0xc0, 0x80);
  EXPECT_GE(id.unix_ms(), before);
  EXPECT_LE(id.unix_ms(), after + 1);
  EXPECT_EQ(Uuid::parse(id.to_string()), id);
}

// Far more than fit a millisecond's counter, so that the sequence runs ahead of the clock.
TEST(Uuid, EachIsGreaterThanTheOneBefore) {
  Uuid last = make_uuid7();
  for (int i = 0; i < 100'000; ++i) {
    const auto next = make_uuid7();
    ASSERT_LT(last, next) << i;
    ASSERT_LT(last.to_string(), next.to_string()) << i;
    last = next;
  }
}

TEST(Uuid, ThreadsNeverGetTheSameAndEachSeesThemGrow) {
  std::vector<std::vector<Uuid>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < 5'000; ++i) mine.push_back(make_uuid7());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<Uuid> all;
  for (const auto& mine : made) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), 20'000U);
}

TEST(RandomBytes, FillsExactlyWhatIsAsked) {
  std::vector<std::uint8_t> bytes(1002, 0xaa);
  random_bytes(bytes.data() + 1, 1000);
  EXPECT_EQ(bytes.front(), 0xaa);
  EXPECT_EQ(bytes.back(), 0xaa);
  const std::set<std::uint8_t> seen(bytes.begin() + 1, bytes.end() - 1);
  EXPECT_GT(seen.size(), 200U);  // of 256; fewer than 200 in 1000 draws does not happen
  random_bytes(bytes.data(), 0);
}

TEST(Rfc3339, Writes) {
  EXPECT_EQ(to_rfc3339(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(to_rfc3339(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(to_rfc3339(1'795'467'201'000'042), "2026-11-23T20:53:21.000042Z");
  EXPECT_EQ(to_rfc3339(1'709'164'800'000'000), "2024-02-29T00:00:00.000000Z");
}

TEST(Rfc3339, TimesThatItCannotWriteAreTheNearestThatItCan) {
  EXPECT_EQ(to_rfc3339(INT64_MIN), "0000-01-01T00:00:00.000000Z");
  EXPECT_EQ(to_rfc3339(INT64_MAX), "9999-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, ReadsWhatItWrites) {
  for (const std::int64_t us :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'795'467'201'000'042},
        std::int64_t{-62'167'219'200'000'000}, std::int64_t{253'402'300'799'999'999}}) {
    EXPECT_EQ(parse_rfc3339(to_rfc3339(us)), us);
  }
}

// The examples of RFC 3339, section 5.8, and the forms around them.
TEST(Rfc3339, ReadsEveryFormAllowed) {
  EXPECT_EQ(parse_rfc3339("1985-04-12T23:20:50.52Z"), 482'196'050'520'000);
  EXPECT_EQ(parse_rfc3339("1996-12-19T16:39:57-08:00"), parse_rfc3339("1996-12-20T00:39:57Z"));
  EXPECT_EQ(parse_rfc3339("1990-12-31T23:59:60Z"), parse_rfc3339("1991-01-01T00:00:00Z"));
  EXPECT_EQ(parse_rfc3339("1990-12-31T15:59:60-08:00"), parse_rfc3339("1991-01-01T00:00:00Z"));
  EXPECT_EQ(parse_rfc3339("1937-01-01T12:00:27.87+00:20"),
            parse_rfc3339("1937-01-01T11:40:27.87Z"));
  EXPECT_EQ(parse_rfc3339("1970-01-01t00:00:00z"), 0);
  EXPECT_EQ(parse_rfc3339("1970-01-01 00:00:00Z"), 0);
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00-00:00"), 0);
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.0000019999999999999999Z"), 1);
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const auto* bad : {"",
                          "now",
                          "1970-01-01",
                          "1970-01-01T00:00:00",
                          "1970-01-01T00:00Z",
                          "1970-1-01T00:00:00Z",
                          "1970-13-01T00:00:00Z",
                          "1970-00-01T00:00:00Z",
                          "1970-02-29T00:00:00Z",
                          "1900-02-29T00:00:00Z",
                          "1970-01-32T00:00:00Z",
                          "1970-01-01T24:00:00Z",
                          "1970-01-01T00:60:00Z",
                          "1970-01-01T00:00:61Z",
                          "1970-01-01T00:00:60Z",
                          "1970-01-01T23:59:60Z",
                          "1970-01-01T00:00:00.Z",
                          "1970-01-01T00:00:00,5Z",
                          "1970-01-01T00:00:00+0100",
                          "1970-01-01T00:00:00+24:00",
                          "1970-01-01T00:00:00+01:60",
                          "1970-01-01T00:00:00+01",
                          "1970-01-01T00:00:00 Z",
                          "1970-01-01T00:00:00Z ",
                          " 1970-01-01T00:00:00Z",
                          "+1970-01-01T00:00:00Z",
                          "1970-01-01T-1:00:00Z",
                          "-001-01-01T00:00:00Z",
                          "1970-01-01_00:00:00Z",
                          "1970-01-01T00:00:00ZZ"}) {
    EXPECT_FALSE(parse_rfc3339(bad)) << bad;
  }
}

}  // namespace
}  // namespace longhand
