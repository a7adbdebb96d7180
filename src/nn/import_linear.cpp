#include <algorithm>
#include <cmath>

#include "nn/node_reader.h"
#include "nn/steps_linear.h"
#include "nn/steps_other.h"
#include "nn/window.h"

namespace longhand::nn {
namespace {

// Bytes of a panel beyond the weights themselves: outputs are padded to vectors of at most 16.
constexpr std::uint64_t kWidestVector = 16;

std::uint64_t unsigned_of(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

// [outputs][channels][kernel] as ONNX has it, to [outputs][kernel][channels].
LinearStep::Weights conv_weights(const std::vector<float>& from, const Dims& dims) {
  LinearStep::Weights weights;
  const auto channels = static_cast<std::size_t>(dims[1]);
  const auto kernel = static_cast<std::size_t>(dims[2] * dims[3]);
  weights.outputs = static_cast<std::size_t>(dims[0]);
  weights.inputs = channels * kernel;
  weights.values.resize(from.size());
  for (std::size_t o = 0; o < weights.outputs; ++o) {
    const std::size_t base = o * weights.inputs;
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t k = 0; k < kernel; ++k) {
        weights.values[base + k * channels + c] = from[base + c * kernel + k];
      }
    }
  }
  return weights;
}

void check_conv(NodeReader& node, const Value& value, const Dims& weights, std::int64_t groups) {
  if (weights.size() != 4) {
    node.refuse("weights of dims " + to_text(weights) +
                "; four (outputs, inputs, height, width) are supported");
  }
  const std::int64_t channels = value.dims.empty() ? 0 : value.dims[0];
  if (groups < 1 || channels % groups != 0 || weights[0] % groups != 0 ||
      weights[1] != channels / groups) {
    node.corrupt("weights of dims " + to_text(weights) + " in " + std::to_string(groups) +
                 " groups don't fit an input of " + std::to_string(channels) + " channels");
  }
}

// A padded copy of one image is made, and outputs of each group are padded to whole vectors.
void check_conv_sizes(NodeReader& node, const WindowShape& shape, const Dims& weights,
                      std::int64_t groups) {
  checked_elements({static_cast<std::int64_t>(shape.channels),
                    static_cast<std::int64_t>(shape.pad_top + shape.height + shape.pad_bottom),
                    static_cast<std::int64_t>(shape.pad_left + shape.width + shape.pad_right)},
                   node.graph().limits().max_tensor_elements, node.where() + "'s padded input");
  const std::uint64_t inputs = unsigned_of(weights[1] * weights[2] * weights[3]);
  const std::uint64_t group_outputs = unsigned_of(weights[0] / groups);
  const std::uint64_t padded = (group_outputs + kWidestVector - 1) / kWidestVector * kWidestVector;
  node.graph().charge_weights(inputs * padded * unsigned_of(groups));
  node.graph().charge_work({shape.out_height, shape.out_width, unsigned_of(weights[0]), inputs},
                           true);
}

// The last dimension in memory of a value that a per-channel operation works on, and how many
// pixels have one.
struct ChannelsOf {
  Value value;
  std::size_t channels;
  std::size_t pixels;
};

ChannelsOf by_channels(NodeReader& node, const Value& value) {
  if (value.dims.empty()) node.refuse("its input has no dimension but the batch");
  const Value last = channels_last(node, value);
  const auto channels = static_cast<std::size_t>(value.dims[0]);
  return {last, channels, static_cast<std::size_t>(value.elements()) / channels};
}

// Gemm's third input over the outputs: one number, or one for each.
void add_gemm_bias(NodeReader& node, float beta, std::vector<float>& bias) {
  const std::vector<float>& from = node.floats(2);
  const Dims dims = node.constant(2)->dims;
  const bool fits = dims.size() <= 2 && (dims.size() < 2 || dims[0] == 1) &&
                    (from.size() == 1 || from.size() == bias.size());
  if (!fits) {
    node.refuse("input 2 has dims " + to_text(dims) + "; one number or [" +
                std::to_string(bias.size()) + "] is supported");
  }
  for (std::size_t o = 0; o < bias.size(); ++o) bias[o] = beta * from[from.size() == 1 ? 0 : o];
}

// The product of `value`'s last dimension and `weights` of dims [inputs, outputs] or, `transposed`,
// [outputs, inputs].
void add_product(NodeReader& node, const Value& value, const std::vector<float>& weights,
                 const Dims& dims, bool transposed, float alpha, std::vector<float> bias) {
  const auto inputs = static_cast<std::size_t>(dims[transposed ? 1 : 0]);
  const auto outputs = static_cast<std::size_t>(dims[transposed ? 0 : 1]);
  if (value.dims.empty() || value.dims.back() != static_cast<std::int64_t>(inputs)) {
    node.corrupt("weights of dims " + to_text(dims) + " don't fit a sample of dims " +
                 to_text(value.dims));
  }
  GraphBuilder& graph = node.graph();
  // A vector is taken in whatever order it lies in memory; the weights follow.
  const Value source = value.dims.size() == 1 ? value : graph.plain(value);
  const std::size_t rows = static_cast<std::size_t>(source.elements()) / inputs;
  graph.charge_weights(inputs * (outputs + kWidestVector));
  graph.charge_work({rows, inputs, outputs}, true);

  LinearStep::Weights packed;
  packed.outputs = outputs;
  packed.inputs = inputs;
  packed.values.resize(inputs * outputs);
  packed.bias = std::move(bias);
  const auto spatial = static_cast<std::size_t>(source.layout.spatial);
  const auto channels = static_cast<std::size_t>(source.layout.channels);
  for (std::size_t k = 0; k < inputs; ++k) {
    const std::size_t at = source.layout.plain() ? k : (k % spatial) * channels + k / spatial;
    for (std::size_t o = 0; o < outputs; ++o) {
      packed.values[o * inputs + at] =
          alpha * weights[transposed ? o * inputs + k : k * outputs + o];
    }
  }
  Dims result_dims = value.dims;
  result_dims.back() = static_cast<std::int64_t>(outputs);
  Value result = graph.new_value(result_dims, Layout{}, node.where() + "'s output");
  graph.add_step(
      std::make_unique<ProductStep>(source.buffer, result.buffer, std::move(packed), rows));
  node.define(result);
}

}  // namespace

