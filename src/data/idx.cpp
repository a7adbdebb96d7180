#include "data/idx.h"

#include <algorithm>
#include <cstdio>
#include <limits>

namespace longhand::data {
namespace {

// The element types of the format, http://yann.lecun.com/exdb/mnist/.
enum Type : std::uint8_t { kUint8 = 0x08, kInt8 = 0x09, kInt16 = 0x0B, kInt32 = 0x0C };

constexpr std::size_t kMagic = 4;
constexpr std::uint32_t kMaxSide = 8192;  // of one picture

std::uint32_t big_endian_32(const std::uint8_t* p) {
  return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
         static_cast<std::uint32_t>(p[2]) << 8 | static_cast<std::uint32_t>(p[3]);
}

struct Header {
  std::uint8_t type = 0;
  std::vector<std::uint32_t> dims;
  std::span<const std::uint8_t> data;
};

std::string hex(std::uint8_t byte) {
  char text[8];
  std::snprintf(text, sizeof text, "0x%02X", static_cast<unsigned>(byte));
  return text;
}

Result<Header> parse_header(std::span<const std::uint8_t> bytes, const std::string& name,
                            std::size_t dimensions) {
  const auto bad = [&](const std::string& what) {
    return fail(ErrorCode::kCorruptData, name + ": " + what);
  };
  if (bytes.size() < kMagic)
    return bad("only " + std::to_string(bytes.size()) + " bytes, an IDX file has at least 4");
  if (bytes[0] != 0 || bytes[1] != 0)
    return bad("no IDX file: it starts with " + hex(bytes[0]) + " " + hex(bytes[1]) +
               ", where two zero bytes belong");
  if (bytes[3] != dimensions)
    return bad("has " + std::to_string(bytes[3]) + " dimension(s), " + std::to_string(dimensions) +
               (dimensions == 3 ? " are needed (pictures)" : " is needed (labels)"));
  const std::size_t start = kMagic + 4 * dimensions;
  if (bytes.size() < start)
    return bad("cut short in its header: " + std::to_string(bytes.size()) + " bytes of " +
               std::to_string(start));
  Header header;
  header.type = bytes[2];
  for (std::size_t i = 0; i < dimensions; ++i)
    header.dims.push_back(big_endian_32(bytes.data() + kMagic + 4 * i));
  header.data = bytes.subspan(start);
  return header;
}

// Is there exactly what the header announces? Counted so that no product can overflow.
Result<void> check_size(const Header& header, std::size_t element_bytes, const std::string& name) {
  std::size_t left = header.data.size() / element_bytes;
  std::size_t needed = 1;
  bool fits = true;
  if (std::find(header.dims.begin(), header.dims.end(), 0U) != header.dims.end()) {
    needed = 0;
  } else {
    for (const std::uint32_t dim : header.dims) {
      fits = fits && dim <= left;
      left /= dim;
      if (fits) needed *= dim;
    }
  }
  std::string shape;
  for (const std::uint32_t dim : header.dims)
    shape += (shape.empty() ? "" : " x ") + std::to_string(dim);
  const std::string have = std::to_string(header.data.size()) + " bytes of data";
  if (!fits)
    return fail(ErrorCode::kCorruptData,
                name + ": cut short: " + have + ", its header says " + shape +
                    (element_bytes > 1 ? " of " + std::to_string(element_bytes) : ""));
  if (needed * element_bytes != header.data.size())
    return fail(ErrorCode::kCorruptData, name + ": " + have + ", its header says " + shape + " = " +
                                             std::to_string(needed * element_bytes) +
                                             "; what follows is no part of it");
  return {};
}

// 0 for a type that is not taken.
std::size_t bytes_of(std::uint8_t type) {
  switch (type) {
    case kUint8:
    case kInt8:
      return 1;
    case kInt16:
      return 2;
    case kInt32:
      return 4;
    default:
      return 0;
  }
}

std::int32_t element(const Header& header, std::size_t i) {
  const std::uint8_t* p = header.data.data() + i * bytes_of(header.type);
  switch (header.type) {
    case kUint8:
      return p[0];
    case kInt8:
      return static_cast<std::int8_t>(p[0]);
    case kInt16:
      return static_cast<std::int16_t>(p[0] << 8 | p[1]);
    default:
      return static_cast<std::int32_t>(big_endian_32(p));
  }
}

bool is_scalar_value(std::int64_t c) {
  return c >= 0 && c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF);
}

}  // namespace

