#pragma once

#include <span>
#include <string>
#include <vector>

#include "recognizer/lookalikes.h"

namespace longhand::recognizer {

// softmax(logits / temperature), in double precision. Sizes must agree.
void softmax(std::span<const float> logits, float temperature, std::span<float> out);

// How sure a model is of each character, by its logits: their softmax at the temperature that was
// fitted to characters held out (Guo et al., 2017), and then those that one shape may be brought
// nearer to each other. A network learns by what its own writers tell O from o and 0, which tells
// it of others' less than it takes it to. Immutable; shared by threads.
class Confidences {
 public:
  Confidences(const std::vector<std::string>& alphabet, float temperature,
              float lookalike_temperature);

  // `out` has as many as the alphabet. What a broken network makes (NaN) is no confidence: 0.
  void of(std::span<const float> logits, std::span<float> out) const;

  // How sure it is that there is a character at all: what the likeliest shape has, whichever of its
  // characters it may be. To be compared with a card's reject_threshold.
  float of_shape(std::span<const float> confidences) const;

 private:
  Lookalikes lookalikes_;
  float temperature_, lookalike_temperature_;
};

}  // namespace longhand::recognizer