void import_conv(NodeReader& node) {
  node.expect_inputs(2, 3);
  const Value value = node.value(0);
  const std::vector<float>& from = node.floats(1);
  const Dims dims = node.constant(1)->dims;
  const std::int64_t groups = node.attribute("group", std::int64_t{1});
  check_conv(node, value, dims, groups);
  const WindowShape shape = read_window(node, value, {dims[2], dims[3]});
  check_conv_sizes(node, shape, dims, groups);

  LinearStep::Weights weights = conv_weights(from, dims);
  weights.bias.assign(weights.outputs, 0.0F);
  if (node.has(2)) weights.bias = node.vector(2, dims[0]);

  const Value source = channels_last(node, value);
  const Dims out{dims[0], static_cast<std::int64_t>(shape.out_height),
                 static_cast<std::int64_t>(shape.out_width)};
  const Value result = node.graph().new_value(
      out,
      Layout{dims[0], checked_elements({out[1], out[2]}, node.graph().limits().max_tensor_elements,
                                       node.where() + "'s output")},
      node.where() + "'s output");
  if (groups == value.dims[0] && dims[0] == groups && groups > 1) {
    node.graph().add_step(
        std::make_unique<DepthwiseStep>(source.buffer, result.buffer, std::move(weights), shape));
  } else {
    node.graph().add_step(std::make_unique<ConvStep>(
        source.buffer, result.buffer, std::move(weights), shape, static_cast<std::size_t>(groups)));
  }
  node.define(result);
}

