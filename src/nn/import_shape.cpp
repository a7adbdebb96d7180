#include <algorithm>
#include <numeric>

#include "nn/node_reader.h"
#include "nn/steps_other.h"

namespace longhand::nn {
namespace {

std::size_t as_size(std::int64_t number) {
  return static_cast<std::size_t>(number);
}

ConstantPtr reshaped(const Constant& constant, Dims dims) {
  auto result = std::make_shared<Constant>(constant);
  result->dims = std::move(dims);
  return result;
}

// What a Reshape to `target` makes of `dims`: 0 keeps a dim, one -1 is worked out.
Dims resolve(NodeReader& node, const std::vector<std::int64_t>& target, const Dims& dims,
             std::int64_t elements) {
  Dims result;
  std::int64_t known = 1;
  std::optional<std::size_t> free;
  for (std::size_t i = 0; i < target.size(); ++i) {
    std::int64_t dim = target[i];
    if (dim == 0) {
      if (i >= dims.size())
        node.corrupt("a 0 in its shape stands for a dimension that isn't there");
      dim = dims[i];
    }
    if (dim == -1 && !std::exchange(free, i)) {
      result.push_back(1);
      continue;
    }
    if (dim < 1 || dim > elements || known > elements / dim) {
      node.corrupt("the shape " + to_text(target) + " doesn't fit " + to_text(dims));
    }
    known *= dim;
    result.push_back(dim);
  }
  if (free && elements % known == 0) result[*free] = elements / known;
  if ((free && elements % known != 0) || (!free && known != elements)) {
    node.corrupt("the shape " + to_text(target) + " doesn't fit " + to_text(dims));
  }
  return result;
}

// The batch stays in front: as 0 (kept), as -1, or as 1 in a file made for one sample.
Dims resolve_sample(NodeReader& node, const std::vector<std::int64_t>& target, const Value& value) {
  if (target.empty() || target.size() > 8) {
    node.refuse("the shape " + to_text(target) + " has " + std::to_string(target.size()) +
                " dimensions; 1 to 8 are supported");
  }
  const std::int64_t batch = target[0];
  if (batch != 0 && batch != -1 && batch != 1) {
    node.refuse("the shape " + to_text(target) +
                " mixes samples; its first number is the batch and must be 0, -1 or 1");
  }
  Dims rest(target.begin() + 1, target.end());
  for (std::size_t i = 0; i < rest.size(); ++i) {  // a 0 counts dimensions with the batch
    if (rest[i] == 0 && i < value.dims.size()) rest[i] = value.dims[i];
  }
  const bool has_free = std::find(rest.begin(), rest.end(), -1) != rest.end();
  if (batch == -1 && has_free) node.corrupt("the shape " + to_text(target) + " has two -1");
  return resolve(node, rest, value.dims, value.elements());
}

Value with_dims(const Value& value, Dims dims) {
  Value result = value;
  result.dims = std::move(dims);
  return result;
}

// Floats from one element of each dim to the next, in a value whose first `split` dims are the
// channels of a channels-last layout (split 0: plain).
std::vector<std::size_t> strides_of(const Dims& dims, std::size_t split) {
  std::vector<std::size_t> strides(dims.size());
  std::size_t channels = 1;
  for (std::size_t i = 0; i < split; ++i) channels *= as_size(dims[i]);
  std::size_t stride = channels;
  for (std::size_t i = dims.size(); i-- > split;) {
    strides[i] = stride;
    stride *= as_size(dims[i]);
  }
  stride = 1;
  for (std::size_t i = split; i-- > 0;) {
    strides[i] = stride;
    stride *= as_size(dims[i]);
  }
  return strides;
}

Layout layout_of(const Dims& dims, std::size_t split) {
  const auto middle = dims.begin() + static_cast<std::ptrdiff_t>(split);
  return {std::accumulate(dims.begin(), middle, std::int64_t{1}, std::multiplies<>()),
          std::accumulate(middle, dims.end(), std::int64_t{1}, std::multiplies<>())};
}

// The split whose layout is `layout`; nullopt if it cuts through a dim.
std::optional<std::size_t> split_of(const Dims& dims, const Layout& layout) {
  if (layout.plain()) return 0;
  for (std::size_t split = 0; split <= dims.size(); ++split) {
    if (layout_of(dims, split) == layout) return split;
  }
  return std::nullopt;
}

std::vector<std::size_t> read_permutation(NodeReader& node, const Value& value) {
  const std::size_t rank = value.dims.size() + 1;
  std::vector<std::int64_t> permutation(rank);
  for (std::size_t i = 0; i < rank; ++i) permutation[i] = static_cast<std::int64_t>(rank - 1 - i);
  if (const auto given = node.list("perm")) permutation = *given;
  std::vector<std::int64_t> sorted = permutation;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < rank; ++i) {
    if (sorted.size() != rank || sorted[i] != static_cast<std::int64_t>(i)) {
      node.corrupt("perm " + to_text(permutation) + " is no order of " + std::to_string(rank) +
                   " dimensions");
    }
  }
  if (permutation[0] != 0) node.refuse("perm moves the batch; samples are kept apart");
  std::vector<std::size_t> sample;
  for (std::size_t i = 1; i < rank; ++i) sample.push_back(as_size(permutation[i] - 1));
  return sample;
}

void transpose_constant(NodeReader& node, const Constant& constant) {
  std::vector<std::int64_t> permutation;
  for (std::size_t i = constant.dims.size(); i-- > 0;) {
    permutation.push_back(static_cast<std::int64_t>(i));
  }
  std::vector<std::int64_t> sorted(permutation.rbegin(), permutation.rend());
  if (const auto given = node.list("perm")) permutation = *given;
  if (!std::is_permutation(permutation.begin(), permutation.end(), sorted.begin(), sorted.end())) {
    node.corrupt("perm " + to_text(permutation) + " is no order of its input's dimensions");
  }
  node.define(transpose(constant, permutation));
}

// Along which axis of memory, and with what beside it, values are put together.
struct ConcatPlan {
  std::size_t outer = 1;
  std::size_t inner = 1;
};

ConcatPlan plan_concat(const Dims& dims, std::size_t axis, bool last) {
  Dims memory = dims;  // dims in the order of memory
  std::size_t at = axis;
  if (last) {
    std::rotate(memory.begin(), memory.begin() + 1, memory.end());
    at = axis == 0 ? memory.size() - 1 : axis - 1;
  }
  ConcatPlan plan;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    if (i < at) plan.outer *= as_size(memory[i]);
    if (i > at) plan.inner *= as_size(memory[i]);
  }
  return plan;
}

