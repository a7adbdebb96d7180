// BMP is read here and not by Leptonica, whose reader knows neither bit fields nor run lengths and
// takes sixteen bits for a grey level.
#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>

#include "picture/pix.h"
#include "picture/plan.h"
#include "picture/shade.h"

namespace longhand::picture {
namespace {

constexpr char kFormat[] = "BMP";
constexpr std::size_t kFileHeader = 14;
constexpr std::size_t kCoreHeader = 12;  // of OS/2 1.x
constexpr std::size_t kInfoHeader = 40;

enum Compression : unsigned { kRgb = 0, kRle8 = 1, kRle4 = 2, kBitFields = 3, kAlphaBitFields = 6 };

// Where a channel's bits stand in a pixel.
struct Channel {
  std::uint32_t mask = 0;
  std::uint8_t of(std::uint32_t pixel) const {
    if (mask == 0) return 0;
    const int shift = std::countr_zero(mask);
    // More than 16 bits a channel are cut to the upper 16, to stay within 32 bits.
    const int excess = std::max(0, static_cast<int>(std::bit_width(mask >> shift)) - 16);
    return to_eight_bits((pixel & mask) >> shift >> excess, mask >> shift >> excess);
  }
};

struct BmpFile {
  int width = 0;
  int height = 0;
  bool top_down = false;
  unsigned bits = 0;
  unsigned compression = kRgb;
  std::array<Channel, 4> channels;  // red, green, blue, alpha
  std::array<Shade, 256> shades;
  Bytes pixels;
  std::size_t stride = 0;
};

class Parser {
 public:
  Parser(Bytes bytes, const Limits& limits)
      : bytes_(bytes), reader_(bytes, false), limits_(limits) {}

  Result<BmpFile> parse() {
    if (!reader_.has(0, kFileHeader + 4)) return truncated(kFormat);
    header_ = reader_.u32(kFileHeader);
    if (header_ != kCoreHeader && (header_ < kInfoHeader || header_ > 1024))
      return corrupt(kFormat, "damaged: its header has no known form");
    if (!reader_.has(kFileHeader, header_)) return truncated(kFormat);
    if (auto size = read_size(); !size) return tl::unexpected(size.error());
    if (auto form = read_form(); !form) return tl::unexpected(form.error());
    read_channels();
    read_palette();
    const std::size_t offset = reader_.u32(10);
    if (offset >= bytes_.size()) return truncated(kFormat);
    file_.pixels = bytes_.subspan(offset);
    file_.stride = (static_cast<std::size_t>(file_.width) * file_.bits + 31) / 32 * 4;
    const bool packed = file_.compression == kRle8 || file_.compression == kRle4;
    if (!packed && file_.pixels.size() / file_.stride < static_cast<std::size_t>(file_.height))
      return truncated(kFormat);
    return std::move(file_);
  }

 private:
  Result<void> read_size() {
    std::int64_t width = reader_.u16(kFileHeader + 4);
    std::int64_t height = reader_.u16(kFileHeader + 6);
    if (header_ != kCoreHeader) {
      width = static_cast<std::int32_t>(reader_.u32(kFileHeader + 4));
      height = static_cast<std::int32_t>(reader_.u32(kFileHeader + 8));
    }
    if (width < 0) return corrupt(kFormat, "damaged: its width is negative");
    file_.top_down = height < 0;
    height = std::max(height, -height);
    if (auto size = check_size(static_cast<std::uint64_t>(width),
                               static_cast<std::uint64_t>(height), limits_);
        !size)
      return size;
    file_.width = static_cast<int>(width);
    file_.height = static_cast<int>(height);
    return {};
  }

