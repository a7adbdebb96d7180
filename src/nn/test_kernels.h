#pragma once

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "nn/kernels.h"

// For tests: every kernel on every instruction set that this machine runs, against plain loops.

namespace longhand::nn {

using Floats = std::vector<float>;

// Sums of a few hundred numbers of size about 1 in float, in another order than the reference's.
inline constexpr float kTolerance = 2e-5F;

inline Floats random_floats(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  Floats values(count);
  for (float& value : values) value = normal(generator);
  return values;
}

inline double reference(Activation activation, double x) {
  switch (activation.kind) {
    case Activation::Kind::kNone:
      return x;
    case Activation::Kind::kRelu:
      return std::max(x, 0.0);
    case Activation::Kind::kClip:
      return std::min(std::max(x, double{activation.a}), double{activation.b});
    case Activation::Kind::kLeakyRelu:
      return x < 0 ? x * activation.a : x;
    case Activation::Kind::kHardSwish:
      return x * std::clamp(x / 6 + 0.5, 0.0, 1.0);
    case Activation::Kind::kHardSigmoid:
      return std::clamp(activation.a * x + activation.b, 0.0, 1.0);
    case Activation::Kind::kSigmoid:
      return 1 / (1 + std::exp(-x));
  }
  return 0;
}

inline const std::vector<Activation>& activations() {
  using Kind = Activation::Kind;
  static const std::vector<Activation> kAll = {
      {Kind::kNone, 0, 0},         {Kind::kRelu, 0, 0},      {Kind::kClip, -0.5F, 0.8F},
      {Kind::kLeakyRelu, 0.2F, 0}, {Kind::kHardSwish, 0, 0}, {Kind::kHardSigmoid, 0.2F, 0.5F},
      {Kind::kSigmoid, 0, 0}};
  return kAll;
}

inline void expect_near(const Floats& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_NEAR(found[i], expected[i], kTolerance * std::max(1.0, std::abs(expected[i])))
        << "at " << i << " of " << found.size();
  }
}

class KernelsTest : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override {
    hwy::SetSupportedTargetsForTest(GetParam());
    kernels_ = &best_kernels();
  }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }

  const Kernels& kernels() const { return *kernels_; }

 private:
  const Kernels* kernels_ = nullptr;
};

inline std::string target_name(const testing::TestParamInfo<std::int64_t>& target) {
  return hwy::TargetName(target.param);
}

}  // namespace longhand::nn
