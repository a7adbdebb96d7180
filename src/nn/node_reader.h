#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "nn/graph_builder.h"

namespace longhand::nn {

// One node while it is read: its inputs by kind, its attributes by type, and refusals that name it.
// An attribute that nobody asked for is refused by finish(), so that none is passed over in
// silence.
class NodeReader {
 public:
  NodeReader(GraphBuilder& graph, const onnx::Node& node) : graph_(graph), node_(node) {}

  GraphBuilder& graph() { return graph_; }
  std::string where() const;                                // "Conv node 'c1'"
  [[noreturn]] void refuse(const std::string& why) const;   // not supported
  [[noreturn]] void corrupt(const std::string& why) const;  // makes no sense

  // Refuses a node with another number of inputs; trailing ones may be left out as "".
  void expect_inputs(std::size_t least, std::size_t most) const;
  bool has(std::size_t input) const;
  std::size_t input_count() const { return node_.inputs.size(); }
  // A value that changes from sample to sample; a constant there is refused.
  Value value(std::size_t input) const;
  // A constant; a value there is refused. nullptr if the input is left out.
  ConstantPtr constant(std::size_t input) const;
  bool is_constant(std::size_t input) const;
  // A float32 constant's numbers; refuses another type. The constant must be there.
  const std::vector<float>& floats(std::size_t input) const;
  // A float32 constant of exactly `count` numbers and one dimension.
  const std::vector<float>& vector(std::size_t input, std::int64_t count) const;
  // An int64 constant of one dimension.
  const std::vector<std::int64_t>& integers(std::size_t input) const;

  std::int64_t attribute(std::string_view name, std::int64_t otherwise);
  float attribute(std::string_view name, float otherwise);
  std::string_view attribute(std::string_view name, std::string_view otherwise);
  std::optional<std::vector<std::int64_t>> list(std::string_view name);
  const onnx::Attribute* find(std::string_view name);
  // An axis of a value (the batch is 0, negative ones count from the end), as an index of its
  // sample's dims; refuses the batch.
  std::size_t sample_axis(std::int64_t axis, const Value& value) const;

  void define(Value value) { graph_.define(node_.outputs[0], std::move(value)); }
  void define(ConstantPtr constant) { graph_.define(node_.outputs[0], std::move(constant)); }
  void finish() const;

 private:
  GraphBuilder& graph_;
  const onnx::Node& node_;
  std::set<std::string_view> asked_;
};

// Reads one operator's node into the graph.
using Importer = void (*)(NodeReader& node);

void import_conv(NodeReader& node);
void import_batch_normalization(NodeReader& node);
void import_pool(NodeReader& node);
void import_global_average_pool(NodeReader& node);
void import_gemm(NodeReader& node);
void import_matmul(NodeReader& node);
void import_add(NodeReader& node);
void import_mul(NodeReader& node);
void import_softmax(NodeReader& node);
void import_concat(NodeReader& node);
void import_flatten(NodeReader& node);
void import_reshape(NodeReader& node);
void import_transpose(NodeReader& node);
void import_identity(NodeReader& node);
void import_dropout(NodeReader& node);
void import_constant(NodeReader& node);
void import_cast(NodeReader& node);
void import_dequantize_linear(NodeReader& node);
void import_max_pool(NodeReader& node);
void import_average_pool(NodeReader& node);
void import_relu(NodeReader& node);
void import_leaky_relu(NodeReader& node);
void import_hard_swish(NodeReader& node);
void import_hard_sigmoid(NodeReader& node);
void import_sigmoid(NodeReader& node);
void import_clip(NodeReader& node);
void import_log_softmax(NodeReader& node);

// y = x, fused where it can be: the activation on its way out of the step before.
void apply_activation(NodeReader& node, const Value& value, Activation activation);

// y = x * scale + shift for each channel (dimension 1 of the file), fused where it can be; either
// may be empty.
void apply_affine(NodeReader& node, const Value& value, std::vector<float> scale,
                  std::vector<float> shift);

// Reads every node of the file. Throws Refusal.
Network build_network(const onnx::File& file, const LoadLimits& limits);

}  // namespace longhand::nn
