#include "training/calibration.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

namespace longhand::training {
namespace {

// log(sum(exp(row / temperature)))
double log_sum(std::span<const float> row, double temperature) {
  const double largest = *std::max_element(row.begin(), row.end());
  double sum = 0;
  for (const float value : row) sum += std::exp((value - largest) / temperature);
  return largest / temperature + std::log(sum);
}

double share_below(const std::vector<float>& sorted, float limit) {
  if (sorted.empty()) return 1;
  const auto below = std::lower_bound(sorted.begin(), sorted.end(), limit) - sorted.begin();
  return static_cast<double>(below) / static_cast<double>(sorted.size());
}

}  // namespace

double negative_log_likelihood(std::span<const float> logits, std::span<const std::int32_t> labels,
                               double temperature) {
  if (labels.empty()) return 0;
  const std::size_t classes = logits.size() / labels.size();
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = logits.subspan(i * classes, classes);
    sum += log_sum(row, temperature) - row[static_cast<std::size_t>(labels[i])] / temperature;
  }
  return sum / static_cast<double>(labels.size());
}

double fit_temperature(std::span<const float> logits, std::span<const std::int32_t> labels) {
  // The likelihood has one peak along the temperature; a golden-section search on its logarithm.
  const auto loss = [&](double at) {
    return negative_log_likelihood(logits, labels, std::exp(at));
  };
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  double low = std::log(1.0 / 8);
  double high = std::log(8.0);
  for (int i = 0; i < 40; ++i) {
    const double left = high - ratio * (high - low);
    const double right = low + ratio * (high - low);
    if (loss(left) < loss(right)) {
      high = right;
    } else {
      low = left;
    }
  }
  return std::exp((low + high) / 2);
}

double accuracy(std::span<const float> logits, std::span<const std::int32_t> labels) {
  if (labels.empty()) return 0;
  const std::size_t classes = logits.size() / labels.size();
  std::size_t correct = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = logits.subspan(i * classes, classes);
    const auto best = std::max_element(row.begin(), row.end()) - row.begin();
    if (best == labels[i]) ++correct;
  }
  return static_cast<double>(correct) / static_cast<double>(labels.size());
}

double accuracy_by_chance(std::span<const std::int32_t> labels) {
  if (labels.empty()) return 0;
  std::map<std::int32_t, double> counts;
  double most = 0;
  for (const std::int32_t label : labels) most = std::max(most, ++counts[label]);
  const auto all = static_cast<double>(labels.size());
  const double share = most / all;
  return share + 2 * std::sqrt(share * (1 - share) / all);
}

Threshold choose_threshold(std::vector<float> characters, std::vector<float> negatives,
                           double loss) {
  Threshold result;
  if (characters.empty()) return result;
  std::sort(characters.begin(), characters.end());
  std::sort(negatives.begin(), negatives.end());
  const float at =
      characters[static_cast<std::size_t>(loss * static_cast<double>(characters.size()))];
  result.confidence = static_cast<double>(at);
  result.characters_lost = share_below(characters, at);
  result.negatives_refused = share_below(negatives, at);
  return result;
}

}  // namespace longhand::training
