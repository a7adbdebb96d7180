#include "training/onnx_export.h"

#include <bit>
#include <cmath>
#include <initializer_list>
#include <protozero/pbf_writer.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "training/quantize.h"

namespace longhand::training {
namespace {

// Numbers of fields and types from ONNX's onnx.proto.
namespace field {
constexpr protozero::pbf_tag_type kModelIrVersion = 1, kModelProducer = 2, kModelGraph = 7,
                                  kModelOpset = 8, kModelMetadata = 14;
constexpr protozero::pbf_tag_type kOpsetVersion = 2;
constexpr protozero::pbf_tag_type kEntryKey = 1, kEntryValue = 2;
constexpr protozero::pbf_tag_type kGraphNode = 1, kGraphName = 2, kGraphInitializer = 5,
                                  kGraphInput = 11, kGraphOutput = 12;
constexpr protozero::pbf_tag_type kNodeInput = 1, kNodeOutput = 2, kNodeName = 3, kNodeType = 4,
                                  kNodeAttribute = 5;
constexpr protozero::pbf_tag_type kAttributeName = 1, kAttributeFloat = 2, kAttributeInt = 3,
                                  kAttributeInts = 8, kAttributeType = 20;
constexpr protozero::pbf_tag_type kTensorDims = 1, kTensorType = 2, kTensorName = 8, kTensorRaw = 9;
constexpr protozero::pbf_tag_type kInfoName = 1, kInfoType = 2, kTypeTensor = 1, kElementType = 1,
                                  kTensorShape = 2, kShapeDim = 1, kDimValue = 1, kDimParam = 2;
}  // namespace field

enum AttributeType { kFloatAttribute = 1, kIntAttribute = 2, kIntsAttribute = 7 };
enum ElementType { kFloat = 1, kInt8 = 3, kHalf = 10, kInt4 = 22 };
constexpr float kBatchNormEpsilon = 1e-5F;  // as in the learner

class Node {
 public:
  Node(const char* type, const std::string& name, const std::vector<std::string>& inputs,
       const std::string& output)
      : writer_(bytes_) {
    for (const std::string& input : inputs) writer_.add_string(field::kNodeInput, input);
    writer_.add_string(field::kNodeOutput, output);
    writer_.add_string(field::kNodeName, name);
    writer_.add_string(field::kNodeType, type);
  }

  Node& ints(const char* name, std::initializer_list<std::int64_t> values) {
    protozero::pbf_writer attribute(writer_, field::kNodeAttribute);
    attribute.add_string(field::kAttributeName, name);
    for (const std::int64_t value : values) attribute.add_int64(field::kAttributeInts, value);
    attribute.add_enum(field::kAttributeType, kIntsAttribute);
    return *this;
  }
  Node& integer(const char* name, std::int64_t value) {
    protozero::pbf_writer attribute(writer_, field::kNodeAttribute);
    attribute.add_string(field::kAttributeName, name);
    attribute.add_int64(field::kAttributeInt, value);
    attribute.add_enum(field::kAttributeType, kIntAttribute);
    return *this;
  }
  Node& number(const char* name, float value) {
    protozero::pbf_writer attribute(writer_, field::kNodeAttribute);
    attribute.add_string(field::kAttributeName, name);
    attribute.add_float(field::kAttributeFloat, value);
    attribute.add_enum(field::kAttributeType, kFloatAttribute);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  protozero::pbf_writer writer_;
};

class Exporter {
 public:
  Exporter(const Network& network, const Weights& weights, WeightType type)
      : network_(network), weights_(weights), type_(type), graph_(bytes_) {}

  std::string graph() {
    graph_.add_string(field::kGraphName, "longhand");
    const Shape& in = network_.input;
    add_edge(field::kGraphInput, "input", {in.channels, in.height, in.width});
    const std::string last = walk(network_.layers, "input", "logits");
    if (last != "logits") throw std::logic_error("a network without layers");
    add_edge(field::kGraphOutput, "logits", {network_.classes});
    return bytes_;
  }
  // The oldest that has what the graph uses.
  std::int64_t opset() const {
    if (type_ == WeightType::kInt4) return 21;
    return hard_swish_ ? 14 : 13;
  }

