#include "nn/graph_builder.h"

#include <limits>

#include "nn/refusal.h"
#include "nn/steps_other.h"

namespace longhand::nn {
namespace {

// Weights, packed and not, of the whole model: 1 GiB.

std::int64_t product(const Dims& dims) {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) count *= dim;
  return count;
}

}  // namespace

std::int64_t Value::elements() const {
  return product(dims);
}

GraphBuilder::GraphBuilder(const onnx::File& file, const LoadLimits& limits)
    : file_(file), limits_(limits) {
  for (const onnx::Tensor& tensor : file.graph.initializers) {
    if (!initializers_.emplace(tensor.name, &tensor).second) {
      refuse_corrupt("two initialisers have the name " + quoted(tensor.name));
    }
  }
  count_readers();
  read_input();
}

void GraphBuilder::count_readers() {
  for (const onnx::Node& node : file_.graph.nodes) {
    for (const std::string_view name : node.inputs) ++readers_[name];
  }
  for (const onnx::Port& output : file_.graph.outputs) ++readers_[output.name];
}

void GraphBuilder::read_input() {
  const onnx::Port* input = nullptr;
  for (const onnx::Port& port : file_.graph.inputs) {
    if (initializers_.contains(port.name)) continue;  // old files list weights as inputs too
    if (input != nullptr) {
      refuse_unsupported("the model has several inputs (" + quoted(input->name) + ", " +
                         quoted(port.name) + "); one is supported");
    }
    input = &port;
  }
  if (input == nullptr) refuse_corrupt("the model has no input");
  const std::string what = "input " + quoted(input->name);
  if (input->type != static_cast<std::int32_t>(onnx::Type::kFloat)) {
    refuse_unsupported(what + " is of " + onnx::type_name(input->type) + "; float32 is supported");
  }
  if (!input->has_shape || input->dims.empty()) {
    refuse_unsupported(what + " has no shape; it needs one whose first dimension is the batch");
  }
  if (input->dims[0] && *input->dims[0] != 1) {
    refuse_unsupported(what + " has a batch of " + std::to_string(*input->dims[0]) +
                       "; a free batch, or 1, is supported");
  }
  Dims dims;
  for (std::size_t i = 1; i < input->dims.size(); ++i) {
    if (!input->dims[i]) {
      refuse_unsupported(what + " leaves dimension " + std::to_string(i) +
                         " free; only the batch (the first) may be");
    }
    dims.push_back(*input->dims[i]);
  }
  network_.input = {std::string(input->name), dims};
  define(input->name, new_value(dims, Layout{}, what));
}

const Value* GraphBuilder::find_value(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : std::get_if<Value>(&found->second);
}

ConstantPtr GraphBuilder::find_constant(std::string_view name) {
  const auto found = names_.find(name);
  if (found != names_.end()) {
    const auto* constant = std::get_if<ConstantPtr>(&found->second);
    return constant == nullptr ? nullptr : *constant;
  }
  const auto initializer = initializers_.find(name);
  if (initializer == initializers_.end()) return nullptr;
  const ConstantPtr constant = decode(*initializer->second, limits_);
  charge_weights(constant->size());
  names_.emplace(name, constant);
  return constant;
}

bool GraphBuilder::read_once(std::string_view name) const {
  const auto found = readers_.find(name);
  return found != readers_.end() && found->second == 1;
}

void GraphBuilder::define(std::string_view name, Value value) {
  value.sole = value.sole && read_once(name);
  if (initializers_.contains(name) || !names_.emplace(name, std::move(value)).second) {
    refuse_corrupt("the name " + quoted(name) + " is given twice");
  }
}

void GraphBuilder::define(std::string_view name, ConstantPtr constant) {
  charge_weights(constant->size());
  if (initializers_.contains(name) || !names_.emplace(name, std::move(constant)).second) {
    refuse_corrupt("the name " + quoted(name) + " is given twice");
  }
}

Value GraphBuilder::new_value(Dims dims, Layout layout, std::string_view what) {
  Value value;
  value.buffer = static_cast<int>(network_.buffers.size());
  const std::int64_t elements = checked_elements(dims, limits_.max_tensor_elements, what);
  value.dims = std::move(dims);
  value.layout = layout;
  value.sole = true;
  network_.buffers.push_back({static_cast<std::size_t>(elements), -1});
  return value;
}

