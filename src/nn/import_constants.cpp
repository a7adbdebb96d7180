#include <algorithm>
#include <array>

#include "nn/node_reader.h"

// Operators that exist only on constants here, and are worked out at load.
namespace longhand::nn {
namespace {

using onnx::Type;

std::vector<float> as_floats(const Constant& constant) {
  return std::visit([](const auto& from) { return std::vector<float>(from.begin(), from.end()); },
                    constant.data);
}

// Which scale an element has: elements [block][scale][run].
struct ScaleAxis {
  std::size_t scales = 1;
  std::size_t run = 1;
};

ScaleAxis read_scale_axis(NodeReader& node, const Dims& dims, const Dims& scale) {
  const std::int64_t given = node.attribute("axis", std::int64_t{1});
  if (scale.empty() || scale == Dims{1}) return {};
  const auto rank = static_cast<std::int64_t>(dims.size());
  const std::int64_t axis = given < 0 ? given + rank : given;
  if (axis < 0 || axis >= rank) node.corrupt("axis " + std::to_string(given) + " is outside");
  const auto at = static_cast<std::size_t>(axis);
  if (scale != Dims{dims[at]}) {
    node.refuse("a scale of dims " + to_text(scale) + " for a tensor of dims " + to_text(dims) +
                "; one number, or one for each index of the axis, is supported");
  }
  ScaleAxis result;
  result.scales = static_cast<std::size_t>(dims[at]);
  for (std::size_t i = at + 1; i < dims.size(); ++i)
    result.run *= static_cast<std::size_t>(dims[i]);
  return result;
}

std::vector<float> read_zero_point(NodeReader& node, const Constant& quantized,
                                   const Constant& scale) {
  const ConstantPtr zero_point = node.constant(2);
  if (zero_point == nullptr) return std::vector<float>(scale.size(), 0.0F);
  if (zero_point->type != quantized.type || zero_point->dims != scale.dims) {
    node.corrupt("its zero point must have the type of its input and the dims of its scale");
  }
  return as_floats(*zero_point);
}

}  // namespace

void import_constant(NodeReader& node) {
  node.expect_inputs(0, 0);
  auto constant = std::make_shared<Constant>();
  if (const auto* value = node.find("value"); value != nullptr && value->t) {
    node.define(decode(*value->t, node.graph().limits()));
    return;
  }
  if (const auto* value = node.find("value_float")) {
    constant->data = std::vector<float>{value->f};
  } else if (const auto* floats = node.find("value_floats")) {
    constant->dims = {static_cast<std::int64_t>(floats->floats.size())};
    constant->data = floats->floats;
  } else if (const auto* integer = node.find("value_int")) {
    constant->type = Type::kInt64;
    constant->data = std::vector<std::int64_t>{integer->i};
  } else if (const auto* integers = node.find("value_ints")) {
    constant->type = Type::kInt64;
    constant->dims = {static_cast<std::int64_t>(integers->ints.size())};
    constant->data = integers->ints;
  } else {
    node.refuse("value, value_float, value_floats, value_int and value_ints are supported");
  }
  node.define(ConstantPtr(std::move(constant)));
}

void import_cast(NodeReader& node) {
  node.expect_inputs(1, 1);
  const std::int64_t to = node.attribute("to", std::int64_t{0});
  if (to != static_cast<std::int64_t>(Type::kFloat)) {
    node.refuse("a cast to " + onnx::type_name(static_cast<std::int32_t>(to & 0xff)) +
                "; to float32 is supported");
  }
  if (!node.is_constant(0)) {  // values are float32 already
    node.define(node.value(0));
    return;
  }
  const ConstantPtr from = node.constant(0);
  auto result = std::make_shared<Constant>();
  result->dims = from->dims;
  result->data = as_floats(*from);
  node.define(ConstantPtr(std::move(result)));
}

void import_dequantize_linear(NodeReader& node) {
  node.expect_inputs(2, 3);
  const ConstantPtr quantized = node.constant(0);
  const std::vector<float>& scale = node.floats(1);
  constexpr std::array kTaken = {Type::kInt4, Type::kUint4, Type::kInt8, Type::kUint8,
                                 Type::kInt32};
  if (std::find(kTaken.begin(), kTaken.end(), quantized->type) == kTaken.end()) {
    node.refuse("its input is of " + onnx::type_name(static_cast<std::int32_t>(quantized->type)) +
                "; int4, uint4, int8, uint8 and int32 are supported");
  }
  if (node.attribute("block_size", std::int64_t{0}) != 0) {
    node.refuse("scales by block are not supported");
  }
  const ScaleAxis axis = read_scale_axis(node, quantized->dims, node.constant(1)->dims);
  const std::vector<float> zero = read_zero_point(node, *quantized, *node.constant(1));
  auto result = std::make_shared<Constant>();
  result->dims = quantized->dims;
  std::vector<float> data = as_floats(*quantized);
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::size_t at = i / axis.run % axis.scales;
    data[i] = (data[i] - zero[at]) * scale[at];
  }
  result->data = std::move(data);
  node.define(ConstantPtr(std::move(result)));
}

}  // namespace longhand::nn
