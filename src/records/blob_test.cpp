#include "records/blob.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>

#include "records/testing.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h

Blob blob_of(std::initializer_list<int> bytes) {
  Blob blob;
  for (const int byte : bytes) blob.push_back(static_cast<std::byte>(byte));
  return blob;
}

TEST(StrokesBlob, GivesBackEveryBit) {
  const float odd_nan = std::bit_cast<float>(0x7fc12345U);
  ink::Strokes strokes;
  strokes.strokes = {
      {},
      {{0.1F, -0.0F}},
      {{1, 2, 3}, {4, 5}},
      {{1, 2, odd_nan, 0.5F}, {-1e6F, 1e6F, std::numeric_limits<float>::infinity(), odd_nan}},
      ink::Stroke(1000, {std::numeric_limits<float>::denorm_min(), 7}),
  };
  const auto decoded = decode_strokes(encode_strokes(strokes));
  ASSERT_TRUE(decoded) << decoded.error().message;
  expect_same(*decoded, strokes);
}

TEST(StrokesBlob, IsCompact) {
  const ink::Strokes mouse{{ink::Stroke(100, {1, 2})}};
  EXPECT_EQ(encode_strokes(mouse).size(), 4 + 100 * 8U);  // no room for times that aren't there
  const ink::Strokes timed{{ink::Stroke(100, {1, 2, 3})}};
  EXPECT_EQ(encode_strokes(timed).size(), 4 + 100 * 12U);
}

// The bytes of version 1, which stores out there hold.
TEST(StrokesBlob, KeepsItsFormat) {
  const ink::Strokes strokes{{{{1, 2, 3}}}};
  const auto blob = blob_of({1, 1, 1, 1, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40});
  EXPECT_EQ(encode_strokes(strokes), blob);
}

TEST(GlyphsBlob, KeepsItsFormat) {
  recognizer::GlyphReading glyph;
  glyph.box = {1, 2, 1, 2};
  glyph.text = "7";
  glyph.confidence = 1;
  glyph.candidates = {{"7", 1}};
  const auto blob =
      blob_of({1, 1,    0, 0,   0x80, 0x3f, 0,    0,    0, 0x40, 0,   0, 0x80, 0x3f, 0,   0,
               0, 0x40, 1, '7', 0,    0,    0x80, 0x3f, 1, 1,    '7', 0, 0,    0x80, 0x3f});
  EXPECT_EQ(encode_glyphs({glyph}), blob);
}

TEST(ImagesBlob, KeepsItsFormat) {
  ink::GreyImage image(2, 1);
  image.pixels = {3, 4};
  EXPECT_EQ(encode_images({image}), blob_of({1, 1, 2, 1, 3, 4}));
}

TEST(ImagesBlob, GivesBackWhatItWasGiven) {
  const std::vector<ink::GreyImage> images = {{}, {28, 28, 7}, {0, 5}, {300, 1, 9}};
  const auto decoded = decode_images(encode_images(images));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(*decoded, images);
}

TEST(Blobs, RefuseCountsThatTheBytesCannotHold) {
  // A count of 2^35 - 1 in five bytes, and one of ten bytes.
  for (const auto& blob :
       {blob_of({1, 0xff, 0xff, 0xff, 0xff, 0x7f}), blob_of({1, 2}), blob_of({}), blob_of({2, 0}),
        blob_of({1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1}), blob_of({1, 0, 0}),
        blob_of({1, 0x80})}) {
    for (const auto& error :
         {decode_strokes(blob).map([](auto&&) {}), decode_glyphs(blob).map([](auto&&) {}),
          decode_images(blob).map([](auto&&) {})}) {
      ASSERT_FALSE(error);
      EXPECT_EQ(error.error().code, ErrorCode::kCorruptStore);
    }
  }
  // 8193 pixels wide and no pixel high takes no bytes, and is still no picture.
  EXPECT_FALSE(decode_images(blob_of({1, 1, 0x81, 0x40, 0})));
  // A point at infinity.
  EXPECT_FALSE(decode_strokes(blob_of({1, 1, 0, 1, 0, 0, 0x80, 0x7f, 0, 0, 0, 0})));
}

// Whatever the bytes: a value or an error. The sanitizers watch.
TEST(Blobs, TakeNothingOnTrust) {
  std::mt19937 random(1);
  std::vector<Blob> seeds;
  for (unsigned seed = 0; seed < 6; ++seed) {
    const auto record = make_record(seed);
    seeds.push_back(encode_glyphs(record.summary.reading.glyphs));
    seeds.push_back(encode_images({ink::GreyImage(3, 4), ink::GreyImage(2, 2)}));
    if (record.content.strokes) seeds.push_back(encode_strokes(*record.content.strokes));
  }
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto blob = seeds[random() % seeds.size()];
    for (unsigned edits = 1 + random() % 4; edits > 0 && !blob.empty(); --edits) {
      const auto at = static_cast<std::ptrdiff_t>(random() % blob.size());
      switch (random() % 3) {
        case 0:
          blob[static_cast<std::size_t>(at)] = static_cast<std::byte>(random());
          break;
        case 1:
          blob.resize(static_cast<std::size_t>(at));
          break;
        default:
          blob.insert(blob.begin() + at, static_cast<std::byte>(random()));
          break;
      }
    }
    if (!decode_strokes(blob)) ++refused;
    if (!decode_glyphs(blob)) ++refused;
    if (!decode_images(blob)) ++refused;
  }
  EXPECT_GT(refused, 20'000);
}

}  // namespace
}  // namespace longhand::records
