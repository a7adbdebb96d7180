#include "nn/node_reader.h"

#include "nn/refusal.h"

namespace longhand::nn {
namespace {

// AttributeProto.AttributeType.
constexpr std::int32_t kFloatAttribute = 1;
constexpr std::int32_t kIntAttribute = 2;
constexpr std::int32_t kStringAttribute = 3;
constexpr std::int32_t kIntsAttribute = 7;

}  // namespace

std::string NodeReader::where() const {
  const bool named = !node_.name.empty();
  const std::string_view name = named || node_.outputs.empty() ? node_.name : node_.outputs.front();
  return std::string(node_.op_type) + (named ? " node " : " node that gives ") + quoted(name);
}

void NodeReader::refuse(const std::string& why) const {
  refuse_unsupported(where() + ": " + why);
}
void NodeReader::corrupt(const std::string& why) const {
  refuse_corrupt(where() + ": " + why);
}

bool NodeReader::has(std::size_t input) const {
  return input < node_.inputs.size() && !node_.inputs[input].empty();
}

void NodeReader::expect_inputs(std::size_t least, std::size_t most) const {
  bool whole = node_.inputs.size() <= most;
  for (std::size_t i = 0; i < least; ++i) whole = whole && has(i);
  if (!whole) {
    corrupt("has " + std::to_string(node_.inputs.size()) + " inputs, takes " +
            std::to_string(least) + (most == least ? "" : " to " + std::to_string(most)));
  }
}

bool NodeReader::is_constant(std::size_t input) const {
  return has(input) && graph_.find_constant(node_.inputs[input]) != nullptr;
}

Value NodeReader::value(std::size_t input) const {
  const std::string_view name = node_.inputs.at(input);
  if (const Value* found = graph_.find_value(name)) return *found;
  if (is_constant(input)) {
    refuse("input " + std::to_string(input) + " is the constant " + quoted(name) +
           "; what comes from the model's input is supported there");
  }
  corrupt("reads " + quoted(name) + ", which no earlier node, input or initialiser gives");
}

ConstantPtr NodeReader::constant(std::size_t input) const {
  if (!has(input)) return nullptr;
  const std::string_view name = node_.inputs[input];
  if (ConstantPtr found = graph_.find_constant(name)) return found;
  if (graph_.find_value(name) != nullptr) {
    refuse("input " + std::to_string(input) + ", " + quoted(name) +
           ", comes from the model's input; a constant is supported there");
  }
  corrupt("reads " + quoted(name) + ", which no earlier node, input or initialiser gives");
}

const std::vector<float>& NodeReader::floats(std::size_t input) const {
  const ConstantPtr found = constant(input);
  if (found == nullptr) corrupt("lacks input " + std::to_string(input));
  if (found->type != onnx::Type::kFloat) {
    refuse("input " + std::to_string(input) + " is of " +
           onnx::type_name(static_cast<std::int32_t>(found->type)) +
           "; float32 is supported there (a Cast or DequantizeLinear of a constant is folded)");
  }
  return std::get<std::vector<float>>(found->data);  // kept by the graph, which outlives the node
}

const std::vector<float>& NodeReader::vector(std::size_t input, std::int64_t count) const {
  const std::vector<float>& found = floats(input);
  const Dims dims = constant(input)->dims;
  if (dims != Dims{count}) {
    corrupt("input " + std::to_string(input) + " has dims " + to_text(dims) + ", needs [" +
            std::to_string(count) + "]");
  }
  return found;
}

const std::vector<std::int64_t>& NodeReader::integers(std::size_t input) const {
  const ConstantPtr found = constant(input);
  if (found == nullptr) corrupt("lacks input " + std::to_string(input));
  if (found->type != onnx::Type::kInt64 || found->dims.size() != 1) {
    corrupt("input " + std::to_string(input) + " must be int64 of one dimension");
  }
  return std::get<std::vector<std::int64_t>>(found->data);
}

const onnx::Attribute* NodeReader::find(std::string_view name) {
  asked_.insert(name);
  const onnx::Attribute* found = nullptr;
  for (const onnx::Attribute& attribute : node_.attributes) {
    if (attribute.name != name) continue;
    if (found != nullptr) corrupt("has the attribute " + quoted(name) + " twice");
    found = &attribute;
  }
  return found;
}

std::int64_t NodeReader::attribute(std::string_view name, std::int64_t otherwise) {
  const onnx::Attribute* found = find(name);
  if (found == nullptr) return otherwise;
  if (found->type != kIntAttribute) corrupt("the attribute " + quoted(name) + " is no integer");
  return found->i;
}

float NodeReader::attribute(std::string_view name, float otherwise) {
  const onnx::Attribute* found = find(name);
  if (found == nullptr) return otherwise;
  if (found->type != kFloatAttribute) corrupt("the attribute " + quoted(name) + " is no float");
  return found->f;
}

std::string_view NodeReader::attribute(std::string_view name, std::string_view otherwise) {
  const onnx::Attribute* found = find(name);
  if (found == nullptr) return otherwise;
  if (found->type != kStringAttribute) corrupt("the attribute " + quoted(name) + " is no string");
  return found->s;
}

std::optional<std::vector<std::int64_t>> NodeReader::list(std::string_view name) {
  const onnx::Attribute* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (found->type != kIntsAttribute) {
    corrupt("the attribute " + quoted(name) + " is no list of integers");
  }
  return found->ints;
}

std::size_t NodeReader::sample_axis(std::int64_t axis, const Value& value) const {
  const auto rank = static_cast<std::int64_t>(value.dims.size()) + 1;
  if (axis < -rank || axis >= rank) {
    corrupt("axis " + std::to_string(axis) + " is outside a value of " + std::to_string(rank) +
            " dimensions");
  }
  const std::int64_t at = axis < 0 ? axis + rank : axis;
  if (at == 0) refuse("axis 0 is the batch; samples are kept apart");
  return static_cast<std::size_t>(at - 1);
}

void NodeReader::finish() const {
  for (const onnx::Attribute& attribute : node_.attributes) {
    if (!asked_.contains(attribute.name)) {
      refuse("the attribute " + quoted(attribute.name) + " is not supported");
    }
  }
}

}  // namespace longhand::nn
