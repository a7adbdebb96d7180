// Every kernel on every instruction set that this machine runs, against plain loops.

#include "nn/kernels.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "nn/steps_linear.h"
#include "nn/test_kernels.h"

namespace longhand::nn {
namespace {

TEST_P(KernelsTest, AreOfTheTargetAskedFor) {
  EXPECT_STREQ(kernels().target, hwy::TargetName(GetParam()));
  EXPECT_GE(kernels().lanes, 1U);
}

// Matrix products of every number of rows that a tile takes and more, and widths about the
// vectors'.
TEST_P(KernelsTest, ProductMultiplies) {
  for (const std::size_t outputs : {1U, 3U, 8U, 15U, 16U, 17U, 32U, 33U, 64U, 100U, 150U, 260U}) {
    for (const std::size_t rows : {1U, 2U, 5U, 6U, 7U, 14U, 15U, 17U, 29U}) {
      const std::size_t inputs = 1 + outputs % 7;
      LinearStep::Weights weights;
      weights.outputs = outputs;
      weights.inputs = inputs;
      weights.values = random_floats(outputs * inputs, 1);
      weights.bias = random_floats(outputs, 2);
      const Floats x = random_floats(rows * inputs, 3);
      const Floats residual = random_floats(rows * outputs, 4);
      for (const Activation activation : activations()) {
        if (activation.kind == Activation::Kind::kSigmoid) continue;  // never fused
        ProductStep step(0, 1, weights, 1);
        ASSERT_TRUE(step.fuse_residual(2));
        ASSERT_TRUE(step.fuse(activation) || activation.kind == Activation::Kind::kNone);
        step.prepare(kernels());
        Floats y(rows * outputs, std::numeric_limits<float>::quiet_NaN());
        const float* sources[] = {x.data(), residual.data()};
        step.run(kernels(), {sources, y.data(), nullptr, rows});

        std::vector<double> expected(y.size());
        for (std::size_t r = 0; r < rows; ++r) {
          for (std::size_t o = 0; o < outputs; ++o) {
            double sum = weights.bias[o] + residual[r * outputs + o];
            for (std::size_t k = 0; k < inputs; ++k) {
              sum += double{x[r * inputs + k]} * weights.values[o * inputs + k];
            }
            expected[r * outputs + o] = reference(activation, sum);
          }
        }
        expect_near(y, expected);
      }
    }
  }
}

TEST_P(KernelsTest, ProductOfOneRowIsThatOfMany) {
  const std::size_t inputs = 301;
  const std::size_t outputs = 173;
  LinearStep::Weights weights{outputs, inputs, random_floats(outputs * inputs, 1),
                              random_floats(outputs, 2)};
  ProductStep step(0, 1, weights, 1);
  step.prepare(kernels());
  const Floats x = random_floats(16 * inputs, 3);
  Floats together(16 * outputs);
  const float* all[] = {x.data()};
  step.run(kernels(), {all, together.data(), nullptr, 16});
  for (std::size_t row = 0; row < 16; ++row) {
    Floats alone(outputs);
    const float* one[] = {x.data() + row * inputs};
    step.run(kernels(), {one, alone.data(), nullptr, 1});
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(),
                           together.begin() + static_cast<std::ptrdiff_t>(row * outputs)));
  }
}

// Weights that are float16 numbers may be kept so; the result is that of the same floats, to the
// bit.
TEST_P(KernelsTest, HalvedWeightsGiveTheSameNumbers) {
  const std::size_t inputs = 130;
  const std::size_t outputs = 140;
  LinearStep::Weights weights{outputs, inputs, random_floats(outputs * inputs, 1),
                              random_floats(outputs, 2)};
  for (float& weight : weights.values) weight = std::round(weight * 64) / 64;
  ProductStep halved(0, 1, weights, 1);
  halved.prepare(kernels());
  Kernels whole_kernels = kernels();
  whole_kernels.halves = false;
  ProductStep whole(0, 1, weights, 1);
  whole.prepare(whole_kernels);
  for (const std::size_t rows : {1U, 3U, 16U}) {
    const Floats x = random_floats(rows * inputs, 3);
    const float* sources[] = {x.data()};
    Floats from_halves(rows * outputs);
    Floats from_floats(rows * outputs);
    halved.run(kernels(), {sources, from_halves.data(), nullptr, rows});
    whole.run(kernels(), {sources, from_floats.data(), nullptr, rows});
    EXPECT_EQ(from_halves, from_floats);
  }
}

