#include "training/forward.h"

#include <stdexcept>

#include "training/quantize.h"

namespace longhand::training {
namespace {

constexpr double kBatchNormMomentum = 0.1;
constexpr double kBatchNormEpsilon = 1e-5;  // the exporter folds with the same

// The straight-through estimator: what is added is 0, to the bit, and carries the gradient.
torch::Tensor rounded(const Network& network, const torch::Tensor& decayed, int bits) {
  return from_host(as_quantized(network, to_host(decayed), bits)) + (decayed - decayed.detach());
}

void collect_sizes(const std::vector<Layer>& layers, Store store,
                   std::vector<std::int64_t>& sizes) {
  for (const Layer& layer : layers) {
    collect_sizes(layer.body, store, sizes);
    for (const Slot* slot : {&layer.weight, &layer.shift}) {
      if (slot->count() > 0 && slot->store == store) sizes.push_back(slot->count());
    }
  }
}

// One way of the samples through the layers. The flat arrays are cut by a single split each, so
// that the backward pass gathers all gradients by one concatenation.
class Forward {
 public:
  Forward(const Network& network, const Flat& flat, int bits, bool training)
      : statistics_(flat.statistics), training_(training) {
    cut(network, bits == 0 ? flat.decayed : rounded(network, flat.decayed, bits), Store::kDecayed,
        decayed_);
    cut(network, flat.plain, Store::kPlain, plain_);
  }

  torch::Tensor run(const std::vector<Layer>& layers, torch::Tensor x) {
    for (const Layer& layer : layers) x = apply(layer, x);
    return x;
  }

 private:
  static void cut(const Network& network, const torch::Tensor& flat, Store store,
                  std::vector<torch::Tensor>& parts) {
    std::vector<std::int64_t> sizes;
    collect_sizes(network.layers, store, sizes);
    parts = flat.split_with_sizes(sizes);
  }

  // Layers are met in the order in which their tensors were placed.
  torch::Tensor take(const Slot& slot) {
    if (slot.count() == 0) return {};
    const bool decayed = slot.store == Store::kDecayed;
    torch::Tensor part = decayed ? decayed_[next_decayed_++] : plain_[next_plain_++];
    return part.view(slot.dims);
  }

  torch::Tensor statistic(const Slot& slot) const {
    return statistics_.narrow(0, slot.offset, slot.count());
  }

  torch::Tensor convolve(const Layer& layer, const torch::Tensor& x) {
    // Channels last: oneDNN then works on the tensors as they lie.
    const torch::Tensor weight = take(layer.weight).contiguous(torch::MemoryFormat::ChannelsLast);
    const torch::Tensor bias = take(layer.shift);
    return at::conv2d(x, weight, bias.defined() ? c10::optional<torch::Tensor>(bias) : c10::nullopt,
                      layer.stride, layer.pad, 1, layer.groups);
  }

  torch::Tensor normalize_batch(const Layer& layer, const torch::Tensor& x) {
    const torch::Tensor scale = take(layer.weight);
    const torch::Tensor shift = take(layer.shift);
    return at::batch_norm(x, scale, shift, statistic(layer.mean), statistic(layer.variance),
                          training_, kBatchNormMomentum, kBatchNormEpsilon, false);
  }

  torch::Tensor multiply(const Layer& layer, const torch::Tensor& x) {
    const torch::Tensor weight = take(layer.weight);
    const torch::Tensor bias = take(layer.shift);
    return at::linear(x, weight,
                      bias.defined() ? c10::optional<torch::Tensor>(bias) : c10::nullopt);
  }

  torch::Tensor apply(const Layer& layer, const torch::Tensor& x) {
    switch (layer.kind) {
      case LayerKind::kConv:
        return convolve(layer, x);
      case LayerKind::kBatchNorm:
        return normalize_batch(layer, x);
      case LayerKind::kRelu:
        return at::relu(x);
      case LayerKind::kHardSwish:
        return at::hardswish(x);
      case LayerKind::kMaxPool:
        return at::max_pool2d(x, layer.kernel, layer.stride);
      case LayerKind::kAveragePool:
        return at::avg_pool2d(x, layer.kernel, layer.stride);
      case LayerKind::kFlatten:
        return at::flatten(x, 1);
      case LayerKind::kLinear:
        return multiply(layer, x);
      case LayerKind::kDropout:
        return at::dropout(x, layer.rate, training_);
      case LayerKind::kResidual:
        return x + run(layer.body, x);
    }
    throw std::logic_error("unknown kind of layer");
  }

  std::vector<torch::Tensor> decayed_;
  std::vector<torch::Tensor> plain_;
  torch::Tensor statistics_;
  std::size_t next_decayed_ = 0;
  std::size_t next_plain_ = 0;
  bool training_;
};

}  // namespace

torch::Tensor from_host(const std::vector<float>& values) {
  return torch::tensor(values, torch::kFloat32);
}

std::vector<float> to_host(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().contiguous();
  const float* data = flat.data_ptr<float>();
  return {data, data + flat.numel()};
}

torch::Tensor forward(const Network& network, const Flat& flat, int bits, bool training,
                      const torch::Tensor& inputs) {
  return Forward(network, flat, bits, training).run(network.layers, inputs);
}

}  // namespace longhand::training