 private:
  // How many of `layers` from `at` become one node: 0 where the layer leaves no trace.
  static std::size_t span_of(const std::vector<Layer>& layers, std::size_t at) {
    if (layers[at].kind == LayerKind::kDropout) return 0;
    const bool folds = layers[at].kind == LayerKind::kConv && at + 1 < layers.size() &&
                       layers[at + 1].kind == LayerKind::kBatchNorm;
    return folds ? 2 : 1;
  }

  // Writes nodes for the layers; the last one's output is called `result`. Gives that name, or
  // `input` where no node came of them.
  std::string walk(const std::vector<Layer>& layers, std::string input, const std::string& result) {
    std::size_t last = layers.size();
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (span_of(layers, i) > 0) last = i;
      if (span_of(layers, i) == 2) ++i;
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::size_t span = span_of(layers, i);
      if (span == 0) continue;
      const std::string output = i == last ? result : "x" + std::to_string(++edges_);
      add(layers[i], span == 2 ? &layers[i + 1] : nullptr, input, output);
      input = output;
      if (span == 2) ++i;
    }
    return input;
  }

  void add(const Layer& layer, const Layer* norm, const std::string& in, const std::string& out) {
    const std::string name = "n" + std::to_string(++nodes_);
    switch (layer.kind) {
      case LayerKind::kConv:
        return add_conv(layer, norm, name, in, out);
      case LayerKind::kBatchNorm:
        return add_batch_norm(layer, name, in, out);
      case LayerKind::kRelu:
        return emit(Node("Relu", name, {in}, out));
      case LayerKind::kHardSwish:
        hard_swish_ = true;
        return emit(Node("HardSwish", name, {in}, out));
      case LayerKind::kMaxPool:
      case LayerKind::kAveragePool:
        return emit(
            Node(layer.kind == LayerKind::kMaxPool ? "MaxPool" : "AveragePool", name, {in}, out)
                .ints("kernel_shape", {layer.kernel, layer.kernel})
                .ints("strides", {layer.stride, layer.stride}));
      case LayerKind::kFlatten:
        return emit(Node("Flatten", name, {in}, out).integer("axis", 1));
      case LayerKind::kLinear:
        return add_linear(layer, name, in, out);
      case LayerKind::kResidual: {
        const std::string inside = walk(layer.body, in, name + ".body");
        return emit(Node("Add", name, {in, inside}, out));
      }
      case LayerKind::kDropout:
        break;
    }
    throw std::logic_error("a layer that has no node");
  }

  std::vector<float> values(const Slot& slot) const {
    const float* first = weights_.at(slot);
    return {first, first + slot.count()};
  }

  void add_conv(const Layer& layer, const Layer* norm, const std::string& name,
                const std::string& in, const std::string& out) {
    const auto channels = static_cast<std::size_t>(layer.outputs);
    std::vector<float> bias(channels, 0.0F);
    if (layer.bias) bias = values(layer.shift);
    std::vector<double> factors(channels, 1.0);
    if (norm != nullptr) factors = fold(*norm, bias);
    std::vector<std::string> inputs = {in, add_weight(name + ".weight", layer, factors)};
    if (layer.bias || norm != nullptr) {
      inputs.push_back(add_tensor(name + ".bias", {layer.outputs}, bias));
    }
    emit(Node("Conv", name, inputs, out)
             .ints("kernel_shape", {layer.kernel, layer.kernel})
             .ints("strides", {layer.stride, layer.stride})
             .ints("pads", {layer.pad, layer.pad, layer.pad, layer.pad})
             .integer("group", layer.groups));
  }

