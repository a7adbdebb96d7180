#include "picture/picture.h"

#include <leptonica/allheaders.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "picture/budget.h"
#include "picture/memory.h"
#include "picture/pix.h"
#include "picture/plan.h"

namespace longhand::picture {
namespace {

// Pictures of everyday size have a share of their own, so that they never queue behind giants.
constexpr std::size_t kSmallBudget = std::size_t{24} << 20;
std::atomic<std::size_t> large_budget{std::size_t{340} << 20};
constexpr std::chrono::seconds kPatience{5};

struct Signature {
  Format format;
  bool (*matches)(const Reader&);
  Result<Plan> (*plan)(Bytes, const Limits&);
};

bool is_png(const Reader& reader) {
  return reader.is(0, "\x89PNG\r\n\x1A\n");
}
bool is_jpeg(const Reader& reader) {
  return reader.is(0, "\xFF\xD8\xFF");
}
bool is_webp(const Reader& reader) {
  return reader.is(0, "RIFF") && reader.is(8, "WEBP");
}
// "BM" opens many a text: the size of the header must be there too.
bool is_bmp(const Reader& reader) {
  return reader.is(0, "BM") && reader.u8(15) <= 4 && reader.u8(16) == 0 && reader.u8(17) == 0;
}
bool is_gif(const Reader& reader) {
  return reader.is(0, "GIF87a") || reader.is(0, "GIF89a");
}
bool is_tiff(const Reader& reader) {
  return reader.is(0, std::string_view("II*\0", 4)) || reader.is(0, std::string_view("MM\0*", 4));
}
bool is_pnm(const Reader& reader) {
  const unsigned kind = reader.u8(1);
  const unsigned after = reader.u8(2);
  return reader.is(0, "P") && kind >= '1' && kind <= '7' &&
         (after == ' ' || (after >= '\t' && after <= '\r') || after == '#');
}

constexpr Signature kSignatures[] = {
    {Format::kPng, is_png, plan_png},    {Format::kJpeg, is_jpeg, plan_jpeg},
    {Format::kWebp, is_webp, plan_webp}, {Format::kGif, is_gif, plan_gif},
    {Format::kTiff, is_tiff, plan_tiff}, {Format::kBmp, is_bmp, plan_bmp},
    {Format::kPnm, is_pnm, plan_pnm},
};

// What is often sent and not taken, to call it by its name.
std::string name_of_unknown(const Reader& reader) {
  if (reader.is(0, "%PDF")) return "PDF";
  if (reader.is(0, "%!PS")) return "PostScript";
  if (reader.is(4, "jP  ") || reader.is(0, "\xFF\x4F\xFF\x51")) return "JPEG 2000";
  if (reader.is(4, "ftypheic") || reader.is(4, "ftypheix") || reader.is(4, "ftypmif1"))
    return "HEIC";
  if (reader.is(4, "ftypavif")) return "AVIF";
  if (reader.is(0, "<svg") || reader.is(0, "<?xml")) return "SVG or XML";
  if (reader.is(0, std::string_view("II+\0", 4)) || reader.is(0, std::string_view("MM\0+", 4)))
    return "BigTIFF";
  if (reader.size() == 0) return "an empty file";
  return "no picture of a known kind";
}

// 16, or 16.5.
std::string from_tenths(std::uint64_t tenths) {
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text.append(1, '.').append(std::to_string(tenths % 10));
  return text;
}

std::string megabytes(std::size_t bytes) {
  return from_tenths((bytes * 10 + (1U << 20) - 1) >> 20) + " MB";
}

Result<std::pair<Format, Plan>> make_plan(Bytes bytes, const Limits& limits) {
  if (bytes.size() > limits.max_bytes)
    return fail(ErrorCode::kTooLarge, "the picture's file has " + megabytes(bytes.size()) +
                                          "; the limit is " + megabytes(limits.max_bytes));
  const Reader reader(bytes);
  for (const Signature& signature : kSignatures) {
    if (!signature.matches(reader)) continue;
    auto plan = signature.plan(bytes, limits);
    if (!plan) return tl::unexpected(plan.error());
    return std::pair{signature.format, std::move(*plan)};
  }
  return unsupported("this is " + name_of_unknown(reader),
                     "send a PNG, JPEG, WebP, BMP, GIF, TIFF or PNM file");
}

MemoryBudget& budget_for(std::size_t bytes) {
  static MemoryBudget small(kSmallBudget, kPatience);
  static MemoryBudget large(large_budget, kPatience);
  return bytes <= kSmallPicture ? small : large;
}

}  // namespace

void set_large_budget(std::size_t bytes) {
  large_budget = bytes;
}

const char* media_type(Format format) {
  switch (format) {
    case Format::kPng:
      return "image/png";
    case Format::kJpeg:
      return "image/jpeg";
    case Format::kWebp:
      return "image/webp";
    case Format::kBmp:
      return "image/bmp";
    case Format::kGif:
      return "image/gif";
    case Format::kTiff:
      return "image/tiff";
    case Format::kPnm:
      return "image/x-portable-anymap";
  }
  return "application/octet-stream";
}

Result<void> check_size(std::uint64_t width, std::uint64_t height, const Limits& limits) {
  if (width == 0 || height == 0)
    return fail(ErrorCode::kCorruptImage, "the picture is damaged: it has no width or no height");
  // Decoders keep whole rows, some of them many times over.
  constexpr std::uint64_t kMaxSide = 100'000;
  const bool is_long = std::max(width, height) > kMaxSide;
  if (!is_long && width * height <= limits.max_pixels) return {};
  std::string limit = limits.max_pixels < 100'000
                          ? std::to_string(limits.max_pixels) + " pixels"
                          : from_tenths((limits.max_pixels + 50'000) / 100'000) + " megapixels";
  if (is_long) limit += " and " + std::to_string(kMaxSide) + " pixels a side";
  return fail(ErrorCode::kTooLarge, "the picture is " + std::to_string(width) + "x" +
                                        std::to_string(height) + " pixels; the limit is " + limit);
}

tl::unexpected<Error> corrupt(const char* format, const std::string& what) {
  return fail(ErrorCode::kCorruptImage, std::string("the ") + format + " file is " + what);
}

tl::unexpected<Error> unsupported(const std::string& what, const std::string& remedy) {
  return fail(ErrorCode::kUnsupportedImage, what + "; " + remedy);
}

Result<Header> read_header(std::span<const std::byte> bytes, const Limits& limits) {
  return make_plan(bytes, limits).map([](const auto& plan) {
    return Header{plan.first, plan.second.width, plan.second.height};
  });
}

Result<ink::Raster> decode(std::span<const std::byte> bytes, const Limits& limits) {
  const auto plan = make_plan(bytes, limits);
  if (!plan) return tl::unexpected(plan.error());
  const auto share = budget_for(plan->second.memory).take(plan->second.memory);
  if (!share) return tl::unexpected(share.error());
  return plan->second.decode();
}

std::vector<std::byte> encode_png(const ink::GreyImage& image) {
  if (image.empty()) return {};
  silence_leptonica();
  const PixPtr pix(pixCreate(image.width, image.height, 8));
  if (!pix) return {};
  for (int y = 0; y < image.height; ++y) {
    l_uint32* const row =
        pixGetData(pix.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix.get());
    for (int x = 0; x < image.width; ++x)
      row[x / 4] |= static_cast<l_uint32>(image.at(x, y)) << (24 - 8 * (x % 4));
  }
  l_uint8* data = nullptr;
  std::size_t size = 0;
  const bool failed = pixWriteMemPng(&data, &size, pix.get(), 0.0F) != 0;
  const std::unique_ptr<l_uint8, void (*)(void*)> owner(data, lept_free);
  if (failed) return {};
  const auto* const first = reinterpret_cast<const std::byte*>(data);
  return {first, first + size};
}

}  // namespace longhand::picture