void import_batch_normalization(NodeReader& node) {
  node.expect_inputs(5, 5);
  const Value value = node.value(0);
  const float epsilon = node.attribute("epsilon", 1e-5F);
  node.attribute("momentum", 0.9F);  // of training only
  if (node.attribute("training_mode", std::int64_t{0}) != 0) {
    node.refuse("training_mode=1 is not supported; export the model for inference");
  }
  if (value.dims.empty()) node.refuse("its input has no channels");
  const std::vector<float>& gain = node.vector(1, value.dims[0]);
  const std::vector<float>& offset = node.vector(2, value.dims[0]);
  const std::vector<float>& mean = node.vector(3, value.dims[0]);
  const std::vector<float>& variance = node.vector(4, value.dims[0]);
  std::vector<float> scale(gain.size());
  std::vector<float> shift(gain.size());
  for (std::size_t c = 0; c < gain.size(); ++c) {
    const double deviation = std::sqrt(static_cast<double>(variance[c]) + epsilon);
    if (!(deviation > 0)) node.corrupt("has a variance that is not positive");
    const double factor = gain[c] / deviation;
    scale[c] = static_cast<float>(factor);
    shift[c] = static_cast<float>(offset[c] - mean[c] * factor);
  }
  apply_affine(node, value, std::move(scale), std::move(shift));
}

void apply_affine(NodeReader& node, const Value& value, std::vector<float> scale,
                  std::vector<float> shift) {
  GraphBuilder& graph = node.graph();
  const std::size_t count = std::max(scale.size(), shift.size());
  if (Step* step = graph.sole_producer(value); step != nullptr && step->linear() != nullptr) {
    // A linear step's outputs are the value's channels, unless a Reshape came between.
    const bool same = step->linear()->outputs() == count &&
                      (value.layout.channels == static_cast<std::int64_t>(count) ||
                       value.dims.size() == 1 || value.elements() == value.dims[0]);
    if (same && step->linear()->fuse_affine(scale, shift)) {
      node.define(value);
      return;
    }
  }
  graph.charge_weights(2 * count);
  const ChannelsOf source = by_channels(node, value);
  Value result = graph.new_value(value.dims, source.value.layout, node.where() + "'s output");
  graph.add_step(std::make_unique<AffineStep>(source.value.buffer, result.buffer, source.pixels,
                                              std::move(scale), std::move(shift)));
  node.define(result);
}

void import_gemm(NodeReader& node) {
  node.expect_inputs(2, 3);
  const Value value = node.value(0);
  const std::vector<float>& weights = node.floats(1);
  const Dims dims = node.constant(1)->dims;
  const float alpha = node.attribute("alpha", 1.0F);
  const float beta = node.attribute("beta", 1.0F);
  const bool transposed = node.attribute("transB", std::int64_t{0}) != 0;
  if (node.attribute("transA", std::int64_t{0}) != 0) {
    node.refuse("transA=1 would mix samples; only 0 is supported");
  }
  if (value.dims.size() != 1 || dims.size() != 2) {
    node.corrupt("needs two matrices, has a sample of dims " + to_text(value.dims) +
                 " and weights of dims " + to_text(dims));
  }
  std::vector<float> bias(static_cast<std::size_t>(dims[transposed ? 0 : 1]), 0.0F);
  if (node.has(2)) add_gemm_bias(node, beta, bias);
  add_product(node, value, weights, dims, transposed, alpha, std::move(bias));
}

void import_matmul(NodeReader& node) {
  node.expect_inputs(2, 2);
  const Value value = node.value(0);
  const std::vector<float>& weights = node.floats(1);
  const Dims dims = node.constant(1)->dims;
  if (dims.size() != 2) {
    node.refuse("input 1 has dims " + to_text(dims) + "; a matrix is supported");
  }
  add_product(node, value, weights, dims, false, 1.0F,
              std::vector<float>(static_cast<std::size_t>(dims[1]), 0.0F));
}

}  // namespace longhand::nn
