#pragma once

#include <cstdint>

namespace longhand::picture {

// Luma by ITU-R BT.601 (0.299, 0.587, 0.114), which is also what a JPEG stores, rounded.
constexpr std::uint8_t luma(unsigned red, unsigned green, unsigned blue) {
  return static_cast<std::uint8_t>((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);
}

// What an index into a palette stands for.
struct Shade {
  std::uint8_t grey = 0;
  std::uint8_t alpha = 255;
};

// A sample of 1 to 16 bits spread over 0..255, rounded.
constexpr std::uint8_t to_eight_bits(unsigned value, unsigned max) {
  return value >= max ? 255 : static_cast<std::uint8_t>((value * 255 + max / 2) / max);
}

}  // namespace longhand::picture
