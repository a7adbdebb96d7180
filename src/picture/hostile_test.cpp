// Pictures that are cut short, damaged, too large, or no pictures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "picture/crc32.h"
#include "picture/picture.h"
#include "picture/test_pictures.h"

namespace longhand::picture {
namespace {

using std::string_literals::operator""s;
using testing::AllOf;
using testing::HasSubstr;

std::string big_endian(std::uint32_t value) {
  std::string text;
  for (const int shift : {24, 16, 8, 0}) text.push_back(static_cast<char>(value >> shift));
  return text;
}

std::string png_chunk(const std::string& kind, const std::string& body) {
  const std::string named = kind + body;
  const auto* const data = reinterpret_cast<const std::uint8_t*>(named.data());
  return big_endian(static_cast<std::uint32_t>(body.size())) + named +
         big_endian(crc32({data, named.size()}));
}

std::string png_of_size(std::uint32_t width, std::uint32_t height) {
  return "\x89PNG\r\n\x1A\n"s +
         png_chunk("IHDR", big_endian(width) + big_endian(height) + "\x08\x06\0\0\0"s) +
         png_chunk("IDAT", "\x78\x9C\x63\0\0\0\1\0\1"s) + png_chunk("IEND", "");
}

Error error_of(const std::vector<std::byte>& bytes, const Limits& limits = {}) {
  const auto raster = decode(bytes, limits);
  if (raster) return {ErrorCode::kNotFound, "it was decoded"};
  const auto header = read_header(bytes, limits);
  if (!header) {
    EXPECT_EQ(header.error().code, raster.error().code);
  }
  return raster.error();
}

// What may be missing at a file's end with the picture complete: the end of a line, and TIFF's
// filling.
bool is_harmless_cut(const std::string& name, std::size_t missing) {
  if (name == "grey.p2.pgm" || name == "rgb.p3.ppm")
    return missing <= 3;  // 249 is no less a number
  return false;
}

// The decoders below Leptonica write a line of their own for damaged data.
class Quiet {
 public:
  Quiet() { testing::internal::CaptureStderr(); }
  ~Quiet() { testing::internal::GetCapturedStderr(); }
};

class EveryPicture : public testing::TestWithParam<std::string> {};

TEST_P(EveryPicture, IsRefusedWhenCutAnywhere) {
  const Quiet quiet;
  const auto whole = test_picture(GetParam());
  if (!decode(whole)) return;  // not taken at all, see below
  for (std::size_t length = 0; length < whole.size(); ++length) {
    if (is_harmless_cut(GetParam(), whole.size() - length)) continue;
    const std::vector<std::byte> cut(whole.begin(),
                                     whole.begin() + static_cast<std::ptrdiff_t>(length));
    const Error error = error_of(cut);
    if (length < 20)  // perhaps too short to know what it is
      ASSERT_THAT(error.code,
                  testing::AnyOf(ErrorCode::kCorruptImage, ErrorCode::kUnsupportedImage))
          << length << ": " << error.message;
    else
      ASSERT_EQ(error.code, ErrorCode::kCorruptImage)
          << length << " of " << whole.size() << ": " << error.message;
    ASSERT_FALSE(error.message.empty());
  }
}

// Damage may change a picture or spoil it; it must not take the process with it.
TEST_P(EveryPicture, SurvivesDamageAnywhere) {
  const Quiet quiet;
  auto bytes = test_picture(GetParam());
  const Limits limits{1U << 20, 1'000'000};
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (const unsigned change : {0xFFU, 0x01U, 0x80U}) {
      const std::byte was = bytes[at];
      bytes[at] ^= static_cast<std::byte>(change);
      const auto raster = decode(bytes, limits);
      if (!raster) {
        ASSERT_FALSE(raster.error().message.empty());
      }
      bytes[at] = was;
    }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Files, EveryPicture, testing::ValuesIn(test_picture_names()), test_name);

// Of colours too, of which Leptonica would keep what could be unpacked.
TEST(Hostile, RefusesTiffsWhoseStripsCanNotBeUnpacked) {
  const Quiet quiet;
  const std::pair<const char*, std::byte> damages[] = {{"grey8-lzw.tif", std::byte{0xFF}},
                                                       {"grey8-packbits.tif", std::byte{0}},
                                                       {"rgb8-lzw.tif", std::byte{0xFF}},
                                                       {"rgb8-packbits.tif", std::byte{0}}};
  for (const auto& [name, filling] : damages) {
    auto bytes = test_picture(name);
    const auto end = static_cast<std::ptrdiff_t>(bytes[4]) + 256 * static_cast<int>(bytes[5]);
    ASSERT_GT(end, 16) << "the strips come first, then the directory";
    std::fill(bytes.begin() + end / 2, bytes.begin() + end, filling);
    EXPECT_EQ(error_of(bytes).code, ErrorCode::kCorruptImage) << name;
  }
}

TEST(Hostile, NamesWhatIsTakenWhenItIsNot) {
  const auto not_taken = HasSubstr("PNG, JPEG, WebP, BMP, GIF, TIFF or PNM");
  const std::pair<std::string, std::string> files[] = {
      {"", "empty"},
      {"just some text that was saved as a.png", "no picture"},
      {"%PDF-1.7\n", "PDF"},
      {"%!PS-Adobe-3.0\n", "PostScript"},
      {"\0\0\0\x0CjP  \r\n\x87\n"s, "JPEG 2000"},
      {"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "SVG"},
      {"\0\0\0\x18"s + "ftypheic", "HEIC"},
      {"BM is how this sentence begins, and it goes on", "no picture"},
      {"P5x", "no picture"},
      {"II+\0\x08\0\0\0"s, "BigTIFF"},
      {"RIFF\x24\0\0\0WAVEfmt "s, "no picture"},
  };
  for (const auto& [text, name] : files) {
    const Error error = error_of(bytes_of(text));
    EXPECT_EQ(error.code, ErrorCode::kUnsupportedImage) << text;
    EXPECT_THAT(error.message, AllOf(HasSubstr(name), not_taken)) << text;
  }
}

TEST(Hostile, SaysWhyAFormOfAFormatIsNotTaken) {
  EXPECT_THAT(error_of(test_picture("animated.webp")).message, HasSubstr("animated"));
  EXPECT_EQ(error_of(test_picture("animated.webp")).code, ErrorCode::kUnsupportedImage);
  EXPECT_THAT(error_of(test_picture("rgb8-planes.tif")).message, HasSubstr("plane"));
}

TEST(Hostile, RefusesFilesOverTheLimitOfBytes) {
  std::vector<std::byte> bytes = bytes_of(png_of_size(10, 10));
  bytes.resize(17U << 20);
  const Error error = error_of(bytes);
  EXPECT_EQ(error.code, ErrorCode::kTooLarge);
  EXPECT_THAT(error.message, AllOf(HasSubstr("17 MB"), HasSubstr("limit is 16 MB")));
}

TEST(Hostile, RefusesPicturesOverTheLimitOfPixelsByTheirHeader) {
  const auto gif =
      "GIF89a\x28\x23\x28\x23\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\x28\x23\x28\x23\0\2\1\0\0;"s;
  const auto webp = "RIFF\x16\0\0\0WEBPVP8L\x0A\0\0\0\x2F\xFF\xFF\xFF\x0F\0\0\0\0\0"s;
  const auto bmp =
      "BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\0\0\1\0\0\0\1\0\1\0\x18\0"s + std::string(24, '\0');
  const std::string files[] = {
      png_of_size(50000, 50000),    png_of_size(0x7FFFFFFF, 0x7FFFFFFF), gif, webp, bmp,
      "P5\n100000 100000\n255\n\0"s};
  for (const auto& file : files) {
    const Error error = error_of(bytes_of(file));
    EXPECT_EQ(error.code, ErrorCode::kTooLarge) << error.message;
    EXPECT_THAT(error.message, HasSubstr("limit is 40 megapixels"));
  }
}

TEST(Hostile, RefusesVeryLongSides) {
  const Error error = error_of(bytes_of("P5\n30000000 1\n255\n\0"s));
  EXPECT_EQ(error.code, ErrorCode::kTooLarge);
  EXPECT_THAT(error.message, HasSubstr("100000 pixels a side"));
}

TEST(Hostile, TakesLimitsFromTheCaller) {
  const auto picture = test_picture("grey8.png");  // 13x9
  EXPECT_TRUE(decode(picture, {picture.size(), 117}));
  EXPECT_THAT(error_of(picture, {picture.size(), 116}).message, HasSubstr("limit is 116 pixels"));
  EXPECT_EQ(error_of(picture, {picture.size() - 1, 117}).code, ErrorCode::kTooLarge);
}

// A frame that reaches beyond a small screen is as large as it is, whatever the screen says.
TEST(Hostile, CountsAGifFrameBeyondItsScreen) {
  const auto gif = "GIF89a\4\0\4\0\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\x28\x23\x28\x23\0\2\1\0\0;"s;
  EXPECT_EQ(error_of(bytes_of(gif)).code, ErrorCode::kTooLarge);
}

TEST(Hostile, RefusesSidesOfZero) {
  for (const auto& file : {png_of_size(0, 10), png_of_size(10, 0), "P5\n0 9\n255\n\0"s})
    EXPECT_EQ(error_of(bytes_of(file)).code, ErrorCode::kCorruptImage);
}

TEST(Hostile, RefusesADecompressionBomb) {  // 36 megapixels that are not in the file
  const Error error = error_of(bytes_of(png_of_size(6000, 6000)));
  EXPECT_EQ(error.code, ErrorCode::kCorruptImage);
}

// Each scan passes over the whole picture: a small file could keep a decoder busy for hours.
TEST(Hostile, RefusesAJpegOfThousandsOfScans) {
  auto bytes = test_picture("rgb8-progressive.jpg");
  const auto empty_scan = bytes_of("\xFF\xDA\0\x08\1\1\0\1\x3F\x10"s);
  bytes.resize(bytes.size() - 2);
  for (int i = 0; i < 5000; ++i) bytes.insert(bytes.end(), empty_scan.begin(), empty_scan.end());
  const auto end = bytes_of("\xFF\xD9");
  bytes.insert(bytes.end(), end.begin(), end.end());
  const Error error = error_of(bytes);
  EXPECT_EQ(error.code, ErrorCode::kTooLarge);
  EXPECT_THAT(error.message, HasSubstr("100 scans"));
}

// A decoder that guesses where there is no chunk of a picture would find a size there (found by
// fuzzing).
TEST(Hostile, RefusesAWebpWhoseChunksAreUnknown) {
  auto bytes = test_picture("rgb8.webp");
  bytes[15] = std::byte{'?'};
  EXPECT_EQ(error_of(bytes).code, ErrorCode::kCorruptImage);
}

TEST(Hostile, ReadsFromManyThreadsAtOnce) {
  const auto names = test_picture_names();
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < names.size(); ++i) {
        const auto bytes = test_picture(names[(i + t * 17) % names.size()]);
        const auto first = decode(bytes);
        const auto second = decode(bytes);
        ASSERT_EQ(first.has_value(), second.has_value());
        if (first) {
          EXPECT_EQ(first->grey, second->grey);
        }
      }
    });
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace longhand::picture
