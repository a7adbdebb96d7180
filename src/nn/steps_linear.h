#pragma once

#include <cstddef>
#include <vector>

#include "nn/step.h"

namespace longhand::nn {

// What convolution and matrix product share: y[o] = act(bias[o] + sum_k weights[o][k] x[k] +
// residual), and so what may be fused into either.
class LinearStep : public Step {
 public:
  struct Weights {
    std::size_t outputs = 0;
    std::size_t inputs = 0;     // of one output
    std::vector<float> values;  // [outputs][inputs], inputs in the order of the memory they meet
    std::vector<float> bias;    // [outputs]
  };

  LinearStep(int input, int output, Weights weights)
      : Step({input}, output), weights_(std::move(weights)) {}

  LinearStep* linear() override { return this; }
  bool fuse(Activation activation) override;
  // y * scale + shift, per output, moved into the weights; either may be empty. False if something
  // is fused already.
  bool fuse_affine(std::span<const float> scale, std::span<const float> shift);
  // Adds buffer `residual` (of the output's shape and layout) before the activation.
  bool fuse_residual(int residual);
  std::uint64_t parameters() const override { return parameters_; }
  std::size_t outputs() const { return weights_.outputs; }

 protected:
  const float* residual_of(const StepBuffers& buffers) const {
    return inputs_.size() > 1 ? buffers.inputs[1] : nullptr;
  }
  // Into panels for Kernels::product, outputs [first, first + count); appended to packed_ and
  // packed_bias_.
  void pack_panels(std::size_t lanes, std::size_t first, std::size_t count);
  void count_parameters() { parameters_ = weights_.values.size() + weights_.bias.size(); }

  Weights weights_;  // emptied by prepare
  std::vector<float> packed_;
  std::vector<float> packed_bias_;
  Activation activation_;
  std::uint64_t parameters_ = 0;
};

// [samples * rows_per_sample][inputs] times weights.
class ProductStep final : public LinearStep {
 public:
  ProductStep(int input, int output, Weights weights, std::size_t rows_per_sample)
      : LinearStep(input, output, std::move(weights)), rows_per_sample_(rows_per_sample) {}

  void prepare(const Kernels& kernels) override;
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;

 private:
  void halve();

  std::vector<std::uint16_t> halves_;  // instead of packed_, where every weight is a float16
  std::size_t rows_per_sample_;
  std::size_t inputs_per_row_ = 0;
  std::size_t outputs_per_row_ = 0;
};

// What a convolution or pool covers. All sizes in pixels, out_* as the padded image gives them.
struct WindowShape {
  std::size_t height, width, channels;
  std::size_t out_height, out_width;
  std::size_t kernel_height, kernel_width;
  std::size_t stride_height, stride_width;
  std::size_t pad_top, pad_left, pad_bottom, pad_right;
};

// Convolution over channels-last images; weights' inputs are [kernel_height][kernel_width][channels
// of the group].
class ConvStep final : public LinearStep {
 public:
  ConvStep(int input, int output, Weights weights, const WindowShape& shape, std::size_t groups)
      : LinearStep(input, output, std::move(weights)), shape_(shape), groups_(groups) {}

  void prepare(const Kernels& kernels) override;
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;
  std::size_t workspace() const override;

 private:
  bool padded() const;
  bool pointwise() const;
  const float* pad(const float* image, float* workspace) const;

  WindowShape shape_;
  std::size_t groups_;
  std::size_t out_channels_ = 0;
  std::vector<std::size_t> runs_;
  std::size_t run_length_ = 0;
  std::size_t group_weights_ = 0;  // floats from one group's panels to the next's
  std::size_t group_bias_ = 0;
};

// Convolution of each channel by itself; weights' inputs are [kernel_height][kernel_width].
class DepthwiseStep final : public LinearStep {
 public:
  DepthwiseStep(int input, int output, Weights weights, const WindowShape& shape)
      : LinearStep(input, output, std::move(weights)), shape_(shape) {}

  void prepare(const Kernels& kernels) override;
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;

 private:
  WindowShape shape_;
};

WindowArgs window_args(const WindowShape& shape, const float* x, float* y);

}  // namespace longhand::nn
