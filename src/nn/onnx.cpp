#include "nn/onnx.h"

#include <protozero/pbf_message.hpp>
#include <utility>

#include "nn/onnx_fields.h"
#include "nn/onnx_numbers.h"
#include "nn/refusal.h"

namespace longhand::nn {

std::string quoted(std::string_view name) {
  constexpr std::size_t kLongest = 80;
  std::string text = "'";
  for (const char c : name.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte < 0x20 || byte >= 0x7f ? '?' : c;
  }
  return text + (name.size() > kLongest ? "...'" : "'");
}

namespace onnx {
namespace {

constexpr int kMaxRank = 8;

template <typename Message>
std::string_view view(Message& message) {
  const protozero::data_view data = message.get_view();
  return {data.data(), data.size()};
}

template <typename Field, typename Message>
protozero::pbf_message<Field> nested(Message& message) {
  return protozero::pbf_message<Field>{message.get_message()};
}

Tensor parse_tensor(protozero::pbf_message<TensorField> message, Budget& budget) {
  Tensor tensor;
  bool external = false;
  bool segmented = false;
  while (message.next()) {
    switch (message.tag()) {
      case TensorField::kDims:
        append_int64s(message, tensor.dims, budget);
        break;
      case TensorField::kDataType:
        tensor.type = message.get_int32();
        break;
      case TensorField::kFloatData:
        append_floats(message, tensor.floats, budget);
        break;
      case TensorField::kInt32Data:
        append_int32s(message, tensor.int32s, budget);
        break;
      case TensorField::kInt64Data:
        append_int64s(message, tensor.int64s, budget);
        break;
      case TensorField::kName:
        tensor.name = view(message);
        break;
      case TensorField::kRawData:
        tensor.raw = view(message);
        break;
      case TensorField::kSegment:
        segmented = true;
        message.skip();
        break;
      case TensorField::kExternalData:
        external = true;
        message.skip();
        break;
      case TensorField::kDataLocation:
        external |= message.get_enum() != 0;
        break;
      default:
        message.skip();
    }
    if (tensor.dims.size() > kMaxRank) {
      refuse_unsupported("tensor " + quoted(tensor.name) + " has more than 8 dimensions");
    }
  }
  if (external) {
    refuse_unsupported("tensor " + quoted(tensor.name) +
                       " keeps its data in another file; save the model with all data inside");
  }
  if (segmented) refuse_unsupported("tensor " + quoted(tensor.name) + " is cut into segments");
  return tensor;
}

Attribute parse_attribute(protozero::pbf_message<AttributeField> message, Budget& budget) {
  Attribute attribute;
  bool subgraph = false;
  bool reference = false;
  while (message.next()) {
    switch (message.tag()) {
      case AttributeField::kName:
        attribute.name = view(message);
        break;
      case AttributeField::kType:
        attribute.type = message.get_enum();
        break;
      case AttributeField::kF:
        attribute.f = message.get_float();
        break;
      case AttributeField::kI:
        attribute.i = message.get_int64();
        break;
      case AttributeField::kS:
        attribute.s = view(message);
        break;
      case AttributeField::kT:
        attribute.t = parse_tensor(nested<TensorField>(message), budget);
        break;
      case AttributeField::kFloats:
        append_floats(message, attribute.floats, budget);
        break;
      case AttributeField::kInts:
        append_int64s(message, attribute.ints, budget);
        break;
      case AttributeField::kG:
      case AttributeField::kGraphs:
        subgraph = true;
        message.skip();
        break;
      case AttributeField::kRefAttrName:
        reference = true;
        message.skip();
        break;
      default:
        message.skip();
    }
  }
  if (subgraph || reference) {
    refuse_unsupported(
        "attribute " + quoted(attribute.name) +
        " holds a graph or refers to a function; export the model as one flat graph");
  }
  return attribute;
}

Node parse_node(protozero::pbf_message<NodeField> message, Budget& budget) {
  Node node;
  while (message.next()) {
    switch (message.tag()) {
      case NodeField::kInput:
        budget.take_part();
        node.inputs.push_back(view(message));
        break;
      case NodeField::kOutput:
        budget.take_part();
        node.outputs.push_back(view(message));
        break;
      case NodeField::kName:
        node.name = view(message);
        break;
      case NodeField::kOpType:
        node.op_type = view(message);
        break;
      case NodeField::kDomain:
        node.domain = view(message);
        break;
      case NodeField::kAttribute:
        budget.take_part();
        node.attributes.push_back(parse_attribute(nested<AttributeField>(message), budget));
        break;
      default:
        message.skip();
    }
  }
  return node;
}

std::optional<std::int64_t> parse_dim(protozero::pbf_message<DimField> message) {
  std::optional<std::int64_t> dim;
  while (message.next()) {
    switch (message.tag()) {
      case DimField::kValue:
        dim = message.get_int64();
        break;
      case DimField::kParam:
        dim.reset();
        message.skip();
        break;
      default:
        message.skip();
    }
  }
  if (dim && *dim == -1) dim.reset();  // some exporters write a free dimension so
  return dim;
}

void parse_tensor_type(protozero::pbf_message<TensorTypeField> message, Port& port) {
  while (message.next()) {
    switch (message.tag()) {
      case TensorTypeField::kElemType:
        port.type = message.get_int32();
        break;
      case TensorTypeField::kShape: {
        port.has_shape = true;
        auto shape = nested<ShapeField>(message);
        while (shape.next()) {
          if (shape.tag() == ShapeField::kDim) {
            port.dims.push_back(parse_dim(nested<DimField>(shape)));
          } else {
            shape.skip();
          }
          if (port.dims.size() > kMaxRank) {
            refuse_unsupported(quoted(port.name) + " has more than 8 dimensions");
          }
        }
        break;
      }
      default:
        message.skip();
    }
  }
}

Port parse_port(protozero::pbf_message<ValueInfoField> message) {
  Port port;
  while (message.next()) {
    switch (message.tag()) {
      case ValueInfoField::kName:
        port.name = view(message);
        break;
      case ValueInfoField::kType: {
        auto type = nested<TypeField>(message);
        while (type.next()) {
          if (type.tag() == TypeField::kTensor) {
            parse_tensor_type(nested<TensorTypeField>(type), port);
          } else {
            type.skip();  // a sequence, a map: left without a type, refused where it is used
          }
        }
        break;
      }
      default:
        message.skip();
    }
  }
  return port;
}

Graph parse_graph(std::string_view bytes, const LoadLimits& limits, Budget& budget) {
  Graph graph;
  protozero::pbf_message<GraphField> message{bytes.data(), bytes.size()};
  while (message.next()) {
    switch (message.tag()) {
      case GraphField::kNode:
        graph.nodes.push_back(parse_node(nested<NodeField>(message), budget));
        if (graph.nodes.size() > limits.max_nodes) {
          refuse_large("the graph has more than " + std::to_string(limits.max_nodes) +
                       " nodes (max_nodes)");
        }
        break;
      case GraphField::kInitializer:
        budget.take_part();
        graph.initializers.push_back(parse_tensor(nested<TensorField>(message), budget));
        break;
      case GraphField::kInput:
        budget.take_part();
        graph.inputs.push_back(parse_port(nested<ValueInfoField>(message)));
        break;
      case GraphField::kOutput:
        budget.take_part();
        graph.outputs.push_back(parse_port(nested<ValueInfoField>(message)));
        break;
      case GraphField::kSparseInitializer:
        refuse_unsupported("the graph has sparse initialisers; only dense ones are supported");
      default:
        message.skip();
    }
  }
  return graph;
}

void parse_opset(protozero::pbf_message<OpsetField> message, File& file) {
  std::string_view domain;
  std::int64_t version = 0;
  while (message.next()) {
    switch (message.tag()) {
      case OpsetField::kDomain:
        domain = view(message);
        break;
      case OpsetField::kVersion:
        version = message.get_int64();
        break;
      default:
        message.skip();
    }
  }
  if (domain.empty() || domain == "ai.onnx") file.opset = version;
}

void parse_metadata(protozero::pbf_message<EntryField> message, File& file) {
  std::string key;
  std::string value;
  while (message.next()) {
    switch (message.tag()) {
      case EntryField::kKey:
        key = view(message);
        break;
      case EntryField::kValue:
        value = view(message);
        break;
      default:
        message.skip();
    }
  }
  if (!file.metadata.emplace(key, std::move(value)).second) {
    refuse_corrupt("metadata_props has the key " + quoted(key) + " twice");
  }
}

File parse_model(std::string_view bytes, const LoadLimits& limits) {
  File file;
  Budget budget(limits);
  bool has_graph = false;
  protozero::pbf_message<ModelField> message{bytes.data(), bytes.size()};
  while (message.next()) {
    switch (message.tag()) {
      case ModelField::kGraph:
        if (std::exchange(has_graph, true)) refuse_corrupt("the file holds two graphs");
        file.graph_bytes = view(message);
        file.graph = parse_graph(file.graph_bytes, limits, budget);
        break;
      case ModelField::kOpsetImport:
        parse_opset(nested<OpsetField>(message), file);
        break;
      case ModelField::kMetadataProps:
        budget.take_part();
        parse_metadata(nested<EntryField>(message), file);
        break;
      case ModelField::kFunctions:
        refuse_unsupported("the model defines functions; export it with them inlined");
      default:
        message.skip();
    }
  }
  if (!has_graph) refuse_corrupt("no ONNX model: there is no graph in it");
  if (file.opset < 13) {
    refuse_unsupported("the model is of opset " + std::to_string(file.opset) +
                       "; 13 and later are supported (onnx.version_converter raises it)");
  }
  return file;
}

}  // namespace

std::string type_name(std::int32_t type) {
  switch (static_cast<Type>(type)) {
    case Type::kFloat:
      return "float32";
    case Type::kUint8:
      return "uint8";
    case Type::kInt8:
      return "int8";
    case Type::kInt32:
      return "int32";
    case Type::kInt64:
      return "int64";
    case Type::kFloat16:
      return "float16";
    case Type::kBfloat16:
      return "bfloat16";
    case Type::kUint4:
      return "uint4";
    case Type::kInt4:
      return "int4";
  }
  return "type " + std::to_string(type);
}

File parse(std::span<const std::byte> bytes, const LoadLimits& limits) {
  if (bytes.size() > limits.max_file_bytes) {
    refuse_large("the model has " + std::to_string(bytes.size()) + " bytes; the limit is " +
                 std::to_string(limits.max_file_bytes) + " (max_file_bytes)");
  }
  try {
    return parse_model({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, limits);
  } catch (const protozero::end_of_buffer_exception&) {
    refuse_corrupt("no ONNX model, or one that was cut short");
  } catch (const protozero::exception&) {
    refuse_corrupt("no ONNX model, or a damaged one");
  }
}

}  // namespace onnx
}  // namespace longhand::nn
