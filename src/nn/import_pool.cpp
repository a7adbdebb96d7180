#include <algorithm>

#include "nn/node_reader.h"
#include "nn/steps_other.h"
#include "nn/window.h"

namespace longhand::nn {
namespace {

void add_pool(NodeReader& node, const Value& value, const WindowShape& shape, PoolKind kind) {
  GraphBuilder& graph = node.graph();
  graph.charge_work(
      {shape.channels, shape.out_height, shape.out_width,
       std::min(shape.kernel_height, shape.height), std::min(shape.kernel_width, shape.width)},
      false);
  const Value source = channels_last(node, value);
  const Dims out{value.dims[0], static_cast<std::int64_t>(shape.out_height),
                 static_cast<std::int64_t>(shape.out_width)};
  checked_elements(out, graph.limits().max_tensor_elements, node.where() + "'s output");
  const Value result =
      graph.new_value(out, Layout{out[0], out[1] * out[2]}, node.where() + "'s output");
  graph.add_step(std::make_unique<PoolStep>(source.buffer, result.buffer, shape, kind));
  node.define(result);
}

WindowShape read_pool(NodeReader& node, const Value& value) {
  const WindowShape shape = read_window(node, value, {});
  if (std::max(shape.pad_top, shape.pad_bottom) >= shape.kernel_height ||
      std::max(shape.pad_left, shape.pad_right) >= shape.kernel_width) {
    node.corrupt("a pad is as large as the kernel: a window would lie outside the picture");
  }
  return shape;
}

}  // namespace

void import_max_pool(NodeReader& node) {
  node.expect_inputs(1, 1);
  const Value value = node.value(0);
  node.attribute("storage_order", std::int64_t{0});  // of the second output only
  add_pool(node, value, read_pool(node, value), PoolKind::kMax);
}

void import_average_pool(NodeReader& node) {
  node.expect_inputs(1, 1);
  const Value value = node.value(0);
  const bool padded = node.attribute("count_include_pad", std::int64_t{0}) != 0;
  add_pool(node, value, read_pool(node, value),
           padded ? PoolKind::kAverageOfPadded : PoolKind::kAverage);
}

void import_global_average_pool(NodeReader& node) {
  node.expect_inputs(1, 1);
  const Value value = node.value(0);
  if (value.dims.size() != 3) {
    node.refuse("its input has " + std::to_string(value.dims.size() + 1) +
                " dimensions; 4 (batch, channels, height, width) are supported");
  }
  const auto size = [&](std::size_t i) { return static_cast<std::size_t>(value.dims[i]); };
  WindowShape shape{};
  shape.channels = size(0);
  shape.height = shape.kernel_height = size(1);
  shape.width = shape.kernel_width = size(2);
  shape.out_height = shape.out_width = shape.stride_height = shape.stride_width = 1;
  add_pool(node, value, shape, PoolKind::kAverage);
}

}  // namespace longhand::nn
