#include <algorithm>
#include <map>
#include <string>

#include "nn/node_reader.h"
#include "nn/refusal.h"

namespace longhand::nn {
namespace {

// Every operator there is. One more: its function in an import_*.cpp, its line here, and a
// generator of random nodes in tests/onnxruntime (docs/operators.md goes through it).
const std::map<std::string_view, Importer>& importers() {
  static const std::map<std::string_view, Importer> kImporters = {
      {"Add", import_add},
      {"AveragePool", import_average_pool},
      {"BatchNormalization", import_batch_normalization},
      {"Cast", import_cast},
      {"Clip", import_clip},
      {"Concat", import_concat},
      {"Constant", import_constant},
      {"Conv", import_conv},
      {"DequantizeLinear", import_dequantize_linear},
      {"Dropout", import_dropout},
      {"Flatten", import_flatten},
      {"Gemm", import_gemm},
      {"GlobalAveragePool", import_global_average_pool},
      {"HardSigmoid", import_hard_sigmoid},
      {"HardSwish", import_hard_swish},
      {"Identity", import_identity},
      {"LeakyRelu", import_leaky_relu},
      {"LogSoftmax", import_log_softmax},
      {"MatMul", import_matmul},
      {"MaxPool", import_max_pool},
      {"Mul", import_mul},
      {"Relu", import_relu},
      {"Reshape", import_reshape},
      {"Sigmoid", import_sigmoid},
      {"Softmax", import_softmax},
      {"Transpose", import_transpose},
  };
  return kImporters;
}

std::string supported_operators() {
  std::string text;
  for (const auto& [name, importer] : importers()) {
    text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text;
}

void import_node(GraphBuilder& graph, const onnx::Node& node) {
  NodeReader reader(graph, node);
  const auto found = importers().find(node.op_type);
  const bool standard = node.domain.empty() || node.domain == "ai.onnx";
  if (!standard || found == importers().end()) {
    refuse_unsupported("the operator " + quoted(node.op_type) +
                       (standard ? "" : " of the domain " + quoted(node.domain)) + " of the node " +
                       quoted(node.name) +
                       " is not supported; these are: " + supported_operators());
  }
  if (node.outputs.empty() || node.outputs[0].empty()) reader.corrupt("has no output");
  const bool more = std::any_of(node.outputs.begin() + 1, node.outputs.end(),
                                [](std::string_view name) { return !name.empty(); });
  // Dropout's mask and BatchNormalization's statistics are nobody's business at inference.
  if (more) reader.refuse("only its first output is supported");
  found->second(reader);
  reader.finish();
}

}  // namespace

Network build_network(const onnx::File& file, const LoadLimits& limits) {
  GraphBuilder graph(file, limits);
  for (const onnx::Node& node : file.graph.nodes) import_node(graph, node);
  return graph.finish();
}

}  // namespace longhand::nn
