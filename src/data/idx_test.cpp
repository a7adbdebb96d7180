#include "data/idx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "data/test_files.h"

namespace longhand::data {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using testing::Folder;
using ::testing::HasSubstr;
using testing::idx;

Bytes gzipped(const Bytes& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  Bytes out(deflateBound(&stream, bytes.size()) + 64);
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

template <typename T>
void expect_refused(const Result<T>& result, const std::string& what) {
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kCorruptData);
  EXPECT_THAT(result.error().message, HasSubstr("f:"));
  EXPECT_THAT(result.error().message, HasSubstr(what));
}

TEST(Idx, ReadsPictures) {
  const auto images = parse_idx_images(idx(8, {2, 1, 3}, {1, 2, 3, 4, 5, 6}), "f");
  ASSERT_TRUE(images.has_value());
  EXPECT_EQ(images->count, 2);
  EXPECT_EQ(images->height, 1);
  EXPECT_EQ(images->width, 3);
  EXPECT_THAT(images->pixels, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Idx, ReadsAnEmptySet) {
  const auto images = parse_idx_images(idx(8, {0, 28, 28}, {}), "f");
  ASSERT_TRUE(images.has_value());
  EXPECT_EQ(images->count, 0);
}

TEST(Idx, TellsClassIndicesFromCodePoints) {
  const auto indices = parse_idx_labels(idx(8, {2}, {7, 250}), "f");
  ASSERT_TRUE(indices.has_value());
  EXPECT_FALSE(indices->are_code_points);
  EXPECT_THAT(indices->values, ElementsAre(7U, 250U));
  const auto code_points = parse_idx_labels(idx(0x0C, {2}, {0, 0, 0, 0x37, 0, 0, 0x4E, 0x00}), "f");
  ASSERT_TRUE(code_points.has_value());
  EXPECT_TRUE(code_points->are_code_points);
  EXPECT_THAT(code_points->values, ElementsAre(0x37U, 0x4E00U));
}

TEST(Idx, ReadsIntegersOfEverySize) {
  EXPECT_THAT(*parse_idx_integers(idx(0x08, {1}, {255}), "f"), ElementsAre(255));
  EXPECT_THAT(*parse_idx_integers(idx(0x09, {1}, {255}), "f"), ElementsAre(-1));
  EXPECT_THAT(*parse_idx_integers(idx(0x0B, {1}, {0xFF, 0xFE}), "f"), ElementsAre(-2));
  EXPECT_THAT(*parse_idx_integers(idx(0x0C, {1}, {0xFF, 0xFF, 0xFF, 0xFD}), "f"), ElementsAre(-3));
}

TEST(Idx, RefusesWhatIsNoneAndSaysWhy) {
  expect_refused(parse_idx_images(Bytes{}, "f"), "only 0 bytes");
  expect_refused(parse_idx_images(Bytes{0x89, 'P', 'N', 'G'}, "f"), "starts with 0x89 0x50");
  expect_refused(parse_idx_images(idx(8, {2}, {1, 2}), "f"), "1 dimension(s), 3 are needed");
  expect_refused(parse_idx_labels(idx(8, {1, 1, 1}, {1}), "f"), "3 dimension(s), 1 is needed");
  expect_refused(parse_idx_images(idx(0x0D, {1, 1, 1}, {0, 0, 0, 0}), "f"), "type 0x0D");
  expect_refused(parse_idx_labels(idx(0x09, {1}, {1}), "f"), "type 0x09");
  expect_refused(parse_idx_integers(idx(0x0E, {1}, Bytes(8)), "f"), "type 0x0E");
  expect_refused(parse_idx_images(idx(8, {2, 0, 3}, {}), "f"), "3 x 0 pixels");
  Bytes header = idx(8, {1, 1, 1}, {});
  header.resize(9);
  expect_refused(parse_idx_images(header, "f"), "cut short in its header: 9 bytes of 16");
}

TEST(Idx, RefusesMoreOrLessDataThanTheHeaderSays) {
  expect_refused(parse_idx_images(idx(8, {2, 1, 3}, {1, 2, 3, 4, 5}), "f"), "cut short: 5 bytes");
  expect_refused(parse_idx_images(idx(8, {1, 1, 3}, {1, 2, 3, 4}), "f"), "1 x 1 x 3 = 3");
  expect_refused(parse_idx_labels(idx(0x0C, {1}, {0, 0, 0}), "f"), "cut short");
  expect_refused(parse_idx_labels(idx(0x0C, {1}, {0, 0, 0, 1, 2}), "f"), "5 bytes of data");
}

// 65536^3 and the like are zero in 32 or 64 bits.
TEST(Idx, IsNotFooledByProductsThatOverflow) {
  expect_refused(parse_idx_images(idx(8, {1U << 31, 1U << 31, 4}, {1}), "f"), "cut short");
  expect_refused(parse_idx_images(idx(8, {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, {1}), "f"),
                 "cut short");
  expect_refused(parse_idx_labels(idx(0x0C, {0x40000000}, {0, 0, 0, 1}), "f"), "cut short");
  expect_refused(parse_idx_images(idx(8, {0, 0xFFFFFFFF, 0xFFFFFFFF}, {}), "f"), "pixels");
}

TEST(Idx, RefusesLabelsThatAreNoCodePoints) {
  expect_refused(parse_idx_labels(idx(0x0C, {2}, {0, 0, 0, 1, 0, 0, 0xD8, 0}), "f"), "label 1");
  expect_refused(parse_idx_labels(idx(0x0C, {1}, {0xFF, 0xFF, 0xFF, 0xFF}), "f"), "-1");
  expect_refused(parse_idx_labels(idx(0x0C, {1}, {0, 0x11, 0, 0}), "f"), "no Unicode code point");
}

TEST(MaybeGzip, ReadsPlainAndPackedAlike) {
  const Folder folder;
  const Bytes bytes = idx(8, {3}, {1, 2, 3});
  EXPECT_EQ(*read_maybe_gzip(folder.write("plain", bytes)), bytes);
  EXPECT_EQ(*read_maybe_gzip(folder.write("packed.gz", gzipped(bytes))), bytes);
  EXPECT_THAT(read_idx_labels(folder.write("labels.gz", gzipped(bytes)))->values,
              ElementsAre(1U, 2U, 3U));
}

TEST(MaybeGzip, JoinsMembersAsGzipDoes) {
  Bytes two = gzipped({1, 2});
  const Bytes second = gzipped({3});
  two.insert(two.end(), second.begin(), second.end());
  EXPECT_THAT(*gunzip(two, "f", 100), ElementsAre(1, 2, 3));
}

TEST(MaybeGzip, StopsABombAtTheLimit) {
  const Bytes bomb = gzipped(Bytes(5'000'000));
  ASSERT_LT(bomb.size(), 10'000U);
  const auto result = gunzip(bomb, "f", 1'000'000);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(result.error().message, HasSubstr("limit of 1000000 bytes"));
  EXPECT_TRUE(gunzip(bomb, "f", 5'000'000).has_value());
  const Folder folder;
  const auto plain = read_maybe_gzip(folder.write("large", Bytes(11)), 10);
  ASSERT_FALSE(plain.has_value());
  EXPECT_EQ(plain.error().code, ErrorCode::kTooLarge);
}

TEST(MaybeGzip, RefusesEveryCutAndDamage) {
  Bytes noise(3000);
  for (std::size_t i = 0; i < noise.size(); ++i)
    noise[i] = static_cast<std::uint8_t>(i * i * 31 + i);
  const Bytes packed = gzipped(noise);
  for (std::size_t n = 0; n < packed.size(); n += 7) {
    const auto cut = gunzip(std::span(packed).first(n), "f", 1 << 20);
    ASSERT_FALSE(cut.has_value()) << n;
    EXPECT_THAT(cut.error().message, HasSubstr("cut short"));
  }
  Bytes damaged = packed;
  damaged[packed.size() / 2] ^= 0x10;
  const auto result = gunzip(damaged, "f", 1 << 20);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kCorruptData);
}

TEST(MaybeGzip, NamesAFileThatIsNotThereAndAFolder) {
  const auto missing = read_maybe_gzip("/no/such/file");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr("/no/such/file"));
  const auto folder = read_maybe_gzip(::testing::TempDir());
  ASSERT_FALSE(folder.has_value());
  EXPECT_THAT(folder.error().message, HasSubstr("folder"));
}

}  // namespace
}  // namespace longhand::data