Result<IdxImages> parse_idx_images(std::span<const std::uint8_t> bytes, const std::string& name) {
  auto header = parse_header(bytes, name, 3);
  if (!header) return tl::unexpected(header.error());
  if (header->type != kUint8)
    return fail(ErrorCode::kCorruptData, name + ": pictures of type " + hex(header->type) +
                                             ", unsigned bytes (0x08) are needed");
  if (auto size = check_size(*header, 1, name); !size) return tl::unexpected(size.error());
  const std::uint32_t height = header->dims[1];
  const std::uint32_t width = header->dims[2];
  if (height == 0 || width == 0 || height > kMaxSide || width > kMaxSide)
    return fail(ErrorCode::kCorruptData, name + ": pictures of " + std::to_string(width) + " x " +
                                             std::to_string(height) + " pixels, 1 to " +
                                             std::to_string(kMaxSide) + " a side are taken");
  if (header->dims[0] > static_cast<std::uint32_t>(std::numeric_limits<int>::max()))
    return fail(ErrorCode::kTooLarge, name + ": more pictures than this program can count");
  IdxImages images;
  images.count = static_cast<int>(header->dims[0]);
  images.width = static_cast<int>(width);
  images.height = static_cast<int>(height);
  images.pixels.assign(header->data.begin(), header->data.end());
  return images;
}

Result<IdxLabels> parse_idx_labels(std::span<const std::uint8_t> bytes, const std::string& name) {
  auto header = parse_header(bytes, name, 1);
  if (!header) return tl::unexpected(header.error());
  if (header->type != kUint8 && header->type != kInt32)
    return fail(ErrorCode::kCorruptData,
                name + ": labels of type " + hex(header->type) +
                    ", unsigned bytes (0x08, class indices) or 32-bit integers (0x0C, Unicode "
                    "code points) are needed");
  if (auto size = check_size(*header, bytes_of(header->type), name); !size)
    return tl::unexpected(size.error());
  IdxLabels labels;
  labels.are_code_points = header->type == kInt32;
  labels.values.reserve(header->dims[0]);
  for (std::size_t i = 0; i < header->dims[0]; ++i) {
    const std::int32_t value = element(*header, i);
    if (labels.are_code_points && !is_scalar_value(value))
      return fail(ErrorCode::kCorruptData, name + ": label " + std::to_string(i) + " is " +
                                               std::to_string(value) +
                                               ", which is no Unicode code point");
    labels.values.push_back(static_cast<std::uint32_t>(value));
  }
  return labels;
}

Result<std::vector<std::int32_t>> parse_idx_integers(std::span<const std::uint8_t> bytes,
                                                     const std::string& name) {
  auto header = parse_header(bytes, name, 1);
  if (!header) return tl::unexpected(header.error());
  const std::size_t element_bytes = bytes_of(header->type);
  if (element_bytes == 0)
    return fail(ErrorCode::kCorruptData, name + ": elements of type " + hex(header->type) +
                                             ", integers (0x08, 0x09, 0x0B, 0x0C) are needed");
  if (auto size = check_size(*header, element_bytes, name); !size)
    return tl::unexpected(size.error());
  std::vector<std::int32_t> values(header->dims[0]);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = element(*header, i);
  return values;
}

Result<IdxImages> read_idx_images(const std::filesystem::path& file) {
  return read_maybe_gzip(file).and_then(
      [&](const auto& bytes) { return parse_idx_images(bytes, file.string()); });
}

Result<IdxLabels> read_idx_labels(const std::filesystem::path& file) {
  return read_maybe_gzip(file).and_then(
      [&](const auto& bytes) { return parse_idx_labels(bytes, file.string()); });
}

Result<std::vector<std::int32_t>> read_idx_integers(const std::filesystem::path& file) {
  return read_maybe_gzip(file).and_then(
      [&](const auto& bytes) { return parse_idx_integers(bytes, file.string()); });
}

}  // namespace longhand::data
