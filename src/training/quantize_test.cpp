#include "training/quantize.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <limits>

#include "training/counter_random.h"

namespace longhand::training {
namespace {

using Values = std::vector<std::int8_t>;

TEST(Quantize, GivesEachChannelAScaleByItsLargestWeight) {
  const std::vector<float> weights = {0.7F, -0.35F, 0.1F, -14, 13, 0};
  const Quantized small = quantize(weights, 2, 4);
  EXPECT_EQ(small.values, (Values{7, -4, 1, -7, 6, 0}));  // -3.5 and 6.5 go to the even one
  EXPECT_EQ(small.scales, (std::vector<float>{0.7F / 7, 2}));
  EXPECT_EQ(quantize(weights, 2, 8).values, (Values{127, -64, 18, -127, 118, 0}));
}

TEST(Quantize, KeepsItsLimitsWhateverItIsGiven) {
  constexpr float kHuge = std::numeric_limits<float>::max();
  constexpr float kTiny = std::numeric_limits<float>::denorm_min();
  for (const float weight :
       {0.0F, -0.0F, kTiny, 1e-38F, kHuge, std::numeric_limits<float>::infinity(), std::nanf("")}) {
    for (const int bits : {4, 8}) {
      const int limit = bits == 4 ? 7 : 127;
      const std::vector<float> weights = {weight, -weight, 1};
      const Quantized one = quantize(weights, 1, bits);
      for (const int value : one.values) EXPECT_LE(std::abs(value), limit) << weight;
      const Quantized alone = quantize(std::span(weights).first(2), 1, bits);
      for (const int value : alone.values) EXPECT_LE(std::abs(value), limit) << weight;
      EXPECT_GT(alone.scales[0], 0);
    }
  }
}

// Rounded again they stay as they are: what is learnt is what is written.
TEST(Quantize, IsDoneOnce) {
  std::vector<Layer> layers;
  for (const char* text :
       {"conv 6 kernel=5 stride=2", "bn", "conv 8 kernel=3 groups=2", "flatten", "linear 10"}) {
    layers.push_back(parse_layer(text).value());
  }
  const Network network = plan_network(layers, {1, 28, 28}, 10).value();
  CounterRandom random({5});
  std::vector<float> weights;
  for (std::int64_t i = 0; i < network.decayed; ++i) weights.push_back(random.normal());
  for (const int bits : {4, 8}) {
    const auto once = as_quantized(network, weights, bits);
    EXPECT_NE(once, weights);
    const auto twice = as_quantized(network, once, bits);
    for (std::size_t i = 0; i < once.size(); ++i) EXPECT_NEAR(twice[i], once[i], 1e-6F);
    double error = 0;
    for (std::size_t i = 0; i < once.size(); ++i) {
      error = std::max(error, static_cast<double>(std::abs(once[i] - weights[i])));
    }
    EXPECT_LT(error, bits == 4 ? 0.35 : 0.02);  // half a step of a channel of normal numbers
  }
}

}  // namespace
}  // namespace longhand::training