  Result<void> read_form() {
    const bool core = header_ == kCoreHeader;
    file_.bits = reader_.u16(kFileHeader + (core ? 10 : 14));
    file_.compression = core ? kRgb : reader_.u32(kFileHeader + 16);
    const unsigned bits = file_.bits;
    bool good = false;
    switch (file_.compression) {
      case kRgb:
        good = bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 24 ||
               bits == 32;
        break;
      case kRle8:
        good = bits == 8 && !file_.top_down;
        break;
      case kRle4:
        good = bits == 4 && !file_.top_down;
        break;
      case kBitFields:
      case kAlphaBitFields:
        good = bits == 16 || bits == 32;
        break;
      default:
        return unsupported(
            "BMP files of compression " + std::to_string(file_.compression) + " are not taken",
            "send an uncompressed one or a PNG");
    }
    if (!good)
      return corrupt(kFormat, "damaged: its compression does not go with " + std::to_string(bits) +
                                  " bits a pixel");
    return {};
  }

  void read_channels() {
    if (file_.compression == kRgb) {
      if (file_.bits == 16)
        file_.channels = {{{0x7C00}, {0x03E0}, {0x001F}, {0}}};
      else
        file_.channels = {{{0xFF0000}, {0xFF00}, {0xFF}, {0}}};
      return;
    }
    const bool has_alpha = header_ >= 56 || file_.compression == kAlphaBitFields;
    for (std::size_t i = 0; i < 3; ++i)
      file_.channels[i].mask = reader_.u32(kFileHeader + kInfoHeader + 4 * i);
    if (has_alpha) file_.channels[3].mask = reader_.u32(kFileHeader + kInfoHeader + 12);
  }

  void read_palette() {
    if (file_.bits > 8) return;
    const bool core = header_ == kCoreHeader;
    const std::size_t entry = core ? 3 : 4;
    std::size_t count = std::size_t{1} << file_.bits;
    if (!core && reader_.u32(kFileHeader + 32) != 0)
      count = std::min<std::size_t>(count, reader_.u32(kFileHeader + 32));
    const std::size_t start = kFileHeader + header_;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = start + i * entry;
      file_.shades[i].color = {reader_.u8(at + 2), reader_.u8(at + 1), reader_.u8(at)};
    }
  }