// All channels last if any is and all can be, else all plain.
bool concat_channels_last(const std::vector<Value>& values) {
  return std::any_of(values.begin(), values.end(), [](const Value& value) {
    return !value.layout.plain() && value.layout == layout_of(value.dims, 1);
  });
}

void check_concat(NodeReader& node, const Value& value, const Value& first, std::size_t axis) {
  bool fits = value.dims.size() == first.dims.size();
  for (std::size_t i = 0; fits && i < first.dims.size(); ++i) {
    fits = i == axis || value.dims[i] == first.dims[i];
  }
  if (!fits) {
    node.corrupt("samples of dims " + to_text(first.dims) + " and " + to_text(value.dims) +
                 " differ beside the axis");
  }
}

}  // namespace

void import_identity(NodeReader& node) {
  node.expect_inputs(1, 1);
  if (node.is_constant(0)) {
    node.define(node.constant(0));
  } else {
    node.define(node.value(0));
  }
}

void import_dropout(NodeReader& node) {
  node.expect_inputs(1, 3);
  node.attribute("seed", std::int64_t{0});
  if (node.has(2)) {
    const ConstantPtr training = node.constant(2);
    if (training->size() != 1) node.corrupt("training_mode must be one boolean");
    const auto* flag = std::get_if<std::vector<std::uint8_t>>(&training->data);
    if (flag == nullptr || (*flag)[0] != 0) node.refuse("training_mode=1 is not supported");
  }
  node.define(node.value(0));
}

