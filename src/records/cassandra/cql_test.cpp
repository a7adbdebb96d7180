#include "records/cassandra/cql.h"

#include <gtest/gtest.h>

namespace longhand::records::cassandra {
namespace {

std::vector<std::uint8_t> bytes_of(const Values& values) {
  return {values.bytes().begin(), values.bytes().end()};
}

TEST(CqlTest, WritesValuesAsTheProtocolHasThem) {
  EXPECT_EQ(bytes_of(Values().integer(-2)),
            (std::vector<std::uint8_t>{0, 0, 0, 4, 0xff, 0xff, 0xff, 0xfe}));
  EXPECT_EQ(bytes_of(Values().bigint(258)),
            (std::vector<std::uint8_t>{0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 1, 2}));
  EXPECT_EQ(
      bytes_of(Values().text("ab").null().boolean(true)),
      (std::vector<std::uint8_t>{0, 0, 0, 2, 'a', 'b', 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 1}));
  EXPECT_EQ(bytes_of(Values().real(1.0F)),
            (std::vector<std::uint8_t>{0, 0, 0, 4, 0x3f, 0x80, 0, 0}));
}

TEST(CqlTest, ReadsBackWhatItWrote) {
  const Uuid id = make_uuid7();
  const std::vector<std::byte> blob{std::byte{0}, std::byte{0xff}};
  Values values;
  for (int row = 0; row < 2; ++row) {
    values.integer(row).bigint(INT64_MIN).real(-0.5F).boolean(false).text("").null();
    values.uuid(id).blob(std::span<const std::byte>(blob));
  }
  Rows rows(8, bytes_of(values));
  for (int row = 0; row < 2; ++row) {
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.integer(0), row);
    EXPECT_EQ(rows.bigint(1), INT64_MIN);
    EXPECT_EQ(rows.real(2), -0.5F);
    EXPECT_FALSE(rows.boolean(3));
    EXPECT_EQ(rows.text(4), "");
    EXPECT_TRUE(rows.null(5));
    EXPECT_EQ(rows.optional_text(5), std::nullopt);
    EXPECT_EQ(rows.uuid(6), id);
    EXPECT_EQ(std::vector<std::byte>(rows.blob(7).begin(), rows.blob(7).end()), blob);
  }
  EXPECT_FALSE(rows.next());
  EXPECT_TRUE(rows.well_typed());
}

TEST(CqlTest, TakesNothingOnTrust) {
  const auto whole = bytes_of(Values().integer(7).text("seven"));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    Rows rows(2, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    EXPECT_FALSE(rows.next()) << size;
    EXPECT_FALSE(rows.well_typed()) << size;
  }
  Rows rows(2, whole);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.bigint(0), 0) << "an int is no bigint";
  EXPECT_FALSE(rows.well_typed());
  Rows others(2, whole);
  ASSERT_TRUE(others.next());
  EXPECT_EQ(others.uuid(1), Uuid());
  EXPECT_EQ(others.integer(2), 0) << "there is no such column";
  EXPECT_FALSE(others.well_typed());
}

}  // namespace
}  // namespace longhand::records::cassandra