  Bytes bytes_;
  Reader reader_;
  const Limits& limits_;
  std::size_t header_ = 0;
  BmpFile file_;
};

int row_in_picture(const BmpFile& file, int stored) {
  return file.top_down ? stored : file.height - 1 - stored;
}

ink::GreyImage unpack_samples(const BmpFile& file) {
  ink::GreyImage samples(file.width, file.height);
  const Reader reader(file.pixels);
  const unsigned mask = (1U << file.bits) - 1;
  for (int y = 0; y < file.height; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * file.stride;
    std::uint8_t* out = &samples.at(0, row_in_picture(file, y));
    for (std::size_t x = 0; x < static_cast<std::size_t>(file.width); ++x) {
      const std::size_t bit = x * file.bits;
      out[x] =
          static_cast<std::uint8_t>(reader.u8(row + bit / 8) >> (8 - file.bits - bit % 8) & mask);
    }
  }
  return samples;
}

// Runs of equal pixels, literal ones, and jumps over pixels, which stay 0.
Result<ink::GreyImage> unpack_runs(const BmpFile& file) {
  ink::GreyImage samples(file.width, file.height);
  const Reader reader(file.pixels);
  const bool nibbles = file.compression == kRle4;
  std::size_t at = 0;
  int x = 0;
  int y = 0;
  const auto put = [&](unsigned value) {
    if (x < file.width && y < file.height)
      samples.at(x, row_in_picture(file, y)) = static_cast<std::uint8_t>(value);
    ++x;
  };
  while (true) {
    if (!reader.has(at, 2)) return truncated(kFormat);
    const unsigned count = reader.u8(at);
    const unsigned value = reader.u8(at + 1);
    at += 2;
    if (count > 0) {
      for (unsigned i = 0; i < count; ++i)
        put(nibbles ? (i % 2 == 0 ? value >> 4 : value & 15) : value);
    } else if (value == 0) {  // the line's end
      x = 0;
      ++y;
    } else if (value == 1) {  // the picture's end
      return samples;
    } else if (value == 2) {
      if (!reader.has(at, 2)) return truncated(kFormat);
      x += reader.u8(at);
      y += reader.u8(at + 1);
      at += 2;
    } else {
      const std::size_t length = nibbles ? (value + 1) / 2 : value;
      if (!reader.has(at, length)) return truncated(kFormat);
      for (unsigned i = 0; i < value; ++i) {
        const unsigned byte = reader.u8(at + (nibbles ? i / 2 : i));
        put(nibbles ? (i % 2 == 0 ? byte >> 4 : byte & 15) : byte);
      }
      at += length + length % 2;
    }
    if (x > file.width + 255 || y > file.height + 255)
      return corrupt(kFormat, "damaged: its pixels run over the edge");
  }
}

ink::Raster unpack_pixels(const BmpFile& file) {
  ink::Raster raster;
  raster.grey = ink::GreyImage(file.width, file.height);
  const bool has_alpha = file.channels[3].mask != 0;
  if (has_alpha) raster.alpha = ink::GreyImage(file.width, file.height);
  const Reader reader(file.pixels, false);
  const std::size_t bytes = file.bits / 8;
  const bool plain = file.channels[0].mask == 0xFF0000 && file.channels[1].mask == 0xFF00 &&
                     file.channels[2].mask == 0xFF;
  // x counts in the file's rows, y in the picture's.
  const auto pixel_at = [&](int x, int y) -> std::uint32_t {
    const std::size_t row = static_cast<std::size_t>(row_in_picture(file, y)) * file.stride;
    const std::size_t at = row + static_cast<std::size_t>(x) * bytes;
    return bytes == 2 ? reader.u16(at) : bytes == 3 ? reader.u24(at) : reader.u32(at);
  };
  const auto color_of = [&](std::uint32_t pixel) -> Color {
    if (plain) {
      return {static_cast<std::uint8_t>(pixel >> 16), static_cast<std::uint8_t>(pixel >> 8),
              static_cast<std::uint8_t>(pixel)};
    }
    return {file.channels[0].of(pixel), file.channels[1].of(pixel), file.channels[2].of(pixel)};
  };
  const Tones tones =
      tones_of(file.width, file.height, [&](int x, int y) { return color_of(pixel_at(x, y)); });
  for (int y = 0; y < file.height; ++y) {
    for (int x = 0; x < file.width; ++x) {
      const std::uint32_t pixel = pixel_at(x, y);
      raster.grey.at(x, y) = tones.of(color_of(pixel));
      if (has_alpha) raster.alpha.at(x, y) = file.channels[3].of(pixel);
    }
  }
  // Many writers name an alpha channel and leave it zero: nobody means a picture of nothing.
  if (std::all_of(raster.alpha.pixels.begin(), raster.alpha.pixels.end(),
                  [](auto alpha) { return alpha == 0; }))
    raster.alpha = {};
  drop_opaque_alpha(raster);
  return raster;
}

Result<ink::Raster> decode_file(const BmpFile& file) {
  if (file.bits > 8) return unpack_pixels(file);
  if (file.compression == kRgb) return apply_shades(unpack_samples(file), file.shades);
  auto samples = unpack_runs(file);
  if (!samples) return tl::unexpected(samples.error());
  return apply_shades(std::move(*samples), file.shades);
}

}  // namespace

Result<Plan> plan_bmp(Bytes bytes, const Limits& limits) {
  const auto file = Parser(bytes, limits).parse();
  if (!file) return tl::unexpected(file.error());
  Plan plan;
  plan.width = file->width;
  plan.height = file->height;
  plan.memory = 2 * area(file->width, file->height) + (1U << 16);
  plan.decode = [parsed = *file] { return decode_file(parsed); };
  return plan;
}

}  // namespace longhand::picture
