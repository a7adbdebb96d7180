#include "recognizer/sign_size.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace longhand::recognizer {
namespace {

// A normal distribution.
struct Normal {
  double mean, deviation;
};

struct Usual {
  std::string_view sign;
  Normal height, middle;  // as SizeInLine has them
};

// From how people are taught to write them, with room for those who don't.
constexpr std::array kSigns = {
    Usual{"+", {0.6, 0.2}, {0.05, 0.15}},   Usual{"-", {0.12, 0.12}, {0.05, 0.15}},
    Usual{".", {0.13, 0.1}, {0.42, 0.13}},  Usual{",", {0.3, 0.13}, {0.5, 0.15}},
    Usual{"/", {1.15, 0.25}, {0.0, 0.2}},   Usual{":", {0.6, 0.2}, {0.12, 0.17}},
    Usual{"%", {0.9, 0.2}, {0.0, 0.2}},     Usual{"#", {1.0, 0.25}, {0.0, 0.2}},
    Usual{"$", {1.15, 0.25}, {0.0, 0.2}},   Usual{"€", {1.0, 0.25}, {0.0, 0.2}},
    Usual{"£", {1.05, 0.25}, {0.0, 0.2}},   Usual{"¥", {1.0, 0.25}, {0.0, 0.2}}};
constexpr Usual kOthers{"", {1.0, 0.2}, {0.0, 0.2}};

// What is usual for nothing; and the density of sizes and of places among all runs of pieces.
constexpr double kUnusual = 0.03, kAny = 0.8;

const Usual& usual_of(std::string_view character) {
  const auto found = std::find_if(kSigns.begin(), kSigns.end(),
                                  [&](const Usual& usual) { return usual.sign == character; });
  return found == kSigns.end() ? kOthers : *found;
}

double how_usual(double value, const Normal& normal) {
  constexpr double kRootOfTwoPi = 2.5066282746310002;
  const double z = (value - normal.mean) / normal.deviation;
  return (std::exp(-z * z / 2) / (normal.deviation * kRootOfTwoPi) + kUnusual) / kAny;
}

}  // namespace

bool has_signs(std::span<const std::string> alphabet) {
  return std::find(alphabet.begin(), alphabet.end(), ",") != alphabet.end() ||
         std::find(alphabet.begin(), alphabet.end(), ".") != alphabet.end();
}

double weigh_by_size(const SizeInLine& size, std::span<const std::string> alphabet,
                     std::span<float> characters) {
  double before = 0, after = 0;
  for (std::size_t c = 0; c < characters.size(); ++c) {
    before += static_cast<double>(characters[c]);
    const Usual& usual = usual_of(alphabet[c]);
    characters[c] *= static_cast<float>(how_usual(size.height, usual.height) *
                                        how_usual(size.middle, usual.middle));
    after += static_cast<double>(characters[c]);
  }
  if (before <= 0 || after <= 0) return 0;
  for (float& character : characters) character *= static_cast<float>(before / after);
  return std::log(after / before);
}

}  // namespace longhand::recognizer
