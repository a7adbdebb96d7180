#include "recognizer/letter_case.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace longhand::recognizer {
namespace {

// How high a character is beside the line's capitals, as a logarithm, and how far hands are from
// that. A letter without stem is a bit under two thirds of a capital (Latin type: 0.6 to 0.75;
// hands write it smaller).
struct Stature {
  double height = 0;
  double deviation = 0.15;
};

Stature stature_of(const std::string& character) {
  constexpr std::string_view kSmall = "acemnorsuvwxz";
  constexpr std::string_view kFree = "fgijpqty";  // a stem of any length, a tail, a dot
  if (character.size() == 1 && kSmall.find(character[0]) != std::string_view::npos)
    return {std::log(0.6), 0.15};
  if (character.size() == 1 && kFree.find(character[0]) != std::string_view::npos)
    return {std::log(0.9), 0.3};
  return {0, 0.15};
}

double likelihood(double height, const Stature& stature, double capital) {
  const double off = (height - capital - stature.height) / stature.deviation;
  // A height that is like nothing else says nothing: mistakes, and hands that dance.
  constexpr double kOutlier = 0.02;
  return kOutlier + std::exp(-0.5 * off * off) / stature.deviation;
}

}  // namespace

bool has_both_cases(const std::vector<std::string>& alphabet) {
  const auto has = [&](const char* c) {
    return std::find(alphabet.begin(), alphabet.end(), c) != alphabet.end();
  };
  return has("O") && has("o");
}

void weigh_by_height(std::span<const float> heights, const std::vector<std::string>& alphabet,
                     std::vector<std::vector<float>>& characters) {
  if (heights.size() < 2) return;
  std::vector<Stature> statures;
  for (const std::string& c : alphabet) statures.push_back(stature_of(c));
  std::vector<double> logs;
  for (const float height : heights) logs.push_back(std::log(static_cast<double>(height)));
  const auto [least, most] = std::minmax_element(logs.begin(), logs.end());

  // The heights that capitals may have, and the logarithm of how likely each makes the glyphs.
  constexpr double kStep = 0.05;
  std::vector<double> capitals, weights;
  for (double at = *least - 0.2; at <= *most + 0.8; at += kStep) capitals.push_back(at);
  for (const double capital : capitals) {
    double weight = 0;
    for (std::size_t i = 0; i < logs.size(); ++i) {
      double sum = 1e-30;
      for (std::size_t c = 0; c < statures.size(); ++c) {
        sum += static_cast<double>(characters[i][c]) * likelihood(logs[i], statures[c], capital);
      }
      weight += std::log(sum);
    }
    weights.push_back(weight);
  }
  const double top = *std::max_element(weights.begin(), weights.end());
  for (double& weight : weights) weight = std::exp(weight - top);

  for (std::size_t i = 0; i < logs.size(); ++i) {
    std::vector<double> weighed(statures.size());
    for (std::size_t k = 0; k < capitals.size(); ++k) {
      double sum = 1e-30;
      std::vector<double> here(statures.size());
      for (std::size_t c = 0; c < statures.size(); ++c) {
        here[c] =
            static_cast<double>(characters[i][c]) * likelihood(logs[i], statures[c], capitals[k]);
        sum += here[c];
      }
      for (std::size_t c = 0; c < here.size(); ++c) weighed[c] += weights[k] * here[c] / sum;
    }
    double before = 0, after = 1e-30;
    for (std::size_t c = 0; c < weighed.size(); ++c) {
      before += static_cast<double>(characters[i][c]), after += weighed[c];
    }
    for (std::size_t c = 0; c < weighed.size(); ++c) {
      characters[i][c] = static_cast<float>(weighed[c] * before / after);
    }
  }
}

}  // namespace longhand::recognizer
