#include "records/blob.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace longhand::records {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr float kAbsent = std::numeric_limits<float>::quiet_NaN();
constexpr std::uint64_t kMaxImageSide = 8192;

// Little-endian, lengths as LEB128.
class Writer {
 public:
  Writer() { byte(kVersion); }

  void byte(std::uint8_t value) { blob_.push_back(std::byte{value}); }
  void length(std::size_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
  }
  void real(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) byte(static_cast<std::uint8_t>(bits >> shift));
  }
  void text(const std::string& value) {
    length(value.size());
    const auto bytes = std::as_bytes(std::span(value));
    blob_.insert(blob_.end(), bytes.begin(), bytes.end());
  }
  void bytes(std::span<const std::uint8_t> values) {
    const auto raw = std::as_bytes(values);
    blob_.insert(blob_.end(), raw.begin(), raw.end());
  }
  Blob take() { return std::move(blob_); }

 private:
  Blob blob_;
};

// Reads what Writer wrote. The first fault sticks: everything after it reads as zero or empty, and
// end() tells.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> blob) : left_(blob) {
    if (byte() != kVersion) good_ = false;
  }

  std::uint8_t byte() {
    const auto one = raw(1);
    return one.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(one[0]);
  }
  std::uint64_t length() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const std::uint8_t next = byte();
      value |= std::uint64_t{next & 0x7fU} << shift;
      if (next < 0x80) return value;
    }
    good_ = false;  // longer than any blob
    return 0;
  }
  // How many things follow, each of which takes at least `bytes_each`.
  std::size_t count(std::size_t bytes_each) {
    const std::uint64_t value = length();
    if (value > left_.size() / bytes_each) good_ = false;
    return good_ ? static_cast<std::size_t>(value) : 0;
  }
  float real() {
    std::uint32_t bits = 0;
    const auto four = raw(4);
    for (std::size_t i = 0; i < four.size(); ++i) {
      bits |= std::to_integer<std::uint32_t>(four[i]) << (8 * i);
    }
    return std::bit_cast<float>(bits);
  }
  float finite() {
    const float value = real();
    if (!std::isfinite(value)) good_ = false;
    return good_ ? value : 0;
  }
  std::string text() {
    const auto characters = raw(count(1));
    return {reinterpret_cast<const char*>(characters.data()), characters.size()};
  }
  std::span<const std::byte> raw(std::uint64_t size) {
    if (size > left_.size()) good_ = false;
    if (!good_) return {};
    const auto taken = left_.first(static_cast<std::size_t>(size));
    left_ = left_.subspan(taken.size());
    return taken;
  }
  void fail() { good_ = false; }
  bool good() const { return good_; }
  // Was all of it sound, and nothing left over?
  bool end() const { return good_ && left_.empty(); }

 private:
  std::span<const std::byte> left_;
  bool good_ = true;
};

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

ink::Stroke read_stroke(Reader& in) {
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

recognizer::GlyphReading read_glyph(Reader& in) {
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
  Writer out;
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
  Reader in(blob);
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
  Writer out;
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
  Reader in(blob);
  std::vector<recognizer::GlyphReading> glyphs(in.count(22));
  for (auto& glyph : glyphs) {
    glyph = read_glyph(in);
    if (!in.good()) return damaged("glyphs' readings");
  }
  if (!in.end()) return damaged("glyphs' readings");
  return glyphs;
}

Blob encode_images(const std::vector<ink::GreyImage>& images) {
  Writer out;
  out.length(images.size());
  for (const auto& image : images) {
    out.length(static_cast<std::size_t>(image.width));
    out.length(static_cast<std::size_t>(image.height));
    out.bytes(image.pixels);
  }
  return out.take();
}

Result<std::vector<ink::GreyImage>> decode_images(std::span<const std::byte> blob) {
  Reader in(blob);
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
