#pragma once

#include <map>
#include <string>

#include "training/layers.h"
#include "training/recipe.h"

namespace longhand::training {

// The network as an ONNX file's bytes (opset 13, 14 where it needs HardSwish, 21 with weights of 4
// bits): one input "input" of batch x channels x height x width, one output "logits" of batch x
// classes. Batch normalisation is folded into the convolution before it; dropout is left out. With
// kFloat16 the weights of convolutions and linear layers are stored in half precision and brought
// back by Cast nodes; with kInt8 and kInt4 as the whole numbers of quantize(), brought back by
// DequantizeLinear nodes with a scale for each output channel.
std::string export_onnx(const Network& network, const Weights& weights, WeightType type,
                        const std::map<std::string, std::string>& metadata);

// The nearest half-precision number, ties to even; too large gives infinity.
std::uint16_t to_half(float value);

}  // namespace longhand::training
