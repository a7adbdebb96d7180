#include "recognizer/confidences.h"

#include <algorithm>
#include <cmath>

namespace longhand::recognizer {

void softmax(std::span<const float> logits, float temperature, std::span<float> out) {
  const double top = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const float logit : logits) sum += std::exp((logit - top) / temperature);
  for (std::size_t i = 0; i < logits.size(); ++i) {
    out[i] = static_cast<float>(std::exp((logits[i] - top) / temperature) / sum);
  }
}

Confidences::Confidences(const std::vector<std::string>& alphabet, float temperature,
                         float lookalike_temperature)
    : lookalikes_(alphabet),
      temperature_(temperature),
      lookalike_temperature_(lookalike_temperature) {}

void Confidences::of(std::span<const float> logits, std::span<float> out) const {
  softmax(logits, temperature_, out);
  lookalikes_.temper(lookalike_temperature_, out);
  for (float& share : out) share = share >= 0 ? share : 0;
}

float Confidences::of_shape(std::span<const float> confidences) const {
  return static_cast<float>(lookalikes_.top(confidences));
}

}  // namespace longhand::recognizer
