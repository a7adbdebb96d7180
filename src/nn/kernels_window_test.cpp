// Convolutions and pools on every instruction set that this machine runs, against plain loops.

#include <gtest/gtest.h>
#include <algorithm>
#include <limits>
#include <vector>

#include "nn/kernels.h"
#include "nn/steps_linear.h"
#include "nn/test_kernels.h"

namespace longhand::nn {
namespace {

class WindowKernelsTest : public KernelsTest {};

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

TEST_P(WindowKernelsTest, ConvolutionConvolves) {
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

TEST_P(WindowKernelsTest, DepthwiseConvolves) {
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

TEST_P(WindowKernelsTest, PoolsPool) {
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

INSTANTIATE_TEST_SUITE_P(EveryTarget, WindowKernelsTest, testing::ValuesIn(kernel_targets()),
                         target_name);

}  // namespace
}  // namespace longhand::nn