void GraphBuilder::add_step(std::unique_ptr<Step> step) {
  Buffer& output = network_.buffers[static_cast<std::size_t>(step->output())];
  output.producer = static_cast<int>(network_.steps.size());
  charge_work({output.elements}, false);
  network_.steps.push_back(std::move(step));
}

Value GraphBuilder::in_layout(const Value& value, Layout layout) {
  if (value.layout == layout) return value;
  if (!value.layout.plain() && !layout.plain()) return in_layout(plain(value), layout);
  // To channels last: [channels][spatial] is read column by column; back: the other way round.
  const Layout& cut = layout.plain() ? value.layout : layout;
  auto outer = static_cast<std::size_t>(cut.spatial);
  auto inner = static_cast<std::size_t>(cut.channels);
  if (layout.plain()) std::swap(outer, inner);
  const Value result = new_value(value.dims, layout, "a value in another layout");
  add_step(std::make_unique<PermuteStep>(value.buffer, result.buffer, outer * inner,
                                         std::vector<std::size_t>{outer, inner},
                                         std::vector<std::size_t>{1, outer}));
  return result;
}

int GraphBuilder::producer(const Value& value) const {
  return network_.buffers[static_cast<std::size_t>(value.buffer)].producer;
}

Step* GraphBuilder::sole_producer(const Value& value) const {
  const int index = producer(value);
  if (!value.sole || index < 0) return nullptr;
  return network_.steps[static_cast<std::size_t>(index)].get();
}

void GraphBuilder::charge_weights(std::uint64_t floats) {
  weight_floats_ += floats;
  if (weight_floats_ > limits_.max_weights) {
    refuse_large("the model has more than " + std::to_string(limits_.max_weights) +
                 " weights and constants once unpacked (max_weights)");
  }
}

void GraphBuilder::charge_work(std::initializer_list<std::uint64_t> factors, bool multiply_adds) {
  const std::uint64_t limit = limits_.max_multiply_adds;
  std::uint64_t work = 1;
  for (const std::uint64_t factor : factors) {
    if (factor != 0 && work > limit / factor) {
      work = limit + 1;
      break;
    }
    work *= factor;
  }
  if (work > limit || work_ > limit - work) {
    refuse_large("one sample takes more than " + std::to_string(limit) +
                 " operations (max_multiply_adds)");
  }
  work_ += work;
  if (multiply_adds) network_.multiply_adds += work;
}

Network GraphBuilder::finish() {
  if (file_.graph.outputs.empty()) refuse_corrupt("the model has no output");
  bool first = true;
  for (const onnx::Port& port : file_.graph.outputs) {
    const Value* value = find_value(port.name);
    if (value == nullptr) {
      refuse_corrupt("output " + quoted(port.name) + " is made by no node");
    }
    network_.outputs.push_back({std::string(port.name), value->dims});
    if (std::exchange(first, false)) network_.logits = plain(*value).buffer;
  }
  return std::move(network_);
}

std::vector<float> spread(const Constant& constant, const Dims& sample_dims, Layout layout) {
  const auto& from = std::get<std::vector<float>>(constant.data);
  const std::size_t rank = sample_dims.size();
  const std::size_t missing = rank + 1 - constant.dims.size();  // the batch counts as a dim
  std::vector<std::size_t> strides(rank + 1, 0);
  std::size_t stride = 1;
  for (std::size_t i = constant.dims.size(); i-- > 0;) {
    if (constant.dims[i] != 1) strides[missing + i] = stride;
    stride *= static_cast<std::size_t>(constant.dims[i]);
  }
  const auto count = static_cast<std::size_t>(product(sample_dims));
  const auto channels = static_cast<std::size_t>(layout.channels);
  const auto spatial = static_cast<std::size_t>(layout.spatial);
  std::vector<float> to(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t at = 0;
    std::size_t rest = i;
    for (std::size_t axis = rank; axis-- > 0;) {
      const auto dim = static_cast<std::size_t>(sample_dims[axis]);
      at += (rest % dim) * strides[axis + 1];
      rest /= dim;
    }
    to[layout.plain() ? i : (i % spatial) * channels + i / spatial] = from[at];
  }
  return to;
}

}  // namespace longhand::nn