TEST_P(KernelsTest, ElementwiseTakesAnyCountAndWorksInPlace) {
  for (const std::size_t count : {1U, 3U, 4U, 15U, 16U, 17U, 100U}) {
    const Floats a = random_floats(count, 1);
    const Floats b = random_floats(count, 2);
    for (const Activation activation : activations()) {
      std::vector<double> activated, added, multiplied;
      for (std::size_t i = 0; i < count; ++i) {
        activated.push_back(reference(activation, a[i]));
        added.push_back(reference(activation, double{a[i]} + b[i]));
        multiplied.push_back(reference(activation, double{a[i]} * b[i]));
      }
      Floats y = a;
      kernels().activate(y.data(), count, activation, y.data());
      expect_near(y, activated);
      y = a;
      kernels().binary(BinaryKind::kAdd, y.data(), b.data(), count, activation, y.data());
      expect_near(y, added);
      y = b;
      kernels().binary(BinaryKind::kMul, a.data(), y.data(), count, activation, y.data());
      expect_near(y, multiplied);
    }
  }
}

TEST_P(KernelsTest, AffineScalesAndShiftsChannels) {
  for (const std::size_t channels : {1U, 5U, 16U, 19U}) {
    const Floats x = random_floats(6 * channels, 1);
    const Floats scale = random_floats(channels, 2);
    const Floats shift = random_floats(channels, 3);
    for (const bool scaled : {true, false}) {
      for (const bool shifted : {true, false}) {
        std::vector<double> expected;
        for (std::size_t i = 0; i < x.size(); ++i) {
          expected.push_back(std::max(0.0, x[i] * (scaled ? double{scale[i % channels]} : 1) +
                                               (shifted ? shift[i % channels] : 0)));
        }
        Floats y = x;
        kernels().affine(y.data(), 6, channels, scaled ? scale.data() : nullptr,
                         shifted ? shift.data() : nullptr, {Activation::Kind::kRelu, 0, 0},
                         y.data());
        expect_near(y, expected);
      }
    }
  }
}

TEST_P(KernelsTest, SoftmaxSumsToOneHoweverLargeTheNumbers) {
  for (const std::size_t count : {1U, 2U, 10U, 16U, 62U}) {
    for (const float size : {1.0F, 80.0F, 1e30F}) {
      Floats x = random_floats(3 * count, 9);
      for (float& value : x) value *= size;
      for (const bool logarithm : {false, true}) {
        std::vector<double> expected;
        for (std::size_t row = 0; row < 3; ++row) {
          const float* from = x.data() + row * count;
          const double highest = *std::max_element(from, from + count);
          double sum = 0;
          for (std::size_t i = 0; i < count; ++i) sum += std::exp(from[i] - highest);
          for (std::size_t i = 0; i < count; ++i) {
            const double log = from[i] - highest - std::log(sum);
            expected.push_back(logarithm ? log : std::exp(log));
          }
        }
        Floats y = x;
        kernels().softmax(y.data(), 3, count, logarithm, y.data());
        expect_near(y, expected);
      }
    }
  }
}

TEST_P(KernelsTest, SigmoidReachesItsEnds) {
  const Floats x = {-1e30F, -200, -100, 0, 100, 1e30F};
  Floats y(x.size());
  kernels().activate(x.data(), x.size(), {Activation::Kind::kSigmoid, 0, 0}, y.data());
  expect_near(y, {0, 0, 0, 0.5, 1, 1});
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, KernelsTest, testing::ValuesIn(kernel_targets()),
                         target_name);

// This processor's instruction sets aside: what the build must hold.
TEST(KernelTargets, HoldTheScalarOne) {
  const auto targets = kernel_targets();
  EXPECT_TRUE(std::any_of(targets.begin(), targets.end(), [](std::int64_t bits) {
    return bits == HWY_SCALAR || bits == HWY_EMU128;
  }));
}

}  // namespace
}  // namespace longhand::nn
