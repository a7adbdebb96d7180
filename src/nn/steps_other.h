#pragma once

#include <cstddef>
#include <vector>

#include "nn/step.h"
#include "nn/steps_linear.h"

namespace longhand::nn {

class PoolStep final : public Step {
 public:
  PoolStep(int input, int output, const WindowShape& shape, PoolKind kind)
      : Step({input}, output), shape_(shape), kind_(kind) {}
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;

 private:
  WindowShape shape_;
  PoolKind kind_;
};

class ActivationStep final : public Step {
 public:
  ActivationStep(int input, int output, std::size_t elements, Activation activation)
      : Step({input}, output), elements_(elements), activation_(activation) {}
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;
  bool in_place() const override { return true; }

 private:
  std::size_t elements_;
  Activation activation_;
};

// What Add, Mul and a BatchNormalization that folds nowhere share: an activation may follow.
class FusableStep : public Step {
 public:
  using Step::Step;
  bool in_place() const override { return true; }
  bool fuse(Activation activation) override;

 protected:
  Activation activation_;
};

class BinaryStep final : public FusableStep {
 public:
  BinaryStep(int a, int b, int output, std::size_t elements, BinaryKind kind)
      : FusableStep({a, b}, output), elements_(elements), kind_(kind) {}
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;

 private:
  std::size_t elements_;
  BinaryKind kind_;
};

// x[pixel][channel] op b[channel], b being one vector for each sample (a squeeze-and-excitation
// gate).
class ChannelBinaryStep final : public FusableStep {
 public:
  ChannelBinaryStep(int a, int b, int output, std::size_t pixels, std::size_t channels,
                    BinaryKind kind)
      : FusableStep({a, b}, output), pixels_(pixels), channels_(channels), kind_(kind) {}
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;

 private:
  std::size_t pixels_;
  std::size_t channels_;
  BinaryKind kind_;
};

// x[pixel][channel] * scale[channel] + shift[channel], constants; either may be empty.
class AffineStep final : public FusableStep {
 public:
  AffineStep(int input, int output, std::size_t pixels, std::vector<float> scale,
             std::vector<float> shift)
      : FusableStep({input}, output),
        pixels_(pixels),
        scale_(std::move(scale)),
        shift_(std::move(shift)) {}
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;
  std::uint64_t parameters() const override { return scale_.size() + shift_.size(); }

 private:
  std::size_t pixels_;
  std::vector<float> scale_;
  std::vector<float> shift_;
};

// Over the middle of [outer][axis][inner].
class SoftmaxStep final : public Step {
 public:
  SoftmaxStep(int input, int output, std::size_t outer, std::size_t axis, std::size_t inner,
              bool logarithm)
      : Step({input}, output), outer_(outer), axis_(axis), inner_(inner), logarithm_(logarithm) {}
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;
  std::size_t workspace() const override { return inner_ == 1 ? 0 : axis_; }

 private:
  std::size_t outer_;
  std::size_t axis_;
  std::size_t inner_;
  bool logarithm_;
};

// Inputs [outer][their own length] one after the other along the second axis.
class ConcatStep final : public Step {
 public:
  ConcatStep(std::vector<int> inputs, int output, std::size_t outer,
             std::vector<std::size_t> lengths)
      : Step(std::move(inputs), output), outer_(outer), lengths_(std::move(lengths)) {}
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;

 private:
  std::size_t outer_;
  std::vector<std::size_t> lengths_;
};

// Copies with the axes in another order (or a dim of stride 0 repeated): dims of the output, and
// what one step along each is worth in the input.
class PermuteStep final : public Step {
 public:
  PermuteStep(int input, int output, std::size_t input_elements, std::vector<std::size_t> dims,
              std::vector<std::size_t> strides)
      : Step({input}, output),
        input_elements_(input_elements),
        dims_(std::move(dims)),
        strides_(std::move(strides)) {}
  void run(const Kernels& kernels, const StepBuffers& buffers) const override;

 private:
  std::size_t input_elements_;
  std::vector<std::size_t> dims_;
  std::vector<std::size_t> strides_;
};

}  // namespace longhand::nn
