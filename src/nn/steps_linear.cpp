#include "nn/steps_linear.h"

#include <algorithm>
#include <utility>

#include "nn/half.h"

namespace longhand::nn {
namespace {

constexpr std::size_t kPanelVectors = 2;
// Floats: smaller matrices stay in the processor's nearest caches either way.
constexpr std::size_t kWorthHalving = 8 << 10;

bool is_none(const Activation& activation) {
  return activation.kind == Activation::Kind::kNone;
}

}  // namespace

bool LinearStep::fuse(Activation activation) {
  if (!is_none(activation_) || activation.kind == Activation::Kind::kSigmoid) return false;
  activation_ = activation;
  return true;
}

bool LinearStep::fuse_affine(std::span<const float> scale, std::span<const float> shift) {
  if (!is_none(activation_) || inputs_.size() > 1) return false;
  for (std::size_t o = 0; o < weights_.outputs; ++o) {
    if (!scale.empty()) {
      for (std::size_t k = 0; k < weights_.inputs; ++k) {
        weights_.values[o * weights_.inputs + k] *= scale[o];
      }
      weights_.bias[o] *= scale[o];
    }
    if (!shift.empty()) weights_.bias[o] += shift[o];
  }
  return true;
}

bool LinearStep::fuse_residual(int residual) {
  if (!is_none(activation_) || inputs_.size() > 1) return false;
  inputs_.push_back(residual);
  return true;
}

void LinearStep::pack_panels(std::size_t lanes, std::size_t first, std::size_t count) {
  const std::size_t inputs = weights_.inputs;
  for (std::size_t done = 0; done < count; done += kPanelVectors * lanes) {
    const std::size_t left = count - done;
    const std::size_t width = left > lanes ? kPanelVectors * lanes : lanes;
    const std::size_t used = std::min(width, left);
    const std::size_t base = packed_.size();
    packed_.resize(base + inputs * width, 0.0F);
    packed_bias_.resize(packed_bias_.size() + width, 0.0F);
    float* bias = packed_bias_.data() + packed_bias_.size() - width;
    for (std::size_t c = 0; c < used; ++c) {
      const std::size_t o = first + done + c;
      bias[c] = weights_.bias[o];
      const float* row = weights_.values.data() + o * inputs;
      for (std::size_t k = 0; k < inputs; ++k) packed_[base + k * width + c] = row[k];
    }
  }
}

void ProductStep::halve() {
  std::vector<std::uint16_t> halves;
  halves.reserve(packed_.size());
  for (const float weight : packed_) {
    const auto half = as_float16(weight);
    if (!half) return;
    halves.push_back(*half);
  }
  halves_ = std::move(halves);
  packed_ = {};
}

void ProductStep::prepare(const Kernels& kernels) {
  count_parameters();
  pack_panels(kernels.lanes, 0, weights_.outputs);
  if (kernels.halves && packed_.size() >= kWorthHalving) halve();
  inputs_per_row_ = weights_.inputs;
  outputs_per_row_ = weights_.outputs;
  weights_ = {};
}

void ProductStep::run(const Kernels& kernels, const StepBuffers& buffers) const {
  static constexpr std::size_t kOneRun = 0;
  ProductArgs args{};
  args.x = buffers.inputs[0];
  args.rows = 1;
  args.columns = buffers.batch * rows_per_sample_;
  args.x_pixel = inputs_per_row_;
  args.runs = &kOneRun;
  args.run_count = 1;
  args.run_length = inputs_per_row_;
  args.weights = packed_.data();
  args.half_weights = halves_.empty() ? nullptr : halves_.data();
  args.bias = packed_bias_.data();
  args.channels = outputs_per_row_;
  args.y = buffers.output;
  args.y_pixel = outputs_per_row_;
  args.residual = residual_of(buffers);
  args.activation = activation_;
  kernels.product(args);
}

bool ConvStep::padded() const {
  return shape_.pad_top + shape_.pad_left + shape_.pad_bottom + shape_.pad_right > 0;
}

bool ConvStep::pointwise() const {
  return !padded() && shape_.kernel_height * shape_.kernel_width == 1 &&
         shape_.stride_height * shape_.stride_width == 1;
}

void ConvStep::prepare(const Kernels& kernels) {
  count_parameters();
  out_channels_ = weights_.outputs;
  const std::size_t group_outputs = weights_.outputs / groups_;
  for (std::size_t group = 0; group < groups_; ++group) {
    pack_panels(kernels.lanes, group * group_outputs, group_outputs);
    if (group == 0) {
      group_weights_ = packed_.size();
      group_bias_ = packed_bias_.size();
      packed_.reserve(group_weights_ * groups_);
      packed_bias_.reserve(group_bias_ * groups_);
    }
  }
  weights_ = {};

  const std::size_t group_channels = shape_.channels / groups_;
  const std::size_t width = shape_.pad_left + shape_.width + shape_.pad_right;
  for (std::size_t y = 0; y < shape_.kernel_height; ++y) {
    if (groups_ == 1) {  // a window's row is consecutive in memory
      runs_.push_back(y * width * shape_.channels);
      continue;
    }
    for (std::size_t x = 0; x < shape_.kernel_width; ++x) {
      runs_.push_back((y * width + x) * shape_.channels);
    }
  }
  run_length_ = groups_ == 1 ? shape_.kernel_width * shape_.channels : group_channels;
}

std::size_t ConvStep::workspace() const {
  if (!padded()) return 0;
  return (shape_.pad_top + shape_.height + shape_.pad_bottom) *
         (shape_.pad_left + shape_.width + shape_.pad_right) * shape_.channels;
}

// The image with zeros around it, so that the kernel needs no tests for the edges.
const float* ConvStep::pad(const float* image, float* workspace) const {
  if (!padded()) return image;
  const std::size_t row = shape_.width * shape_.channels;
  const std::size_t left = shape_.pad_left * shape_.channels;
  const std::size_t right = shape_.pad_right * shape_.channels;
  const std::size_t padded_row = left + row + right;
  float* to = workspace;
  to = std::fill_n(to, shape_.pad_top * padded_row, 0.0F);
  for (std::size_t y = 0; y < shape_.height; ++y) {
    to = std::fill_n(to, left, 0.0F);
    to = std::copy_n(image + y * row, row, to);
    to = std::fill_n(to, right, 0.0F);
  }
  std::fill_n(to, shape_.pad_bottom * padded_row, 0.0F);
  return workspace;
}

void ConvStep::run(const Kernels& kernels, const StepBuffers& buffers) const {
  const std::size_t in_sample = shape_.height * shape_.width * shape_.channels;
  const std::size_t out_sample = shape_.out_height * shape_.out_width * out_channels_;
  const std::size_t width = shape_.pad_left + shape_.width + shape_.pad_right;
  const std::size_t group_channels = shape_.channels / groups_;
  const std::size_t group_outputs = out_channels_ / groups_;
  const float* residual = residual_of(buffers);
  ProductArgs args{};
  args.rows = shape_.out_height;
  args.columns = shape_.out_width;
  args.x_row = shape_.stride_height * width * shape_.channels;
  args.x_pixel = shape_.stride_width * shape_.channels;
  args.runs = runs_.data();
  args.run_count = runs_.size();
  args.run_length = run_length_;
  args.channels = group_outputs;
  args.y_row = shape_.out_width * out_channels_;
  args.y_pixel = out_channels_;
  args.activation = activation_;
  std::size_t samples = buffers.batch;
  if (pointwise()) {  // all pixels of all samples are one row
    args.columns *= args.rows * samples;
    args.rows = samples = 1;
  }
  for (std::size_t sample = 0; sample < samples; ++sample) {
    const float* image = pad(buffers.inputs[0] + sample * in_sample, buffers.workspace);
    for (std::size_t group = 0; group < groups_; ++group) {
      const std::size_t out = sample * out_sample + group * group_outputs;
      args.x = image + group * group_channels;
      args.weights = packed_.data() + group * group_weights_;
      args.bias = packed_bias_.data() + group * group_bias_;
      args.y = buffers.output + out;
      args.residual = residual == nullptr ? nullptr : residual + out;
      kernels.product(args);
    }
  }
}

void DepthwiseStep::prepare(const Kernels&) {
  count_parameters();
  packed_.resize(weights_.values.size());
  for (std::size_t c = 0; c < weights_.outputs; ++c) {
    for (std::size_t k = 0; k < weights_.inputs; ++k) {
      packed_[k * weights_.outputs + c] = weights_.values[c * weights_.inputs + k];
    }
  }
  packed_bias_ = weights_.bias;
  weights_ = {};
}

void DepthwiseStep::run(const Kernels& kernels, const StepBuffers& buffers) const {
  const std::size_t in_sample = shape_.height * shape_.width * shape_.channels;
  const std::size_t out_sample = shape_.out_height * shape_.out_width * shape_.channels;
  const float* residual = residual_of(buffers);
  for (std::size_t sample = 0; sample < buffers.batch; ++sample) {
    DepthwiseArgs args{};
    args.window = window_args(shape_, buffers.inputs[0] + sample * in_sample,
                              buffers.output + sample * out_sample);
    args.weights = packed_.data();
    args.bias = packed_bias_.data();
    args.residual = residual == nullptr ? nullptr : residual + sample * out_sample;
    args.activation = activation_;
    kernels.depthwise(args);
  }
}

WindowArgs window_args(const WindowShape& shape, const float* x, float* y) {
  WindowArgs args{};
  args.x = x;
  args.height = shape.height;
  args.width = shape.width;
  args.channels = shape.channels;
  args.out_height = shape.out_height;
  args.out_width = shape.out_width;
  args.kernel_height = shape.kernel_height;
  args.kernel_width = shape.kernel_width;
  args.stride_height = shape.stride_height;
  args.stride_width = shape.stride_width;
  args.pad_top = shape.pad_top;
  args.pad_left = shape.pad_left;
  args.y = y;
  return args;
}

}  // namespace longhand::nn
