#include <algorithm>
#include <limits>

#include "nn/node_reader.h"
#include "nn/steps_linear.h"
#include "nn/steps_other.h"
#include "nn/window.h"

namespace longhand::nn {
namespace {

void activation_of_one_input(NodeReader& node, Activation activation) {
  node.expect_inputs(1, 1);
  apply_activation(node, node.value(0), activation);
}

// A constant of a Clip: one float32, or what it is when left out.
float bound(NodeReader& node, std::size_t input, float otherwise) {
  if (!node.has(input)) return otherwise;
  const std::vector<float>& found = node.floats(input);
  if (found.size() != 1) node.corrupt("input " + std::to_string(input) + " must be one number");
  return found[0];
}

// Whether the constant, of dims aligned at the last with a sample of `dims`, spreads over it.
bool spreads(const Dims& constant, const Dims& sample) {
  if (constant.size() > sample.size() + 1) return false;
  for (std::size_t back = 1; back <= constant.size(); ++back) {
    const std::int64_t dim = constant[constant.size() - back];
    const std::int64_t other = back <= sample.size() ? sample[sample.size() - back] : 1;
    if (dim != 1 && dim != other) return false;
  }
  return true;
}

// Whether the constant, spreading over the sample, differs along the channels (dimension 1 of the
// file) only.
bool by_channel(const Dims& constant, const Dims& sample) {
  if (sample.empty()) return false;
  for (std::size_t back = 1; back <= constant.size() && back < sample.size(); ++back) {
    if (constant[constant.size() - back] != 1) return false;
  }
  return true;
}

void binary_with_constant(NodeReader& node, BinaryKind kind, std::size_t value_at) {
  GraphBuilder& graph = node.graph();
  const Value value = node.value(value_at);
  const std::size_t constant_at = 1 - value_at;
  const std::vector<float>& numbers = node.floats(constant_at);
  const Dims dims = node.constant(constant_at)->dims;
  if (!spreads(dims, value.dims)) {
    node.refuse("input " + std::to_string(constant_at) + " has dims " + to_text(dims) +
                "; dims that spread over a sample of dims " + to_text(value.dims) +
                " are supported");
  }
  if (by_channel(dims, value.dims)) {
    std::vector<float> channels(static_cast<std::size_t>(value.dims[0]), numbers[0]);
    if (numbers.size() > 1) channels = numbers;
    const bool scale = kind == BinaryKind::kMul;
    apply_affine(node, value, scale ? channels : std::vector<float>{},
                 scale ? std::vector<float>{} : channels);
    return;
  }
  // One number for each element: as a single pixel of that many channels.
  graph.charge_weights(static_cast<std::uint64_t>(value.elements()));
  std::vector<float> all = spread(*node.constant(constant_at), value.dims, value.layout);
  std::vector<float> scale;
  if (kind == BinaryKind::kMul) scale.swap(all);
  const Value result = graph.new_value(value.dims, value.layout, node.where() + "'s output");
  graph.add_step(std::make_unique<AffineStep>(value.buffer, result.buffer, 1, std::move(scale),
                                              std::move(all)));
  node.define(result);
}

// A residual connection: `sum`'s step adds `other` itself, if it alone made it, and later.
bool fuse_residual(NodeReader& node, const Value& sum, const Value& other) {
  GraphBuilder& graph = node.graph();
  Step* step = graph.sole_producer(sum);
  if (step == nullptr || step->linear() == nullptr) return false;
  if (sum.buffer == other.buffer || graph.producer(other) >= graph.producer(sum)) return false;
  if (!(sum.layout == other.layout) || !step->linear()->fuse_residual(other.buffer)) return false;
  node.define(sum);
  return true;
}

bool is_gate(const Value& gate, const Value& value) {
  if (gate.dims.size() != value.dims.size() || value.dims.size() < 2) return false;
  return gate.dims[0] == value.dims[0] && gate.elements() == gate.dims[0];
}

void binary_by_gate(NodeReader& node, BinaryKind kind, const Value& value, const Value& gate) {
  GraphBuilder& graph = node.graph();
  const Value last = channels_last(node, value);
  const Value vector = graph.plain(gate);
  const Value result = graph.new_value(value.dims, last.layout, node.where() + "'s output");
  const auto channels = static_cast<std::size_t>(value.dims[0]);
  graph.add_step(std::make_unique<ChannelBinaryStep>(
      last.buffer, vector.buffer, result.buffer,
      static_cast<std::size_t>(value.elements()) / channels, channels, kind));
  node.define(result);
}

void binary(NodeReader& node, BinaryKind kind) {
  node.expect_inputs(2, 2);
  if (node.is_constant(0) != node.is_constant(1)) {
    binary_with_constant(node, kind, node.is_constant(0) ? 1 : 0);
    return;
  }
  const Value a = node.value(0);
  const Value b = node.value(1);
  GraphBuilder& graph = node.graph();
  if (a.dims == b.dims) {
    if (kind == BinaryKind::kAdd && (fuse_residual(node, a, b) || fuse_residual(node, b, a))) {
      return;
    }
    const Value other = graph.in_layout(b, a.layout);
    const Value result = graph.new_value(a.dims, a.layout, node.where() + "'s output");
    graph.add_step(std::make_unique<BinaryStep>(a.buffer, other.buffer, result.buffer,
                                                static_cast<std::size_t>(a.elements()), kind));
    node.define(result);
  } else if (is_gate(b, a)) {
    binary_by_gate(node, kind, a, b);
  } else if (is_gate(a, b)) {
    binary_by_gate(node, kind, b, a);
  } else {
    node.refuse("samples of dims " + to_text(a.dims) + " and " + to_text(b.dims) +
                "; equal dims, or one number for each channel, are supported");
  }
}

void softmax(NodeReader& node, bool logarithm) {
  node.expect_inputs(1, 1);
  const Value value = node.value(0);
  const std::size_t axis = node.sample_axis(node.attribute("axis", std::int64_t{-1}), value);
  GraphBuilder& graph = node.graph();
  const Value source = graph.plain(value);
  std::size_t outer = 1;
  std::size_t inner = 1;
  for (std::size_t i = 0; i < value.dims.size(); ++i) {
    if (i < axis) outer *= static_cast<std::size_t>(value.dims[i]);
    if (i > axis) inner *= static_cast<std::size_t>(value.dims[i]);
  }
  const Value result = graph.new_value(value.dims, Layout{}, node.where() + "'s output");
  graph.add_step(std::make_unique<SoftmaxStep>(source.buffer, result.buffer, outer,
                                               static_cast<std::size_t>(value.dims[axis]), inner,
                                               logarithm));
  node.define(result);
}

}  // namespace

void apply_activation(NodeReader& node, const Value& value, Activation activation) {
  GraphBuilder& graph = node.graph();
  if (Step* step = graph.sole_producer(value); step != nullptr && step->fuse(activation)) {
    node.define(value);
    return;
  }
  const Value result = graph.new_value(value.dims, value.layout, node.where() + "'s output");
  graph.add_step(std::make_unique<ActivationStep>(
      value.buffer, result.buffer, static_cast<std::size_t>(value.elements()), activation));
  node.define(result);
}

void import_relu(NodeReader& node) {
  activation_of_one_input(node, {Activation::Kind::kRelu, 0, 0});
}

void import_leaky_relu(NodeReader& node) {
  activation_of_one_input(node, {Activation::Kind::kLeakyRelu, node.attribute("alpha", 0.01F), 0});
}

void import_hard_swish(NodeReader& node) {
  activation_of_one_input(node, {Activation::Kind::kHardSwish, 0, 0});
}

void import_hard_sigmoid(NodeReader& node) {
  activation_of_one_input(node, {Activation::Kind::kHardSigmoid, node.attribute("alpha", 0.2F),
                                 node.attribute("beta", 0.5F)});
}

void import_sigmoid(NodeReader& node) {
  activation_of_one_input(node, {Activation::Kind::kSigmoid, 0, 0});
}

void import_clip(NodeReader& node) {
  node.expect_inputs(1, 3);
  const float low = bound(node, 1, std::numeric_limits<float>::lowest());
  const float high = bound(node, 2, std::numeric_limits<float>::max());
  apply_activation(node, node.value(0), {Activation::Kind::kClip, low, high});
}

void import_add(NodeReader& node) {
  binary(node, BinaryKind::kAdd);
}
void import_mul(NodeReader& node) {
  binary(node, BinaryKind::kMul);
}
void import_softmax(NodeReader& node) {
  softmax(node, false);
}
void import_log_softmax(NodeReader& node) {
  softmax(node, true);
}

}  // namespace longhand::nn
