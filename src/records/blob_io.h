#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "records/blob.h"

namespace longhand::records {

// How blobs are written and read; docs/store.md describes the bytes. Each begins with this.
inline constexpr std::uint8_t kBlobVersion = 1;

// Little-endian, lengths as LEB128.
class BlobWriter {
 public:
  BlobWriter() { byte(kBlobVersion); }

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

// Reads what BlobWriter wrote. The first fault sticks: everything after it reads as zero or empty,
// and end() tells.
class BlobReader {
 public:
  explicit BlobReader(std::span<const std::byte> blob) : left_(blob) {
    if (byte() != kBlobVersion) good_ = false;
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

}  // namespace longhand::records
