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
  Normal width, height, middle;  // as SizeInLine has them
};

// From how people are taught to write them, with room for those who don't.
constexpr std::array kSigns = {Usual{"+", {0.55, 0.2}, {0.6, 0.2}, {0.05, 0.15}},
                               Usual{"-", {0.45, 0.2}, {0.12, 0.12}, {0.05, 0.15}},
                               Usual{".", {0.1, 0.08}, {0.13, 0.1}, {0.42, 0.13}},
                               Usual{",", {0.15, 0.1}, {0.3, 0.13}, {0.5, 0.15}},
                               Usual{"/", {0.45, 0.2}, {1.15, 0.25}, {0.0, 0.2}},
                               Usual{":", {0.13, 0.1}, {0.6, 0.2}, {0.12, 0.17}},
                               Usual{"%", {0.85, 0.25}, {0.9, 0.2}, {0.0, 0.2}},
                               Usual{"#", {0.8, 0.25}, {1.0, 0.25}, {0.0, 0.2}},
                               Usual{"$", {0.6, 0.25}, {1.15, 0.25}, {0.0, 0.2}},
                               Usual{"€", {0.75, 0.25}, {1.0, 0.25}, {0.0, 0.2}},
                               Usual{"£", {0.7, 0.25}, {1.05, 0.25}, {0.0, 0.2}},
                               Usual{"¥", {0.7, 0.25}, {1.0, 0.25}, {0.0, 0.2}}};
constexpr Usual kOthers{"", {0.5, 0.6}, {1.0, 0.2}, {0.0, 0.2}};

// Smaller than this, whichever way it is measured, a shape counts less, but no less than so much.
constexpr double kTiny = 0.3, kLeastOfShape = 0.25;

// Signs lower than this stand by themselves; how usual it is that one touches its neighbour.
constexpr double kSmallSign = 0.7, kTouching = 0.01;

// What is usual for nothing; and the density of sizes and of places among all runs of pieces.
constexpr double kUnusual = 0.01, kAny = 0.8;

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

double how_usual(const SizeInLine& size, const Usual& usual) {
  const bool small = usual.height.mean < kSmallSign;
  return (size.cut && small ? kTouching : 1) * how_usual(size.width, usual.width) *
         how_usual(size.height, usual.height) * how_usual(size.middle, usual.middle);
}

double sum_of(std::span<const float> characters) {
  double sum = 0;
  for (const float character : characters) sum += static_cast<double>(character);
  return sum;
}

// Nearer to each other, the sum as it was.
void temper(std::span<float> characters, double exponent) {
  const double before = sum_of(characters);
  for (float& c : characters) c = static_cast<float>(std::pow(static_cast<double>(c), exponent));
  const double after = sum_of(characters);
  for (float& c : characters) c *= static_cast<float>(before / after);
}

}  // namespace

bool has_signs(std::span<const std::string> alphabet) {
  return std::find(alphabet.begin(), alphabet.end(), ",") != alphabet.end() ||
         std::find(alphabet.begin(), alphabet.end(), ".") != alphabet.end();
}

double worth_of_size(const SizeInLine& size, std::string_view character) {
  return std::log(how_usual(size, usual_of(character)));
}

double weigh_by_size(const SizeInLine& size, std::span<const std::string> alphabet,
                     std::span<float> characters) {
  const double before = sum_of(characters);
  const double extent = std::max(size.width, size.height);
  if (before > 0 && extent < kTiny) temper(characters, std::max(kLeastOfShape, extent / kTiny));
  for (std::size_t c = 0; c < characters.size(); ++c)
    characters[c] *= static_cast<float>(how_usual(size, usual_of(alphabet[c])));
  const double after = sum_of(characters);
  if (before <= 0 || after <= 0) return 0;
  for (float& character : characters) character *= static_cast<float>(before / after);
  return std::log(after / before);
}

}  // namespace longhand::recognizer