  // Takes batch normalisation into the bias before it; gives what to multiply each channel's
  // weights by.
  std::vector<double> fold(const Layer& norm, std::vector<float>& bias) const {
    const float* scale = weights_.at(norm.weight);
    const float* shift = weights_.at(norm.shift);
    const float* mean = weights_.at(norm.mean);
    const float* variance = weights_.at(norm.variance);
    std::vector<double> factors;
    for (std::size_t channel = 0; channel < bias.size(); ++channel) {
      const double factor = static_cast<double>(scale[channel]) /
                            std::sqrt(static_cast<double>(variance[channel]) + kBatchNormEpsilon);
      bias[channel] = static_cast<float>(shift[channel] + (bias[channel] - mean[channel]) * factor);
      factors.push_back(factor);
    }
    return factors;
  }

  void add_batch_norm(const Layer& layer, const std::string& name, const std::string& in,
                      const std::string& out) {
    std::vector<std::string> inputs = {in};
    for (const auto& [suffix, slot] : {std::pair{".scale", &layer.weight},
                                       {".shift", &layer.shift},
                                       {".mean", &layer.mean},
                                       {".variance", &layer.variance}}) {
      inputs.push_back(add_tensor(name + suffix, slot->dims, values(*slot)));
    }
    emit(Node("BatchNormalization", name, inputs, out).number("epsilon", kBatchNormEpsilon));
  }

  void add_linear(const Layer& layer, const std::string& name, const std::string& in,
                  const std::string& out) {
    const std::vector<double> factors(static_cast<std::size_t>(layer.outputs), 1.0);
    std::vector<std::string> inputs = {in, add_weight(name + ".weight", layer, factors)};
    if (layer.bias)
      inputs.push_back(add_tensor(name + ".bias", layer.shift.dims, values(layer.shift)));
    emit(Node("Gemm", name, inputs, out).integer("transB", 1));
  }

  // A tensor of the network's bulk, in the precision asked for, each channel times its factor;
  // gives the name of its float form.
  std::string add_weight(const std::string& name, const Layer& layer,
                         const std::vector<double>& factors) {
    const std::vector<std::int64_t>& dims = layer.weight.dims;
    std::vector<float> data = values(layer.weight);
    if (bits_of(type_) > 0) return add_quantized(name, dims, data, factors);
    const std::size_t each = data.size() / factors.size();
    for (std::size_t i = 0; i < data.size(); ++i) {
      data[i] = static_cast<float>(data[i] * factors[i / each]);
    }
    if (type_ == WeightType::kFloat32) return add_tensor(name, dims, data);
    std::string raw;
    raw.reserve(data.size() * 2);
    for (const float value : data) {
      const std::uint16_t half = to_half(value);
      raw += static_cast<char>(half & 0xffU);
      raw += static_cast<char>(half >> 8U);
    }
    add_raw(name + ".half", dims, kHalf, raw);
    emit(Node("Cast", name + ".cast", {name + ".half"}, name).integer("to", kFloat));
    return name;
  }

  // The whole numbers of the training; factors go into the scales, their signs into the numbers.
  std::string add_quantized(const std::string& name, const std::vector<std::int64_t>& dims,
                            const std::vector<float>& data, const std::vector<double>& factors) {
    const int bits = bits_of(type_);
    Quantized small = quantize(data, dims[0], bits);
    const std::size_t each = data.size() / factors.size();
    for (std::size_t i = 0; i < data.size(); ++i) {
      if (factors[i / each] < 0) small.values[i] = static_cast<std::int8_t>(-small.values[i]);
    }
    for (std::size_t i = 0; i < factors.size(); ++i) {
      small.scales[i] = static_cast<float>(small.scales[i] * std::abs(factors[i]));
    }
    add_raw(name + ".int", dims, bits == 4 ? kInt4 : kInt8, packed(small.values, bits));
    add_tensor(name + ".scale", {dims[0]}, small.scales);
    emit(Node("DequantizeLinear", name + ".scaled", {name + ".int", name + ".scale"}, name)
             .integer("axis", 0));
    return name;
  }

