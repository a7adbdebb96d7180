#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/model.h"

// The parts of ONNX's protocol buffers that inference needs, as plain structs. Names and numbers of
// fields are those of onnx.proto3. Views point into the file's bytes.
namespace longhand::nn::onnx {

enum class Type : std::int32_t {
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kInt32 = 6,
  kInt64 = 7,
  kFloat16 = 10,
  kBfloat16 = 16,
  kUint4 = 21,
  kInt4 = 22,
};

// "float32" for 1, "type 8" for one that has no name here.
std::string type_name(std::int32_t type);

struct Tensor {
  std::string_view name;
  std::vector<std::int64_t> dims;
  std::int32_t type = 0;
  std::optional<std::string_view> raw;
  std::vector<float> floats;
  std::vector<std::int32_t> int32s;
  std::vector<std::int64_t> int64s;
};

struct Attribute {
  std::string_view name;
  std::int32_t type = 0;  // AttributeProto.AttributeType; 0 in files that leave it out
  float f = 0;
  std::int64_t i = 0;
  std::string_view s;
  std::optional<Tensor> t;
  std::vector<float> floats;
  std::vector<std::int64_t> ints;
};

struct Node {
  std::string_view name;
  std::string_view op_type;
  std::string_view domain;
  std::vector<std::string_view> inputs;
  std::vector<std::string_view> outputs;
  std::vector<Attribute> attributes;
};

// A graph's input or output. A dimension that is symbolic or left out is nullopt.
struct Port {
  std::string_view name;
  std::int32_t type = 0;
  bool has_shape = false;
  std::vector<std::optional<std::int64_t>> dims;
};

struct Graph {
  std::vector<Node> nodes;
  std::vector<Tensor> initializers;
  std::vector<Port> inputs;
  std::vector<Port> outputs;
};

struct File {
  Graph graph;
  std::string_view graph_bytes;  // ModelProto.graph as it stands in the file
  std::int64_t opset = 0;        // of the default domain
  std::map<std::string, std::string> metadata;
};

// Throws Refusal for what is no ONNX file, is damaged, or holds what can't be taken at all
// (external data, subgraphs, functions).
File parse(std::span<const std::byte> bytes, const LoadLimits& limits);

}  // namespace longhand::nn::onnx
