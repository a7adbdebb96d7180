#include "evaluation/html.h"

#include <cmath>
#include <cstdio>

#include "picture/picture.h"

namespace longhand::evaluation {
namespace {

std::string formatted(const char* format, int digits, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, digits, value);
  return text;
}

std::string base64(const std::vector<std::byte>& bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? std::to_integer<unsigned>(bytes[i + k]) : 0U);
    for (unsigned k = 0; k < 4; ++k)
      text += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63U] : '=';
  }
  return text;
}

}  // namespace

std::string number(double value, int digits) {
  return formatted("%.*g", digits, value);
}

std::string percent(double share, int decimals) {
  return formatted("%.*f", decimals, 100 * share) + "\u00A0%";
}

std::string grouped(std::size_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, "\u202F");
  return digits;
}

std::string picture_url(const ink::GreyImage& image) {
  return image.empty() ? "" : "data:image/png;base64," + base64(picture::encode_png(image));
}

}  // namespace longhand::evaluation
