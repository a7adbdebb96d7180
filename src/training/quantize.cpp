#include "training/quantize.h"

#include <algorithm>
#include <cmath>

namespace longhand::training {
namespace {

void replace(const std::vector<Layer>& layers, int bits, std::vector<float>& decayed) {
  for (const Layer& layer : layers) {
    replace(layer.body, bits, decayed);
    const Slot& slot = layer.weight;
    if (slot.count() == 0 || slot.store != Store::kDecayed) continue;
    const auto weights = std::span(decayed).subspan(static_cast<std::size_t>(slot.offset),
                                                    static_cast<std::size_t>(slot.count()));
    const Quantized small = quantize(weights, layer.outputs, bits);
    const std::size_t each = weights.size() / small.scales.size();
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = static_cast<float>(small.values[i]) * small.scales[i / each];
    }
  }
}

}  // namespace

int bits_of(WeightType type) {
  switch (type) {
    case WeightType::kInt4:
      return 4;
    case WeightType::kInt8:
      return 8;
    case WeightType::kFloat16:
    case WeightType::kFloat32:
      break;
  }
  return 0;
}

Quantized quantize(std::span<const float> weights, std::int64_t channels, int bits) {
  const auto limit = static_cast<float>((1 << (bits - 1)) - 1);
  const std::size_t each = weights.size() / static_cast<std::size_t>(channels);
  Quantized result;
  result.values.reserve(weights.size());
  for (std::size_t first = 0; first < weights.size(); first += each) {
    const auto channel = weights.subspan(first, each);
    float largest = 0;
    for (const float weight : channel) largest = std::max(largest, std::abs(weight));
    const float scale = largest / limit >= 0x1p-126F ? largest / limit : 1;
    for (const float weight : channel) {
      const float whole = std::clamp(std::nearbyint(weight / scale), -limit, limit);
      result.values.push_back(std::isnan(whole) ? std::int8_t{0} : static_cast<std::int8_t>(whole));
    }
    result.scales.push_back(scale);
  }
  return result;
}

std::vector<float> as_quantized(const Network& network, std::span<const float> decayed, int bits) {
  std::vector<float> result(decayed.begin(), decayed.end());
  replace(network.layers, bits, result);
  return result;
}

}  // namespace longhand::training
