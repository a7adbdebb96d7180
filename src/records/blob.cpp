#include "records/blob.h"

#include <bit>
#include <cstdint>
#include <limits>

#include "records/blob_io.h"

namespace longhand::records {
namespace {

constexpr float kAbsent = std::numeric_limits<float>::quiet_NaN();
constexpr std::uint64_t kMaxImageSide = 8192;

tl::unexpected<Error> damaged(const char* what) {
  return fail(ErrorCode::kCorruptStore, std::string("the stored ") + what + " are damaged");
}

bool is_absent(float value) {
  return std::bit_cast<std::uint32_t>(value) == std::bit_cast<std::uint32_t>(kAbsent);
}

// A column of a stroke (times, pressures) takes no space when no point has it.
enum ColumnFlags : std::uint8_t { kHasTime = 1, kHasPressure = 2 };

std::uint8_t columns_of(const ink::Stroke& stroke) {
  std::uint8_t flags = 0;
  for (const auto& point : stroke) {
    if (!is_absent(point.t)) flags |= kHasTime;
    if (!is_absent(point.pressure)) flags |= kHasPressure;
  }
  return flags;
}

ink::Stroke read_stroke(BlobReader& in) {
  const std::uint8_t flags = in.byte();
  if ((flags & ~(kHasTime | kHasPressure)) != 0) in.fail();
  ink::Stroke stroke(in.count(8));
  for (auto& point : stroke) point.x = in.real(), point.y = in.real();
  if ((flags & kHasTime) != 0) {
    for (auto& point : stroke) point.t = in.real();
  }
  if ((flags & kHasPressure) != 0) {
    for (auto& point : stroke) point.pressure = in.real();
  }
  return stroke;
}

recognizer::GlyphReading read_glyph(BlobReader& in) {
  recognizer::GlyphReading glyph;
  glyph.box.x = in.finite();
  glyph.box.y = in.finite();
  glyph.box.w = in.finite();
  glyph.box.h = in.finite();
  glyph.text = in.text();
  glyph.confidence = in.finite();
  glyph.candidates.resize(in.count(5));
  for (auto& candidate : glyph.candidates) {
    candidate.text = in.text();
    candidate.confidence = in.finite();
  }
  return glyph;
}

}  // namespace

Blob encode_strokes(const ink::Strokes& strokes) {
  BlobWriter out;
  out.length(strokes.strokes.size());
  for (const auto& stroke : strokes.strokes) {
    const std::uint8_t flags = columns_of(stroke);
    out.byte(flags);
    out.length(stroke.size());
    for (const auto& point : stroke) out.real(point.x), out.real(point.y);
    if ((flags & kHasTime) != 0) {
      for (const auto& point : stroke) out.real(point.t);
    }
    if ((flags & kHasPressure) != 0) {
      for (const auto& point : stroke) out.real(point.pressure);
    }
  }
  return out.take();
}

Result<ink::Strokes> decode_strokes(std::span<const std::byte> blob) {
  BlobReader in(blob);
  ink::Strokes strokes;
  strokes.strokes.resize(in.count(2));
  for (auto& stroke : strokes.strokes) {
    stroke = read_stroke(in);
    if (!in.good()) return damaged("strokes");
  }
  if (!in.end() || !ink::check(strokes)) return damaged("strokes");
  return strokes;
}

Blob encode_glyphs(const std::vector<recognizer::GlyphReading>& glyphs) {
  BlobWriter out;
  out.length(glyphs.size());
  for (const auto& glyph : glyphs) {
    for (const float side : {glyph.box.x, glyph.box.y, glyph.box.w, glyph.box.h}) out.real(side);
    out.text(glyph.text);
    out.real(glyph.confidence);
    out.length(glyph.candidates.size());
    for (const auto& candidate : glyph.candidates) {
      out.text(candidate.text);
      out.real(candidate.confidence);
    }
  }
  return out.take();
}

Result<std::vector<recognizer::GlyphReading>> decode_glyphs(std::span<const std::byte> blob) {
  BlobReader in(blob);
  std::vector<recognizer::GlyphReading> glyphs(in.count(22));
  for (auto& glyph : glyphs) {
    glyph = read_glyph(in);
    if (!in.good()) return damaged("glyphs' readings");
  }
  if (!in.end()) return damaged("glyphs' readings");
  return glyphs;
}

Blob encode_images(const std::vector<ink::GreyImage>& images) {
  BlobWriter out;
  out.length(images.size());
  for (const auto& image : images) {
    out.length(static_cast<std::size_t>(image.width));
    out.length(static_cast<std::size_t>(image.height));
    out.bytes(image.pixels);
  }
  return out.take();
}

Result<std::vector<ink::GreyImage>> decode_images(std::span<const std::byte> blob) {
  BlobReader in(blob);
  std::vector<ink::GreyImage> images(in.count(2));
  for (auto& image : images) {
    const std::uint64_t width = in.length();
    const std::uint64_t height = in.length();
    if (width > kMaxImageSide || height > kMaxImageSide) return damaged("glyphs' pictures");
    const auto pixels = in.raw(width * height);
    if (!in.good()) return damaged("glyphs' pictures");
    image.width = static_cast<int>(width);
    image.height = static_cast<int>(height);
    const auto* first = reinterpret_cast<const std::uint8_t*>(pixels.data());
    image.pixels.assign(first, first + pixels.size());
  }
  if (!in.end()) return damaged("glyphs' pictures");
  return images;
}

}  // namespace longhand::records
