#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace longhand::picture {

using Bytes = std::span<const std::byte>;

// Reads of whole numbers at an offset. A read past the end gives 0, so that a parser checks the
// bounds once for a whole structure (`has`) and can't touch foreign memory if it forgets to.
class Reader {
 public:
  explicit Reader(Bytes bytes, bool big_endian = true) : bytes_(bytes), big_endian_(big_endian) {}

  std::size_t size() const { return bytes_.size(); }
  // Whether `count` bytes stand from `offset` on.
  bool has(std::size_t offset, std::size_t count) const {
    return offset <= bytes_.size() && count <= bytes_.size() - offset;
  }
  std::uint8_t u8(std::size_t offset) const {
    return offset < bytes_.size() ? std::to_integer<std::uint8_t>(bytes_[offset]) : 0;
  }
  std::uint32_t u16(std::size_t offset) const { return number(offset, 2); }
  std::uint32_t u24(std::size_t offset) const { return number(offset, 3); }
  std::uint32_t u32(std::size_t offset) const { return number(offset, 4); }
  // Whether the characters of `text` stand at `offset`.
  bool is(std::size_t offset, std::string_view text) const {
    return has(offset, text.size()) &&
           std::memcmp(bytes_.data() + offset, text.data(), text.size()) == 0;
  }

 private:
  std::uint32_t number(std::size_t offset, std::size_t count) const {
    if (!has(offset, count)) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
      value = value << 8 | u8(big_endian_ ? offset + i : offset + count - 1 - i);
    return value;
  }

  Bytes bytes_;
  bool big_endian_;
};

inline const std::uint8_t* data_of(Bytes bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

}  // namespace longhand::picture
