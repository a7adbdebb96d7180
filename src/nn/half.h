#pragma once

#include <bit>
#include <cstdint>
#include <optional>

namespace longhand::nn {

// float16 (IEEE 754 binary16), widened exactly.
inline float from_float16(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1fU;
  const std::uint32_t mantissa = bits & 0x3ffU;
  if (exponent == 0) {  // zero or subnormal: mantissa times 2^-24, exact in float32
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + (127 - 15);
  return std::bit_cast<float>(sign | (wide << 23) | (mantissa << 13));
}

// The finite float16 that is exactly this number; nullopt if there is none.
inline std::optional<std::uint16_t> as_float16(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
  const std::uint32_t exponent = (bits >> 23) & 0xffU;
  if (exponent >= 127 - 14 && exponent <= 127 + 15) {
    if ((bits & 0x1fffU) != 0) return std::nullopt;
    return static_cast<std::uint16_t>(sign | ((exponent - (127 - 15)) << 10) |
                                      ((bits >> 13) & 0x3ffU));
  }
  const float magnitude = std::bit_cast<float>(bits & 0x7fffffffU);
  if (!(magnitude < 0x1p-14F)) return std::nullopt;  // too large, infinite or no number
  const float units = magnitude * 0x1p24F;           // of the smallest float16
  const auto whole = static_cast<std::uint16_t>(units);
  if (static_cast<float>(whole) != units) return std::nullopt;
  return static_cast<std::uint16_t>(sign | whole);
}

}  // namespace longhand::nn
