#include "picture/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <ostream>

#include "picture/test_pictures.h"

namespace longhand::picture {
namespace {

constexpr int kWidth = 13;
constexpr int kHeight = 9;

// What a pixel of a pattern of tests/data/pictures/make_pictures.py must read as.
struct Expected {
  double grey;
  int alpha = 255;
};
using Pattern = std::function<Expected(int x, int y)>;

double luma_of(double red, double green, double blue) {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
Expected grey(int x, int) {
  return {x * 21.0};
}
Expected rgb(int x, int y) {
  return {luma_of(x * 21, y * 31, x * 9 + y * 5)};
}
Expected mono(int x, int y) {
  return {(x / 3 + y / 4) % 2 * 255.0};
}
Expected deep(int x, int y) {
  return {std::floor((x * 5000 + y * 300) / 256.0)};
}
int alpha(int x, int y) {
  return 255 - x * 11 - y * 3;
}

Pattern indices(int count) {  // as grey levels
  return [count](int x, int y) { return Expected{(x + 2 * y) % count * 255.0 / (count - 1)}; };
}
Pattern palette(int count) {
  return [count](int x, int y) {
    const int i = (x + 2 * y) % count;
    const int red = i * 255 / (count - 1);
    return Expected{luma_of(red, i * 200 / (count - 1), i * 37 % 64)};
  };
}
Pattern with_alpha(const Pattern& pattern) {
  return [pattern](int x, int y) { return Expected{pattern(x, y).grey, alpha(x, y)}; };
}
Pattern palette_alpha(int count) {
  return [count](int x, int y) {
    return Expected{palette(count)(x, y).grey, 255 - (x + 2 * y) % count * 255 / (count - 1)};
  };
}
Pattern clear_where(const Pattern& pattern, const std::function<bool(int, int)>& clear) {
  return [=](int x, int y) { return Expected{pattern(x, y).grey, clear(x, y) ? 0 : 255}; };
}
// A pattern stored upright and shown by an EXIF orientation, after the standard's table of where
// row 0 and column 0 of what is stored are seen.
Pattern turned(const Pattern& pattern, int orientation) {
  return [=](int x, int y) {
    const int right = kWidth - 1;
    const int bottom = kHeight - 1;
    switch (orientation) {
      case 2:
        return pattern(right - x, y);  // top, right
      case 3:
        return pattern(right - x, bottom - y);  // bottom, right
      case 4:
        return pattern(x, bottom - y);  // bottom, left
      case 5:
        return pattern(y, x);  // left, top
      case 6:
        return pattern(y, bottom - x);  // right, top
      case 7:
        return pattern(right - y, bottom - x);  // right, bottom
      case 8:
        return pattern(right - y, x);  // left, bottom
      default:
        return pattern(x, y);
    }
  };
}

struct Case {
  std::string file;
  Format format;
  Pattern pattern;
  double tolerance = 1;  // of a grey level and an opacity
  bool sideways = false;
};
std::ostream& operator<<(std::ostream& out, const Case& test) {
  return out << test.file;
}

std::vector<Case> png_cases() {
  const auto f = Format::kPng;
  std::vector<Case> cases = {
      {"grey1.png", f, mono},
      {"grey2.png", f, indices(4)},
      {"grey4.png", f, indices(16)},
      {"grey8.png", f, grey},
      {"grey16.png", f, deep},
      {"grey8-interlaced.png", f, grey},
      {"grey1-interlaced.png", f, mono},
      {"rgb8.png", f, rgb},
      {"rgb8-interlaced.png", f, rgb},
      {"rgb16.png", f, rgb},
      {"grey-alpha8.png", f, with_alpha(grey)},
      {"grey-alpha16.png", f, with_alpha(grey)},
      {"rgba8.png", f, with_alpha(rgb)},
      {"rgba16.png", f, with_alpha(rgb)},
      {"rgba8-opaque.png", f, rgb},
      {"palette8-interlaced.png", f, palette(200)},
      {"grey8-clear.png", f, clear_where(grey, [](int x, int) { return x == 2; })},
      {"grey2-clear.png", f,
       clear_where(indices(4), [](int x, int y) { return (x + 2 * y) % 4 == 2; })},
      {"rgb8-clear.png", f, clear_where(rgb, [](int x, int y) { return x == 5 && y == 3; })},
      {"grey8-exif6.png", f, turned(grey, 6), 1, true},
  };
  for (const auto& [bits, count] : {std::pair{1, 2}, {2, 4}, {4, 16}, {8, 200}}) {
    const std::string name = "palette" + std::to_string(bits);
    cases.push_back({name + ".png", f, palette(count)});
    cases.push_back({name + "-alpha.png", f, palette_alpha(count)});
  }
  return cases;
}

std::vector<Case> bmp_cases() {
  const auto f = Format::kBmp;
  return {
      {"rgb24.bmp", f, rgb},
      {"rgb24-top-down.bmp", f, rgb},
      {"rgb24-core.bmp", f, rgb},
      {"rgb32.bmp", f, rgb},
      {"rgba32.bmp", f, with_alpha(rgb)},
      {"mono1.bmp", f, mono},
      {"palette4.bmp", f, palette(16)},
      {"palette8.bmp", f, palette(200)},
      {"palette4-rle.bmp", f, palette(16)},
      {"palette8-rle.bmp", f, palette(200)},
      {"rgb16.bmp", f, rgb, 8},  // five bits a channel
      {"rgb565.bmp", f, rgb, 8},
  };
}

std::vector<Case> tiff_cases() {
  const auto f = Format::kTiff;
  std::vector<Case> cases = {
      {"grey1.tif", f, mono},
      {"grey1-white-is-zero.tif", f, mono},
      {"grey1-group3.tif", f, mono},
      {"grey1-group4.tif", f, mono},
      {"grey1-ccitt.tif", f, mono},
      {"grey2.tif", f, indices(4)},
      {"grey4-white-is-zero.tif", f, indices(16)},
      {"grey8.tif", f, grey},
      {"grey8-white-is-zero.tif", f, grey},
      {"grey8-strips.tif", f, grey},
      {"grey8-lzw.tif", f, grey},
      {"grey8-adobe_deflate.tif", f, grey},
      {"grey8-packbits.tif", f, grey},
      {"grey8-jpeg.tif", f, grey, 6},
      {"grey16.tif", f, deep},
      {"grey16-big-endian.tif", f, deep},
      {"grey16-white-is-zero.tif", f, deep},
      {"rgb8.tif", f, rgb},
      {"rgb8-big-endian.tif", f, rgb},
      {"rgb8-lzw.tif", f, rgb},
      {"rgb8-adobe_deflate.tif", f, rgb},
      {"rgb8-packbits.tif", f, rgb},
      {"rgb8-jpeg.tif", f, rgb, 20},
      {"rgb16.tif", f, rgb},
      {"rgba8.tif", f, with_alpha(rgb), 3},  // through premultiplied colours
      {"grey-alpha8.tif", f, with_alpha(grey)},
      {"palette4.tif", f, palette(16)},
      {"grey8-turn6.tif", f, turned(grey, 6), 1, true},
      {"grey8-turn7.tif", f, turned(grey, 7), 1, true},
  };
  for (int i = 2; i <= 8; ++i)
    cases.push_back({"rgb8-turn" + std::to_string(i) + ".tif", f, turned(rgb, i), 1, i >= 5});
  return cases;
}

std::vector<Case> jpeg_and_webp_cases() {
  std::vector<Case> cases = {
      {"grey8.jpg", Format::kJpeg, grey, 6},
      {"rgb8.jpg", Format::kJpeg, rgb, 20},
      {"rgb8-444.jpg", Format::kJpeg, rgb, 20},
      {"rgb8-progressive.jpg", Format::kJpeg, rgb, 20},
      {"rgb8-restarts.jpg", Format::kJpeg, rgb, 20},
      {"cmyk8.jpg", Format::kJpeg, rgb, 20},
      {"rgb8.webp", Format::kWebp, rgb},
      {"rgb8-lossy.webp", Format::kWebp, rgb, 20},
      {"rgba8.webp", Format::kWebp, with_alpha(rgb)},
      {"rgba8-lossy.webp", Format::kWebp, with_alpha(rgb), 20},
      {"rgb8-turn6.webp", Format::kWebp, turned(rgb, 6), 1, true},
  };
  for (int i = 1; i <= 8; ++i)
    cases.push_back(
        {"rgb8-turn" + std::to_string(i) + ".jpg", Format::kJpeg, turned(rgb, i), 20, i >= 5});
  return cases;
}

std::vector<Case> gif_and_pnm_cases() {
  const auto three = [](int x, int y) { return (x + 2 * y) % 16 == 3; };
  return {
      {"palette1.gif", Format::kGif, palette(2)},
      {"palette4.gif", Format::kGif, palette(16)},
      {"palette8.gif", Format::kGif, palette(200)},
      {"palette8-interlaced.gif", Format::kGif, palette(200)},
      {"palette4-clear.gif", Format::kGif, clear_where(palette(16), three)},
      {"palette4-animated.gif", Format::kGif, palette(16)},
      {"mono.p1.pbm", Format::kPnm, mono},
      {"grey.p2.pgm", Format::kPnm, grey},
      {"rgb.p3.ppm", Format::kPnm, rgb},
      {"mono.p4.pbm", Format::kPnm, mono},
      {"grey.p5.pgm", Format::kPnm, grey},
      {"grey16.p5.pgm", Format::kPnm, deep},
      {"grey15.p5.pgm", Format::kPnm, indices(16)},
      {"rgb.p6.ppm", Format::kPnm, rgb},
      {"rgba.p7.pam", Format::kPnm, with_alpha(rgb)},
  };
}

class Pictures : public testing::TestWithParam<Case> {};

TEST_P(Pictures, AreReadAsDisplayed) {
  const Case& test = GetParam();
  const auto bytes = test_picture(test.file);
  const auto header = read_header(bytes);
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->format, test.format);
  EXPECT_EQ(header->width, kWidth);
  EXPECT_EQ(header->height, kHeight);

  const auto raster = decode(bytes);
  ASSERT_TRUE(raster) << raster.error().message;
  ASSERT_EQ(raster->grey.width, test.sideways ? kHeight : kWidth);
  ASSERT_EQ(raster->grey.height, test.sideways ? kWidth : kHeight);
  bool opaque = true;
  for (int y = 0; y < raster->grey.height; ++y)
    for (int x = 0; x < raster->grey.width; ++x) {
      const Expected expected = test.pattern(x, y);
      opaque = opaque && expected.alpha == 255;
      if (expected.alpha > 0) {
        ASSERT_NEAR(raster->grey.at(x, y), expected.grey, test.tolerance) << "at " << x << "," << y;
      }
      if (!raster->alpha.empty()) {
        ASSERT_NEAR(raster->alpha.at(x, y), expected.alpha, 1) << "at " << x << "," << y;
      }
    }
  EXPECT_EQ(raster->alpha.empty(), opaque);
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.file;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Png, Pictures, testing::ValuesIn(png_cases()), test_name);
INSTANTIATE_TEST_SUITE_P(Bmp, Pictures, testing::ValuesIn(bmp_cases()), test_name);
INSTANTIATE_TEST_SUITE_P(Tiff, Pictures, testing::ValuesIn(tiff_cases()), test_name);
INSTANTIATE_TEST_SUITE_P(Lossy, Pictures, testing::ValuesIn(jpeg_and_webp_cases()), test_name);
INSTANTIATE_TEST_SUITE_P(GifAndPnm, Pictures, testing::ValuesIn(gif_and_pnm_cases()), test_name);

// A GIF whose only frame, 2x1 of white, stands at (1, 1) of a screen of 4x3.
TEST(Picture, GifFrameStandsOnItsClearScreen) {
  using namespace std::string_literals;
  const auto gif = bytes_of(
      "GIF89a\4\0\3\0\x80\0\0\0\0\0\xFF\xFF\xFF"
      ",\1\0\1\0\2\0\1\0\0\2\2\x4C\x0A\0;"s);
  const auto raster = decode(gif);
  ASSERT_TRUE(raster) << raster.error().message;
  ASSERT_EQ(raster->grey.width, 4);
  ASSERT_EQ(raster->grey.height, 3);
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 4; ++x)
      EXPECT_EQ(raster->alpha.at(x, y), y == 1 && (x == 1 || x == 2) ? 255 : 0) << x << "," << y;
  EXPECT_EQ(raster->grey.at(1, 1), 255);
}

TEST(Picture, EncodesPngThatReadsTheSame) {
  for (const int width : {1, 3, 4, 28, 101}) {
    ink::GreyImage image(width, 7);
    for (std::size_t i = 0; i < image.pixels.size(); ++i)
      image.pixels[i] = static_cast<std::uint8_t>(i * 37);
    const auto png = encode_png(image);
    const auto raster = decode(png);
    ASSERT_TRUE(raster) << raster.error().message;
    EXPECT_EQ(raster->grey, image);
    EXPECT_TRUE(raster->alpha.empty());
  }
}

TEST(Picture, EncodesNothingAsNothing) {
  EXPECT_TRUE(encode_png({}).empty());
}

TEST(Picture, NamesMediaTypes) {
  EXPECT_STREQ(media_type(Format::kPng), "image/png");
  EXPECT_STREQ(media_type(Format::kJpeg), "image/jpeg");
}

}  // namespace
}  // namespace longhand::picture
