#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace longhand::training {

// Mean of -log softmax(logits / temperature)[label] over labels.size() rows.
double negative_log_likelihood(std::span<const float> logits, std::span<const std::int32_t> labels,
                               double temperature);

// The temperature in [1/8, 8] with the least negative log-likelihood (Guo et al. 2017).
double fit_temperature(std::span<const float> logits, std::span<const std::int32_t> labels);

// The share of rows whose largest logit is the label's.
double accuracy(std::span<const float> logits, std::span<const std::int32_t> labels);

// The accuracy that luck may give: that of the most frequent label as the answer to everything,
// and twice the deviation of so many answers.
double accuracy_by_chance(std::span<const std::int32_t> labels);

struct Threshold {
  double confidence = 0;         // readings below it are to be refused
  double characters_lost = 0;    // share of the characters that it refuses
  double negatives_refused = 0;  // share of the pictures that are none; 1 when there were none
};

// The highest threshold at which at most `loss` of the characters are refused, by how sure each is,
// in any order.
Threshold choose_threshold(std::vector<float> characters, std::vector<float> negatives,
                           double loss);

}  // namespace longhand::training
