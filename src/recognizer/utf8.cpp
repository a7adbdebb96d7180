#include <cstdint>

#include "recognizer/card.h"

namespace longhand::recognizer {
namespace {

struct Decoded {
  char32_t code_point = 0;
  std::size_t length = 0;  // 0 for what is no UTF-8
};

// One code point from the front, by the table of well-formed sequences of the Unicode standard
// (3.9, table 3-7): no overlong forms, no surrogates, nothing past U+10FFFF.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return {};
  char32_t value = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3f);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return {};
  return {value, length};
}

}  // namespace

Result<std::vector<std::string>> split_code_points(std::string_view utf8) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at < utf8.size();) {
    const Decoded next = decode(utf8.substr(at));
    if (next.length == 0) {
      return fail(ErrorCode::kInvalidArgument,
                  "the text is no UTF-8: wrong byte at position " + std::to_string(at));
    }
    result.emplace_back(utf8.substr(at, next.length));
    at += next.length;
  }
  return result;
}

std::string to_utf8(char32_t c) {
  std::string text;
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
  return text;
}

char32_t first_code_point(std::string_view utf8) { return decode(utf8).code_point; }

}  // namespace longhand::recognizer
