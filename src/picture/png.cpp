#include <leptonica/allheaders.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "picture/crc32.h"
#include "picture/orientation.h"
#include "picture/pix.h"
#include "picture/plan.h"

namespace longhand::picture {
namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kChunkFrame = 12;  // length, type, CRC
constexpr char kFormat[] = "PNG";

enum ColorType : unsigned { kGrey = 0, kRgb = 2, kPalette = 3, kGreyAlpha = 4, kRgba = 6 };

struct PngFile {
  int width = 0;
  int height = 0;
  unsigned depth = 0;
  unsigned color = 0;
  Bytes palette;       // red, green, blue by index
  Bytes transparency;  // tRNS as it stands
  Bytes exif;
  std::vector<Bytes> kept;  // runs of whole chunks that the decoder gets after IHDR
};

int channels(unsigned color) {
  switch (color) {
    case kRgb:
      return 3;
    case kGreyAlpha:
      return 2;
    case kRgba:
      return 4;
    default:
      return 1;
  }
}

bool is_depth_allowed(unsigned color, unsigned depth) {
  switch (color) {
    case kGrey:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case kPalette:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case kRgb:
    case kGreyAlpha:
    case kRgba:
      return depth == 8 || depth == 16;
    default:
      return false;
  }
}

Result<PngFile> parse_header(Reader reader, const Limits& limits) {
  if (!reader.has(kSignature, kChunkFrame + 13)) return truncated(kFormat);
  if (reader.u32(kSignature) != 13 || !reader.is(kSignature + 4, "IHDR"))
    return corrupt(kFormat, "damaged: it does not begin with its header");
  PngFile file;
  const std::size_t header = kSignature + 8;
  if (auto size = check_size(reader.u32(header), reader.u32(header + 4), limits); !size)
    return tl::unexpected(size.error());
  file.width = static_cast<int>(reader.u32(header));
  file.height = static_cast<int>(reader.u32(header + 4));
  file.depth = reader.u8(header + 8);
  file.color = reader.u8(header + 9);
  if (!is_depth_allowed(file.color, file.depth) || reader.u8(header + 10) != 0 ||
      reader.u8(header + 11) != 0 || reader.u8(header + 12) > 1)
    return corrupt(kFormat, "damaged: its header asks for what no PNG file has");
  return file;
}

// Chunks that stand side by side are kept as one.
void keep(PngFile& file, Bytes bytes, std::size_t at, std::size_t length) {
  if (!file.kept.empty() && file.kept.back().data() + file.kept.back().size() == bytes.data() + at)
    file.kept.back() = {file.kept.back().data(), file.kept.back().size() + length};
  else
    file.kept.push_back(bytes.subspan(at, length));
}

// Walks the chunks to the end, which must be there. Only what says something about the pixels is
// kept: no profile, text or animation reaches the decoder.
Result<PngFile> parse(Bytes bytes, const Limits& limits) {
  const Reader reader(bytes);
  auto file = parse_header(reader, limits);
  if (!file) return file;
  std::size_t at = kSignature + kChunkFrame + 13;
  bool has_data = false;
  while (true) {
    if (!reader.has(at, kChunkFrame)) return truncated(kFormat);
    const std::size_t length = reader.u32(at);
    if (!reader.has(at + kChunkFrame, length)) return truncated(kFormat);
    const Bytes body = bytes.subspan(at + 8, length);
    if (reader.is(at + 4, "PLTE"))
      file->palette = body;
    else if (reader.is(at + 4, "tRNS"))
      file->transparency = body;
    else if (reader.is(at + 4, "eXIf"))
      file->exif = body;
    const bool is_data = reader.is(at + 4, "IDAT");
    const bool is_end = reader.is(at + 4, "IEND");
    if (is_data || is_end) keep(*file, bytes, at, kChunkFrame + length);
    has_data = has_data || is_data;
    if (is_end) break;
    at += kChunkFrame + length;
  }
  if (!has_data) return corrupt(kFormat, "damaged: it has no picture data");
  if (file->color == kPalette &&
      (file->palette.size() < 3 || file->palette.size() % 3 != 0 || file->palette.size() > 768))
    return corrupt(kFormat, "damaged: its palette is missing or no palette");
  return file;
}

void append_u32(std::vector<std::uint8_t>& out, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

// The file with the chunks that were kept. Indices into a palette pass for grey levels, so that
// they come back as they are.
std::vector<std::uint8_t> rebuild(Bytes original, const PngFile& file) {
  const std::uint8_t* const in = data_of(original);
  std::size_t size = kSignature + kChunkFrame + 13;
  for (const Bytes chunk : file.kept) size += chunk.size();
  std::vector<std::uint8_t> out;
  out.reserve(size);
  out.assign(in, in + kSignature + 8 + 13);
  if (file.color == kPalette) out[kSignature + 8 + 9] = kGrey;
  append_u32(out, crc32({out.data() + kSignature + 4, 4 + 13}));
  for (const Bytes chunk : file.kept)
    out.insert(out.end(), data_of(chunk), data_of(chunk) + chunk.size());
  return out;
}

std::array<Shade, 256> palette_shades(const PngFile& file) {
  std::array<Shade, 256> shades;
  const Reader colors(file.palette);
  const Reader alphas(file.transparency);
  for (std::size_t i = 0; i < file.palette.size() / 3; ++i) {
    shades[i].color = {colors.u8(3 * i), colors.u8(3 * i + 1), colors.u8(3 * i + 2)};
    if (i < alphas.size()) shades[i].alpha = alphas.u8(i);
  }
  return shades;
}

// The sample of eight bits or fewer that tRNS makes clear. Of sixteen bits the upper eight are
// compared, as they are all that the decoder gives.
std::uint8_t clear_sample(const PngFile& file, std::size_t channel) {
  const std::uint32_t value = Reader(file.transparency).u16(2 * channel);
  return static_cast<std::uint8_t>(file.depth == 16 ? value >> 8 : value);
}

ink::Raster with_clear_color(PixPtr pix, const PngFile& file) {
  const std::uint32_t clear = static_cast<std::uint32_t>(clear_sample(file, 0)) << 24 |
                              static_cast<std::uint32_t>(clear_sample(file, 1)) << 16 |
                              static_cast<std::uint32_t>(clear_sample(file, 2)) << 8;
  ink::GreyImage alpha(file.width, file.height, 255);
  for (int y = 0; y < file.height; ++y) {
    const l_uint32* const row =
        pixGetData(pix.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix.get());
    for (int x = 0; x < file.width; ++x)
      if ((row[x] & 0xFFFFFF00U) == clear) alpha.at(x, y) = 0;
  }
  ink::Raster raster = to_raster(std::move(pix));
  raster.alpha = std::move(alpha);
  drop_opaque_alpha(raster);
  return raster;
}

std::array<Shade, 256> grey_shades(const PngFile& file) {
  std::array<Shade, 256> shades;
  const unsigned max = (1U << std::min(file.depth, 8U)) - 1;
  for (unsigned value = 0; value <= max; ++value) {
    const std::uint8_t grey = to_eight_bits(value, max);
    shades[value].color = {grey, grey, grey};
  }
  if (file.transparency.size() >= 2) shades[clear_sample(file, 0)].alpha = 0;
  return shades;
}

Result<ink::Raster> decode_stored(Bytes bytes, const PngFile& file) {
  silence_leptonica();
  PixPtr pix;
  {
    const auto plain = rebuild(bytes, file);
    pix.reset(pixReadMemPng(plain.data(), plain.size()));
  }
  if (!pix || pixGetWidth(pix.get()) != file.width || pixGetHeight(pix.get()) != file.height)
    return corrupt(kFormat, "damaged; send it whole and unchanged");
  const int depth = pixGetDepth(pix.get());
  if (depth <= 8)
    return apply_shades(samples_of(std::move(pix)),
                        file.color == kPalette ? palette_shades(file) : grey_shades(file));
  if (file.color == kRgb && file.transparency.size() >= 6 && depth == 32)
    return with_clear_color(std::move(pix), file);
  return to_raster(std::move(pix));
}

Result<ink::Raster> decode_file(Bytes bytes, const PngFile& file) {
  auto raster = decode_stored(bytes, file);
  if (raster) apply_orientation(*raster, exif_orientation(file.exif));
  return raster;
}

}  // namespace

Result<Plan> plan_png(Bytes bytes, const Limits& limits) {
  auto file = parse(bytes, limits);
  if (!file) return tl::unexpected(file.error());
  const std::size_t pixels = area(file->width, file->height);
  Plan plan;
  plan.width = file->width;
  plan.height = file->height;
  // The decoder's rows and Leptonica's picture stand side by side; then the picture and our planes.
  const bool color = channels(file->color) > 1;
  const std::size_t rows = pixels * static_cast<std::size_t>(channels(file->color));
  const std::size_t decoded = pixels * (color ? 4 : 1);
  plan.memory = std::max(rows + decoded + bytes.size(), decoded + 3 * pixels) + (1U << 20);
  plan.decode = [bytes, parsed = std::move(*file)] { return decode_file(bytes, parsed); };
  return plan;
}

}  // namespace longhand::picture
