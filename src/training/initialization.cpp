#include <algorithm>
#include <cmath>

#include "training/counter_random.h"
#include "training/learner.h"

namespace longhand::training {
namespace {

float truncated_normal(CounterRandom& random) {
  while (true) {
    const float value = random.normal();
    if (std::abs(value) <= 2) return value;
  }
}

// He et al. 2015 for layers with a rectifier behind them; half that variance for linear ones.
double he_deviation(const Layer& layer) {
  const double fan_in =
      static_cast<double>(layer.weight.count()) / static_cast<double>(layer.outputs);
  return std::sqrt((layer.kind == LayerKind::kLinear ? 1.0 : 2.0) / fan_in);
}

void fill(Weights& weights, const Slot& slot, float value) {
  std::fill_n(weights.at(slot), slot.count(), value);
}

void initialize(const std::vector<Layer>& layers, const Initialization& how, CounterRandom& random,
                Weights& weights) {
  const bool truncated = how.kind == Initialization::Kind::kTruncatedNormal;
  for (const Layer& layer : layers) {
    if (layer.kind == LayerKind::kResidual) {
      initialize(layer.body, how, random, weights);
    } else if (layer.kind == LayerKind::kBatchNorm) {
      fill(weights, layer.weight, 1);
      fill(weights, layer.variance, 1);
    } else if (layer.kind == LayerKind::kConv || layer.kind == LayerKind::kLinear) {
      const auto deviation = static_cast<float>(truncated ? how.deviation : he_deviation(layer));
      float* values = weights.at(layer.weight);
      for (std::int64_t i = 0; i < layer.weight.count(); ++i) {
        values[i] = deviation * (truncated ? truncated_normal(random) : random.normal());
      }
      if (layer.bias) fill(weights, layer.shift, static_cast<float>(how.bias));
    }
  }
}

}  // namespace

Weights initial_weights(const Network& network, const Initialization& initialization,
                        std::uint64_t seed) {
  Weights weights;
  weights.decayed.resize(static_cast<std::size_t>(network.decayed));
  weights.plain.resize(static_cast<std::size_t>(network.plain));
  weights.statistics.resize(static_cast<std::size_t>(network.statistics));
  CounterRandom random({use(RandomUse::kInitialization), seed});
  initialize(network.layers, initialization, random, weights);
  return weights;
}

}  // namespace longhand::training
