#include "recognizer/stature.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace longhand::recognizer {
namespace {

// How high a character is beside the line's capitals, as a logarithm, how far below the line it
// reaches, in capitals' heights, and how far hands are from that. A letter without stem is a bit
// under two thirds of a capital (Latin type: 0.6 to 0.75; hands write it smaller), a tail a third.
struct Stature {
  double height, height_deviation;
  double below, below_deviation;
};

enum Class : std::size_t { kHigh, kSmall, kTail, kStem, kLongStem, kClasses };
constexpr std::array<Stature, kClasses> kStatures = {{
    {0, 0.15, 0, 0.13},        // capitals, digits, b d h k l
    {-0.51, 0.15, 0, 0.13},    // a c e m n o r s u v w x z
    {-0.1, 0.25, 0.33, 0.13},  // g p q y
    {-0.15, 0.25, 0, 0.13},    // i t: a stem of any length, a dot
    {-0.05, 0.25, 0.17, 0.2},  // f j
}};

Class class_of(const std::string& character) {
  const auto among = [&](std::string_view letters) {
    return character.size() == 1 && letters.find(character[0]) != std::string_view::npos;
  };
  if (among("acemnorsuvwxz")) return kSmall;
  if (among("gpqy")) return kTail;
  if (among("it")) return kStem;
  return among("fj") ? kLongStem : kHigh;
}

// What is usual for nothing says nothing: mistakes, and hands that dance.
constexpr double kOutlier = 0.02;

// A glyph: its height as a logarithm, and where its foot is, as high as the others' where the line
// slopes.
struct Place {
  double height, foot;
};

// The slope of the line through the glyphs' feet: the median of the slopes between far ones, so
// that tails don't count (Theil and Sen's estimator).
double slope_of(std::span<const ink::Box> boxes) {
  constexpr std::size_t kLeast = 5;
  std::vector<double> slopes;
  const std::size_t half = boxes.size() / 2;
  for (std::size_t i = 0; boxes.size() >= kLeast && i + half < boxes.size(); ++i) {
    const ink::Box &a = boxes[i], &b = boxes[i + half];
    const auto run = static_cast<double>(b.x - a.x);
    if (run > 0) slopes.push_back(static_cast<double>(b.y + b.h - a.y - a.h) / run);
  }
  if (slopes.empty()) return 0;
  const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 2);
  std::nth_element(slopes.begin(), middle, slopes.end());
  return *middle;
}

std::vector<Place> places_of(std::span<const ink::Box> boxes) {
  const double slope = slope_of(boxes);
  std::vector<Place> places;
  for (const ink::Box& box : boxes) {
    const auto height = static_cast<double>(std::max(1e-3F, box.h));
    places.push_back({std::log(height), static_cast<double>(box.y + box.h) -
                                            slope * static_cast<double>(box.x + box.w / 2)});
  }
  return places;
}

// A line as it may be: the logarithm of its capitals' height, and where it stands.
struct Line {
  double capital, foot;
};

// Capitals of any height, on the feet of some of the glyphs.
std::vector<Line> lines_through(std::span<const Place> places) {
  constexpr double kStep = 0.05;
  constexpr std::size_t kFeet = 9;
  const auto [least, most] =
      std::minmax_element(places.begin(), places.end(),
                          [](const Place& a, const Place& b) { return a.height < b.height; });
  std::vector<double> feet;
  for (const Place& place : places) feet.push_back(place.foot);
  std::sort(feet.begin(), feet.end());
  if (feet.size() > kFeet) {
    for (std::size_t k = 0; k < kFeet; ++k) feet[k] = feet[k * (feet.size() - 1) / (kFeet - 1)];
    feet.resize(kFeet);
  }
  std::vector<Line> lines;
  for (double at = least->height - 0.2; at <= most->height + 0.8; at += kStep) {
    for (const double foot : feet) lines.push_back({at, foot});
  }
  return lines;
}

using Likelihoods = std::array<double, kClasses>;

Likelihoods likelihoods_of(const Place& place, const Line& line) {
  const double below = (place.foot - line.foot) / std::exp(line.capital);
  Likelihoods result;
  for (std::size_t c = 0; c < kClasses; ++c) {
    const Stature& s = kStatures[c];
    const double high = (place.height - line.capital - s.height) / s.height_deviation;
    const double low = (below - s.below) / s.below_deviation;
    constexpr double kScale = 0.13;  // of densities: that of the plainest is 1
    result[c] = kOutlier + std::exp(-0.5 * (high * high + low * low)) / s.height_deviation *
                               kScale / s.below_deviation;
  }
  return result;
}

Likelihoods shares_of(std::span<const float> characters, std::span<const Class> classes) {
  Likelihoods shares{};
  for (std::size_t c = 0; c < characters.size(); ++c)
    shares[classes[c]] += static_cast<double>(characters[c]);
  return shares;
}

double sum_of_products(const Likelihoods& a, const Likelihoods& b) {
  double sum = 1e-30;
  for (std::size_t c = 0; c < kClasses; ++c) sum += a[c] * b[c];
  return sum;
}

// How likely each line makes all glyphs, the likeliest 1.
std::vector<double> weights_of(std::span<const Line> lines, std::span<const Place> places,
                               std::span<const Likelihoods> shares) {
  std::vector<double> weights;
  for (const Line& line : lines) {
    double weight = 0;
    for (std::size_t i = 0; i < places.size(); ++i)
      weight += std::log(sum_of_products(shares[i], likelihoods_of(places[i], line)));
    weights.push_back(weight);
  }
  const double top = *std::max_element(weights.begin(), weights.end());
  for (double& weight : weights) weight = std::exp(weight - top);
  return weights;
}

}  // namespace

bool has_both_cases(const std::vector<std::string>& alphabet) {
  const auto has = [&](const char* c) {
    return std::find(alphabet.begin(), alphabet.end(), c) != alphabet.end();
  };
  return has("O") && has("o");
}

void weigh_by_stature(std::span<const ink::Box> boxes, const std::vector<std::string>& alphabet,
                      std::vector<std::vector<float>>& characters) {
  if (boxes.size() < 2) return;
  std::vector<Class> classes;
  for (const std::string& c : alphabet) classes.push_back(class_of(c));
  std::vector<Likelihoods> shares;
  for (const auto& glyph : characters) shares.push_back(shares_of(glyph, classes));
  const std::vector<Place> places = places_of(boxes);
  const std::vector<Line> lines = lines_through(places);
  const std::vector<double> weights = weights_of(lines, places, shares);
  constexpr double kNegligible = 1e-6;
  for (std::size_t i = 0; i < places.size(); ++i) {
    Likelihoods weighed{};
    for (std::size_t k = 0; k < lines.size(); ++k) {
      if (weights[k] < kNegligible) continue;
      const Likelihoods says = likelihoods_of(places[i], lines[k]);
      const double sum = sum_of_products(shares[i], says);
      for (std::size_t c = 0; c < kClasses; ++c)
        weighed[c] += weights[k] * shares[i][c] * says[c] / sum;
    }
    double before = 0, after = 1e-30;
    for (std::size_t c = 0; c < kClasses; ++c) before += shares[i][c], after += weighed[c];
    for (std::size_t c = 0; c < alphabet.size(); ++c) {
      const double share = shares[i][classes[c]];
      if (share > 0)
        characters[i][c] *= static_cast<float>(weighed[classes[c]] / share * before / after);
    }
  }
}

}  // namespace longhand::recognizer
