#pragma once

#include <ATen/core/ivalue.h>  // before torch.h: Clang wants IValue whole there
#include <torch/torch.h>
#include <vector>

#include "training/layers.h"

// What Learner does with libtorch's tensors. Only learner.cpp may include this.
namespace longhand::training {

torch::Tensor from_host(const std::vector<float>& values);
std::vector<float> to_host(const torch::Tensor& tensor);

// A network's three flat arrays as tensors.
struct Flat {
  torch::Tensor decayed;
  torch::Tensor plain;
  torch::Tensor statistics;

  static Flat of(const Weights& weights) {
    return {from_host(weights.decayed), from_host(weights.plain), from_host(weights.statistics)};
  }
  Weights host() const { return {to_host(decayed), to_host(plain), to_host(statistics)}; }
};

// The logits of a batch. With `bits` above 0 the weights are those that the exported file holds
// (quantize.h), and gradients pass to the floats behind them as if they had not been rounded.
// `training` updates the statistics of batch normalisation and drops out.
torch::Tensor forward(const Network& network, const Flat& flat, int bits, bool training,
                      const torch::Tensor& inputs);

}  // namespace longhand::training
