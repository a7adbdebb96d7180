#include "training/calibration.h"

#include <gtest/gtest.h>
#include <cmath>
#include <vector>

#include "training/counter_random.h"

namespace longhand::training {
namespace {

TEST(Calibration, LikelihoodOfEqualLogitsIsThatOfAGuess) {
  const std::vector<float> logits(12, 3.0F);
  const std::vector<std::int32_t> labels = {0, 1, 2};
  EXPECT_NEAR(negative_log_likelihood(logits, labels, 1), std::log(4.0), 1e-6);
}

// Labels drawn from softmax(logits / 2.5) are best explained by a temperature of 2.5.
TEST(Calibration, FindsTheTemperatureThatMadeTheLabels) {
  constexpr double kTrue = 2.5;
  CounterRandom random({1});
  std::vector<float> logits;
  std::vector<std::int32_t> labels;
  for (int sample = 0; sample < 20'000; ++sample) {
    std::vector<double> weights;
    double sum = 0;
    for (int c = 0; c < 4; ++c) {
      logits.push_back(4 * random.normal());
      weights.push_back(std::exp(static_cast<double>(logits.back()) / kTrue));
      sum += weights.back();
    }
    double left = sum * static_cast<double>(random.uniform());
    std::int32_t label = 0;
    while (label < 3 && left > weights[static_cast<std::size_t>(label)]) {
      left -= weights[static_cast<std::size_t>(label++)];
    }
    labels.push_back(label);
  }
  EXPECT_NEAR(fit_temperature(logits, labels), kTrue, 0.1);
}

TEST(Calibration, CountsTheBest) {
  const std::vector<float> logits = {1, 2, 5, 0};
  EXPECT_DOUBLE_EQ(accuracy(logits, std::vector<std::int32_t>{1, 1}), 0.5);
}

TEST(Calibration, ChanceKnowsTheMostFrequentLabel) {
  EXPECT_DOUBLE_EQ(accuracy_by_chance({}), 0);
  std::vector<std::int32_t> labels(100, 3);
  EXPECT_DOUBLE_EQ(accuracy_by_chance(labels), 1);
  for (std::size_t i = 0; i < 80; ++i) labels[i] = static_cast<std::int32_t>(10 + i % 4);
  EXPECT_DOUBLE_EQ(accuracy_by_chance(labels), 0.2 + 2 * 0.04);
}

TEST(Calibration, ThresholdLosesNoMoreThanAllowed) {
  std::vector<float> characters;
  for (int i = 999; i >= 0; --i) characters.push_back(static_cast<float>(i) / 1000);
  const Threshold threshold = choose_threshold(characters, {0.01F, 0.9F}, 0.02);
  EXPECT_DOUBLE_EQ(threshold.characters_lost, 0.02);
  EXPECT_DOUBLE_EQ(threshold.negatives_refused, 0.5);
  EXPECT_NEAR(threshold.confidence, 0.02, 1e-6);
}

}  // namespace
}  // namespace longhand::training
