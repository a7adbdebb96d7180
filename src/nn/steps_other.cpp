#include "nn/steps_other.h"

#include <algorithm>

namespace longhand::nn {

void PoolStep::run(const Kernels& kernels, const StepBuffers& buffers) const {
  const std::size_t in_sample = shape_.height * shape_.width * shape_.channels;
  const std::size_t out_sample = shape_.out_height * shape_.out_width * shape_.channels;
  for (std::size_t sample = 0; sample < buffers.batch; ++sample) {
    PoolArgs args{};
    args.window = window_args(shape_, buffers.inputs[0] + sample * in_sample,
                              buffers.output + sample * out_sample);
    args.kind = kind_;
    args.pad_bottom = shape_.pad_bottom;
    args.pad_right = shape_.pad_right;
    kernels.pool(args);
  }
}

void ActivationStep::run(const Kernels& kernels, const StepBuffers& buffers) const {
  kernels.activate(buffers.inputs[0], buffers.batch * elements_, activation_, buffers.output);
}

bool FusableStep::fuse(Activation activation) {
  if (activation_.kind != Activation::Kind::kNone) return false;
  activation_ = activation;
  return true;
}

void BinaryStep::run(const Kernels& kernels, const StepBuffers& buffers) const {
  kernels.binary(kind_, buffers.inputs[0], buffers.inputs[1], buffers.batch * elements_,
                 activation_, buffers.output);
}

void ChannelBinaryStep::run(const Kernels& kernels, const StepBuffers& buffers) const {
  for (std::size_t sample = 0; sample < buffers.batch; ++sample) {
    const std::size_t at = sample * pixels_ * channels_;
    const float* operand = buffers.inputs[1] + sample * channels_;
    kernels.affine(buffers.inputs[0] + at, pixels_, channels_,
                   kind_ == BinaryKind::kMul ? operand : nullptr,
                   kind_ == BinaryKind::kAdd ? operand : nullptr, activation_, buffers.output + at);
  }
}

void AffineStep::run(const Kernels& kernels, const StepBuffers& buffers) const {
  kernels.affine(buffers.inputs[0], buffers.batch * pixels_, std::max(scale_.size(), shift_.size()),
                 scale_.empty() ? nullptr : scale_.data(), shift_.empty() ? nullptr : shift_.data(),
                 activation_, buffers.output);
}

void SoftmaxStep::run(const Kernels& kernels, const StepBuffers& buffers) const {
  const std::size_t outer = outer_ * buffers.batch;
  if (inner_ == 1) {
    kernels.softmax(buffers.inputs[0], outer, axis_, logarithm_, buffers.output);
    return;
  }
  for (std::size_t o = 0; o < outer; ++o) {
    for (std::size_t i = 0; i < inner_; ++i) {
      const std::size_t base = o * axis_ * inner_ + i;
      for (std::size_t a = 0; a < axis_; ++a) {
        buffers.workspace[a] = buffers.inputs[0][base + a * inner_];
      }
      kernels.softmax(buffers.workspace, 1, axis_, logarithm_, buffers.workspace);
      for (std::size_t a = 0; a < axis_; ++a) {
        buffers.output[base + a * inner_] = buffers.workspace[a];
      }
    }
  }
}

void ConcatStep::run(const Kernels&, const StepBuffers& buffers) const {
  float* to = buffers.output;
  for (std::size_t o = 0; o < outer_ * buffers.batch; ++o) {
    for (std::size_t i = 0; i < lengths_.size(); ++i) {
      to = std::copy_n(buffers.inputs[i] + o * lengths_[i], lengths_[i], to);
    }
  }
}

void PermuteStep::run(const Kernels&, const StepBuffers& buffers) const {
  const std::size_t rank = dims_.size();
  float* to = buffers.output;
  for (std::size_t sample = 0; sample < buffers.batch; ++sample) {
    const float* from = buffers.inputs[0] + sample * input_elements_;
    std::size_t index[16] = {};  // an odometer; ranks are at most 8
    std::size_t at = 0;
    bool more = true;
    while (more) {
      *to++ = from[at];
      more = false;
      for (std::size_t i = rank; i-- > 0;) {
        at += strides_[i];
        if (++index[i] < dims_[i]) {
          more = true;
          break;
        }
        at -= strides_[i] * dims_[i];
        index[i] = 0;
      }
    }
  }
}

}  // namespace longhand::nn