  // Numbers of 4 bits stand two to a byte, the first in the lower half.
  static std::string packed(const std::vector<std::int8_t>& values, int bits) {
    if (bits == 8) return {values.begin(), values.end()};
    std::string raw((values.size() + 1) / 2, '\0');
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int nibble = (values[i] & 0xf) << (i % 2 == 0 ? 0 : 4);
      raw[i / 2] = static_cast<char>(raw[i / 2] | nibble);
    }
    return raw;
  }

  std::string add_tensor(const std::string& name, const std::vector<std::int64_t>& dims,
                         const std::vector<float>& data) {
    static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");
    const std::string raw(reinterpret_cast<const char*>(data.data()), data.size() * sizeof(float));
    add_raw(name, dims, kFloat, raw);
    return name;
  }

  void add_raw(const std::string& name, const std::vector<std::int64_t>& dims, ElementType type,
               const std::string& raw) {
    protozero::pbf_writer tensor(graph_, field::kGraphInitializer);
    for (const std::int64_t dim : dims) tensor.add_int64(field::kTensorDims, dim);
    tensor.add_int32(field::kTensorType, type);
    tensor.add_string(field::kTensorName, name);
    tensor.add_bytes(field::kTensorRaw, raw);
  }

  void add_edge(protozero::pbf_tag_type tag, const char* name,
                std::initializer_list<std::int64_t> dims) {
    protozero::pbf_writer info(graph_, tag);
    info.add_string(field::kInfoName, name);
    protozero::pbf_writer type(info, field::kInfoType);
    protozero::pbf_writer tensor(type, field::kTypeTensor);
    tensor.add_int32(field::kElementType, kFloat);
    protozero::pbf_writer shape(tensor, field::kTensorShape);
    {
      protozero::pbf_writer dim(shape, field::kShapeDim);
      dim.add_string(field::kDimParam, "batch");
    }
    for (const std::int64_t size : dims) {
      protozero::pbf_writer dim(shape, field::kShapeDim);
      dim.add_int64(field::kDimValue, size);
    }
  }

  void emit(const Node& node) { graph_.add_message(field::kGraphNode, node.bytes()); }

  const Network& network_;
  const Weights& weights_;
  WeightType type_;
  std::string bytes_;
  protozero::pbf_writer graph_;
  bool hard_swish_ = false;
  int edges_ = 0;
  int nodes_ = 0;
};

}  // namespace

std::uint16_t to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16U) & 0x8000U);
  const float magnitude = std::abs(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | 0x7e00U);
  if (magnitude >= 65520.0F) return static_cast<std::uint16_t>(sign | 0x7c00U);
  if (magnitude < 0x1p-14F) {  // subnormal: steps of 2^-24; the sum rounds to even by itself
    return static_cast<std::uint16_t>(
        sign | static_cast<std::uint32_t>(std::nearbyint(magnitude * 0x1p24F)));
  }
  const std::uint32_t rest = bits & 0x7fffffffU;
  const std::uint32_t rounded = rest + 0xfffU + ((rest >> 13U) & 1U);
  return static_cast<std::uint16_t>(sign | ((rounded - (112U << 23U)) >> 13U));
}

std::string export_onnx(const Network& network, const Weights& weights, WeightType type,
                        const std::map<std::string, std::string>& metadata) {
  Exporter exporter(network, weights, type);
  const std::string graph = exporter.graph();
  std::string bytes;
  protozero::pbf_writer model(bytes);
  model.add_int64(field::kModelIrVersion, type == WeightType::kInt4 ? 10 : 7);
  model.add_string(field::kModelProducer, "longhand");
  {
    protozero::pbf_writer opset(model, field::kModelOpset);
    opset.add_int64(field::kOpsetVersion, exporter.opset());
  }
  model.add_message(field::kModelGraph, graph);
  for (const auto& [key, value] : metadata) {
    protozero::pbf_writer entry(model, field::kModelMetadata);
    entry.add_string(field::kEntryKey, key);
    entry.add_string(field::kEntryValue, value);
  }
  return bytes;
}

}  // namespace longhand::training
