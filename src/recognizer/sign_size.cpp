#include "recognizer/sign_size.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace longhand::recognizer {
namespace {

// Heights beside the usual one of a line, as a normal distribution.
struct Size {
  std::string_view sign;
  double mean, deviation;
};

// From how people are taught to write them, with room for those who don't.
constexpr std::array kSizes = {
    Size{"+", 0.6, 0.2},   Size{"-", 0.12, 0.12}, Size{".", 0.13, 0.1}, Size{",", 0.3, 0.13},
    Size{"/", 1.15, 0.25}, Size{":", 0.6, 0.2},   Size{"%", 0.9, 0.2},  Size{"#", 1.0, 0.25},
    Size{"$", 1.15, 0.25}, Size{"€", 1.0, 0.25},  Size{"£", 1.05, 0.25}, Size{"¥", 1.0, 0.25}};
constexpr Size kOthers{"", 1.0, 0.2};

// A height that is usual for nothing; and the density of heights among all runs of pieces.
constexpr double kUnusual = 0.03, kAnyHeight = 0.8;

const Size& size_of(std::string_view character) {
  const auto found = std::find_if(kSizes.begin(), kSizes.end(),
                                  [&](const Size& size) { return size.sign == character; });
  return found == kSizes.end() ? kOthers : *found;
}

double how_usual(double height, const Size& size) {
  constexpr double kRootOfTwoPi = 2.5066282746310002;
  const double z = (height - size.mean) / size.deviation;
  return (std::exp(-z * z / 2) / (size.deviation * kRootOfTwoPi) + kUnusual) / kAnyHeight;
}

}  // namespace

bool has_signs(std::span<const std::string> alphabet) {
  return std::find(alphabet.begin(), alphabet.end(), ",") != alphabet.end() ||
         std::find(alphabet.begin(), alphabet.end(), ".") != alphabet.end();
}

double weigh_by_size(double height, std::span<const std::string> alphabet,
                     std::span<float> characters) {
  double before = 0, after = 0;
  for (std::size_t c = 0; c < characters.size(); ++c) {
    before += static_cast<double>(characters[c]);
    characters[c] *= static_cast<float>(how_usual(height, size_of(alphabet[c])));
    after += static_cast<double>(characters[c]);
  }
  if (before <= 0 || after <= 0) return 0;
  for (float& character : characters) character *= static_cast<float>(before / after);
  return std::log(after / before);
}

}  // namespace longhand::recognizer
