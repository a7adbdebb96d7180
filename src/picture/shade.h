#pragma once

#include <cstdint>

#include "picture/tones.h"

namespace longhand::picture {

// What an index into a palette stands for.
struct Shade {
  Color color;
  std::uint8_t alpha = 255;
};

// A sample of 1 to 16 bits spread over 0..255, rounded.
constexpr std::uint8_t to_eight_bits(unsigned value, unsigned max) {
  return value >= max ? 255 : static_cast<std::uint8_t>((value * 255 + max / 2) / max);
}

}  // namespace longhand::picture
