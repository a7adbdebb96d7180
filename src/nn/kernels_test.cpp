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

namespace longhand::nn {
namespace {

using Floats = std::vector<float>;

// Sums of a few hundred numbers of size about 1 in float, in another order than the reference's.
constexpr float kTolerance = 2e-5F;

Floats random_floats(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  Floats values(count);
  for (float& value : values) value = normal(generator);
  return values;
}

double reference(Activation activation, double x) {
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

const std::vector<Activation>& activations() {
  using Kind = Activation::Kind;
  static const std::vector<Activation> kAll = {
      {Kind::kNone, 0, 0},         {Kind::kRelu, 0, 0},      {Kind::kClip, -0.5F, 0.8F},
      {Kind::kLeakyRelu, 0.2F, 0}, {Kind::kHardSwish, 0, 0}, {Kind::kHardSigmoid, 0.2F, 0.5F},
      {Kind::kSigmoid, 0, 0}};
  return kAll;
}

void expect_near(const Floats& found, const std::vector<double>& expected) {
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

WindowShape window(std::size_t height, std::size_t width, std::size_t channels, std::size_t kernel,
                   std::size_t stride, std::size_t pad, std::size_t pad_after) {
  WindowShape shape{};
  shape.height = height;
  shape.width = width;
  shape.channels = channels;
  shape.kernel_height = kernel;
  shape.kernel_width = kernel;
  shape.stride_height = stride;
  shape.stride_width = stride;
  shape.pad_top = shape.pad_left = pad;
  shape.pad_bottom = shape.pad_right = pad_after;
  shape.out_height = (height + pad + pad_after - kernel) / stride + 1;
  shape.out_width = (width + pad + pad_after - kernel) / stride + 1;
  return shape;
}

std::vector<WindowShape> windows() {
  std::vector<WindowShape> all;
  for (const std::size_t channels : {1U, 3U, 8U, 16U, 21U, 40U}) {
    all.push_back(window(7, 9, channels, 3, 1, 1, 1));
    all.push_back(window(8, 6, channels, 2, 2, 0, 0));
    all.push_back(window(5, 5, channels, 5, 3, 2, 4));
    all.push_back(window(4, 17, channels, 1, 1, 0, 0));
    all.push_back(window(6, 6, channels, 3, 2, 0, 1));
  }
  return all;
}

// The sum over an output pixel's window of what `tap` makes of each pixel inside, for channel c.
template <typename Tap>
void for_window(const WindowShape& s, std::size_t out, const Tap& tap) {
  const auto signed_of = [](std::size_t v) { return static_cast<std::ptrdiff_t>(v); };
  for (std::size_t ky = 0; ky < s.kernel_height; ++ky) {
    for (std::size_t kx = 0; kx < s.kernel_width; ++kx) {
      const auto y = signed_of(out / s.out_width * s.stride_height + ky) - signed_of(s.pad_top);
      const auto x = signed_of(out % s.out_width * s.stride_width + kx) - signed_of(s.pad_left);
      if (y < 0 || x < 0 || y >= signed_of(s.height) || x >= signed_of(s.width)) continue;
      tap(ky * s.kernel_width + kx,
          static_cast<std::size_t>(y) * s.width + static_cast<std::size_t>(x));
    }
  }
}

TEST_P(KernelsTest, ConvolutionConvolves) {
  for (const WindowShape& shape : windows()) {
    for (const std::size_t groups :
         {std::size_t{1}, shape.channels % 4 == 0 ? std::size_t{4} : std::size_t{1},
          shape.channels}) {
      const std::size_t group_inputs = shape.channels / groups;
      const std::size_t outputs = groups * 3;
      const std::size_t taps = shape.kernel_height * shape.kernel_width;
      LinearStep::Weights weights{outputs, taps * group_inputs,
                                  random_floats(outputs * taps * group_inputs, 5),
                                  random_floats(outputs, 6)};
      const std::size_t in = shape.height * shape.width * shape.channels;
      const std::size_t pixels = shape.out_height * shape.out_width;
      const Floats x = random_floats(2 * in, 7);
      ConvStep step(0, 1, weights, shape, groups);
      step.prepare(kernels());
      Floats workspace(step.workspace());
      Floats y(2 * pixels * outputs, std::numeric_limits<float>::quiet_NaN());
      const float* sources[] = {x.data()};
      step.run(kernels(), {sources, y.data(), workspace.data(), 2});

      std::vector<double> expected(y.size());
      for (std::size_t at = 0; at < expected.size(); ++at) {
        const std::size_t o = at % outputs;
        const std::size_t out = at / outputs % pixels;
        const std::size_t sample = at / outputs / pixels;
        const std::size_t first = o / 3 * group_inputs;
        double sum = weights.bias[o];
        for_window(shape, out, [&](std::size_t tap, std::size_t pixel) {
          for (std::size_t c = 0; c < group_inputs; ++c) {
            sum += double{x[sample * in + pixel * shape.channels + first + c]} *
                   weights.values[o * weights.inputs + tap * group_inputs + c];
          }
        });
        expected[at] = sum;
      }
      expect_near(y, expected);
    }
  }
}

TEST_P(KernelsTest, DepthwiseConvolves) {
  for (const WindowShape& shape : windows()) {
    const std::size_t taps = shape.kernel_height * shape.kernel_width;
    LinearStep::Weights weights{shape.channels, taps, random_floats(shape.channels * taps, 5),
                                random_floats(shape.channels, 6)};
    const Floats x = random_floats(shape.height * shape.width * shape.channels, 7);
    const std::size_t pixels = shape.out_height * shape.out_width;
    const Floats residual = random_floats(pixels * shape.channels, 8);
    DepthwiseStep step(0, 1, weights, shape);
    step.fuse_residual(2);
    step.fuse({Activation::Kind::kLeakyRelu, 0.3F, 0});
    step.prepare(kernels());
    Floats y(residual.size(), std::numeric_limits<float>::quiet_NaN());
    const float* sources[] = {x.data(), residual.data()};
    step.run(kernels(), {sources, y.data(), nullptr, 1});

    std::vector<double> expected(y.size());
    for (std::size_t at = 0; at < expected.size(); ++at) {
      const std::size_t c = at % shape.channels;
      double sum = weights.bias[c] + residual[at];
      for_window(shape, at / shape.channels, [&](std::size_t tap, std::size_t pixel) {
        sum += double{x[pixel * shape.channels + c]} * weights.values[c * taps + tap];
      });
      expected[at] = sum < 0 ? sum * 0.3F : sum;
    }
    expect_near(y, expected);
  }
}

TEST_P(KernelsTest, PoolsPool) {
  for (const WindowShape& shape : windows()) {
    const Floats x = random_floats(shape.height * shape.width * shape.channels, 7);
    const std::size_t pixels = shape.out_height * shape.out_width;
    for (const PoolKind kind : {PoolKind::kMax, PoolKind::kAverage, PoolKind::kAverageOfPadded}) {
      Floats y(pixels * shape.channels, std::numeric_limits<float>::quiet_NaN());
      kernels().pool(
          {window_args(shape, x.data(), y.data()), kind, shape.pad_bottom, shape.pad_right});
      std::vector<double> expected(y.size());
      for (std::size_t at = 0; at < expected.size(); ++at) {
        double sum = 0;
        double most = -std::numeric_limits<double>::infinity();
        double count = 0;
        for_window(shape, at / shape.channels, [&](std::size_t, std::size_t pixel) {
          const double value = x[pixel * shape.channels + at % shape.channels];
          sum += value;
          most = std::max(most, value);
          ++count;
        });
        // None of the windows above hangs over the pads themselves.
        if (kind == PoolKind::kAverageOfPadded)
          count = static_cast<double>(shape.kernel_height * shape.kernel_width);
        expected[at] = kind == PoolKind::kMax ? most : sum / count;
      }
      expect_near(y, expected);
    }
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
                         [](const auto& target) {
                           return std::string(hwy::TargetName(target.param));
                         });

// This processor's instruction sets aside: what the build must hold.
TEST(KernelTargets, HoldTheScalarOne) {
  const auto targets = kernel_targets();
  EXPECT_TRUE(std::any_of(targets.begin(), targets.end(), [](std::int64_t bits) {
    return bits == HWY_SCALAR || bits == HWY_EMU128;
  }));
}

}  // namespace
}  // namespace longhand::nn