void import_flatten(NodeReader& node) {
  node.expect_inputs(1, 1);
  const Value value = node.value(0);
  const auto rank = static_cast<std::int64_t>(value.dims.size()) + 1;
  const std::int64_t given = node.attribute("axis", std::int64_t{1});
  if (given < -rank || given > rank) node.corrupt("axis " + std::to_string(given) + " is outside");
  const std::int64_t axis = given < 0 ? given + rank : given;
  std::int64_t front = 1;
  for (std::int64_t i = 1; i < axis; ++i) front *= value.dims[as_size(i - 1)];
  if (axis == 0 || front != 1) {
    node.refuse("axis " + std::to_string(given) + " mixes samples; 1 is supported");
  }
  node.define(with_dims(value, {value.elements()}));
}

void import_reshape(NodeReader& node) {
  node.expect_inputs(2, 2);
  const std::vector<std::int64_t>& target = node.integers(1);
  const bool zero_is_zero = node.attribute("allowzero", std::int64_t{0}) != 0;
  if (zero_is_zero && std::find(target.begin(), target.end(), 0) != target.end()) {
    node.refuse("an empty tensor (allowzero=1 and a 0 in the shape) is not supported");
  }
  if (node.is_constant(0)) {
    const ConstantPtr constant = node.constant(0);
    node.define(reshaped(*constant, resolve(node, target, constant->dims,
                                            static_cast<std::int64_t>(constant->size()))));
    return;
  }
  const Value value = node.value(0);
  node.define(with_dims(value, resolve_sample(node, target, value)));
}

void import_transpose(NodeReader& node) {
  node.expect_inputs(1, 1);
  if (node.is_constant(0)) {
    transpose_constant(node, *node.constant(0));
    return;
  }
  GraphBuilder& graph = node.graph();
  Value value = node.value(0);
  const std::vector<std::size_t> permutation = read_permutation(node, value);
  if (!split_of(value.dims, value.layout)) value = graph.plain(value);
  const auto source = strides_of(value.dims, *split_of(value.dims, value.layout));
  Dims dims;
  std::vector<std::size_t> strides;
  for (const std::size_t axis : permutation) {
    dims.push_back(value.dims[axis]);
    strides.push_back(source[axis]);
  }
  // Free where the numbers already lie as some layout of the result would have them.
  for (std::size_t split = 0; split <= dims.size(); ++split) {
    const auto wanted = strides_of(dims, split);
    bool same = true;
    for (std::size_t i = 0; i < dims.size(); ++i) {
      same = same && (dims[i] == 1 || wanted[i] == strides[i]);
    }
    if (same) {
      Value result = with_dims(value, dims);
      result.layout = layout_of(dims, split);
      node.define(result);
      return;
    }
  }
  const Value result = graph.new_value(dims, Layout{}, node.where() + "'s output");
  std::vector<std::size_t> sizes;
  for (const std::int64_t dim : dims) sizes.push_back(as_size(dim));
  graph.add_step(std::make_unique<PermuteStep>(value.buffer, result.buffer,
                                               as_size(value.elements()), sizes, strides));
  node.define(result);
}

void import_concat(NodeReader& node) {
  node.expect_inputs(1, node.graph().limits().max_nodes);
  std::vector<Value> values;
  for (std::size_t i = 0; i < node.input_count(); ++i) values.push_back(node.value(i));
  const onnx::Attribute* given = node.find("axis");
  if (given == nullptr) node.corrupt("lacks the attribute 'axis'");
  const std::size_t axis = node.sample_axis(node.attribute("axis", std::int64_t{0}), values[0]);

  GraphBuilder& graph = node.graph();
  const bool last = concat_channels_last(values);
  const ConcatPlan plan = plan_concat(values[0].dims, axis, last);
  Dims dims = values[0].dims;
  dims[axis] = 0;
  std::vector<int> buffers;
  std::vector<std::size_t> lengths;
  for (const Value& value : values) {
    check_concat(node, value, values[0], axis);
    const Value source = graph.in_layout(value, last ? layout_of(value.dims, 1) : Layout{});
    dims[axis] += value.dims[axis];
    buffers.push_back(source.buffer);
    lengths.push_back(as_size(value.dims[axis]) * plan.inner);
  }
  checked_elements(dims, graph.limits().max_tensor_elements, node.where() + "'s output");
  const Value result =
      graph.new_value(dims, last ? layout_of(dims, 1) : Layout{}, node.where() + "'s output");
  graph.add_step(
      std::make_unique<ConcatStep>(buffers, result.buffer, plan.outer, std::move(lengths)));
  node.define(result);
}

}  // namespace longhand::nn
