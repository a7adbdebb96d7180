#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "training/layers.h"
#include "training/recipe.h"

namespace longhand::training {

// Weights as small whole numbers: weight i of a channel is about values[i] * the channel's scale.
struct Quantized {
  std::vector<std::int8_t> values;  // from -limit to limit: 7 for 4 bits, 127 for 8
  std::vector<float> scales;        // one a channel, more than 0
};

// How many bits a weight has while the network is trained and run: 4 or 8; 0 where it is a float.
int bits_of(WeightType type);

// `weights` holds the channels one after the other, all of one length. The largest weight of a
// channel is at the limit, so that none is cut off: with the 100 to 300 weights of a small
// network's channel that is also about where the error is least.
Quantized quantize(std::span<const float> weights, std::int64_t channels, int bits);

// Every convolution's and linear layer's weights, as the exported file will hold them: quantised by
// output channel and back. `decayed` and the result are Weights::decayed of that network.
std::vector<float> as_quantized(const Network& network, std::span<const float> decayed, int bits);

}  // namespace longhand::training
