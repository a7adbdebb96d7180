#include "nn/window.h"

#include <algorithm>

namespace longhand::nn {
namespace {

// No attribute of a window is larger: products of a few of them fit into 64 bits.
constexpr std::int64_t kLargest = 1 << 20;

std::vector<std::int64_t> read_list(NodeReader& node, std::string_view name, std::size_t count,
                                    std::int64_t otherwise, std::int64_t least) {
  const auto list = node.list(name);
  if (!list) return std::vector<std::int64_t>(count, otherwise);
  if (list->size() != count) {
    node.corrupt(std::string(name) + " has " + std::to_string(list->size()) + " numbers, needs " +
                 std::to_string(count));
  }
  for (const std::int64_t number : *list) {
    if (number < least || number > kLargest) {
      node.corrupt(std::string(name) + " has " + std::to_string(number) + ", must be " +
                   std::to_string(least) + " to " + std::to_string(kLargest));
    }
  }
  return *list;
}

// One axis of the window.
struct Axis {
  std::int64_t size, kernel, stride, before, after, out;
};

void place(NodeReader& node, std::string_view auto_pad, bool ceil_mode, Axis& axis) {
  if (auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER") {
    axis.out = (axis.size + axis.stride - 1) / axis.stride;
    const std::int64_t total =
        std::max<std::int64_t>((axis.out - 1) * axis.stride + axis.kernel - axis.size, 0);
    const std::int64_t less = total / 2;
    axis.before = auto_pad == "SAME_UPPER" ? less : total - less;
    axis.after = total - axis.before;
    return;
  }
  const std::int64_t room = axis.before + axis.size + axis.after - axis.kernel;
  if (room < 0) {
    node.corrupt("a kernel of " + std::to_string(axis.kernel) +
                 " is larger than its padded input, " + std::to_string(room + axis.kernel));
  }
  if (ceil_mode && room % axis.stride != 0) {
    node.refuse("ceil_mode=1 is supported only where it changes nothing");
  }
  axis.out = room / axis.stride + 1;
}

std::vector<std::int64_t> read_kernel(NodeReader& node, const Dims& kernel) {
  if (kernel.empty() && node.find("kernel_shape") == nullptr) node.corrupt("lacks kernel_shape");
  auto shape = read_list(node, "kernel_shape", 2, 0, 1);
  if (kernel.empty()) return shape;
  if (node.find("kernel_shape") != nullptr && shape != kernel) {
    node.corrupt("kernel_shape " + to_text(shape) + " is not that of the weights, " +
                 to_text(kernel));
  }
  return kernel;
}

}  // namespace

WindowShape read_window(NodeReader& node, const Value& value, const Dims& weights_kernel) {
  if (value.dims.size() != 3) {
    node.refuse("its input has " + std::to_string(value.dims.size() + 1) +
                " dimensions; 4 (batch, channels, height, width) are supported");
  }
  const auto kernel = read_kernel(node, weights_kernel);
  const auto strides = read_list(node, "strides", 2, 1, 1);
  const auto dilations = read_list(node, "dilations", 2, 1, 1);
  const auto pads = read_list(node, "pads", 4, 0, 0);
  const std::string_view auto_pad = node.attribute("auto_pad", std::string_view("NOTSET"));
  const bool ceil_mode = node.attribute("ceil_mode", std::int64_t{0}) != 0;
  if (dilations[0] != 1 || dilations[1] != 1)
    node.refuse("dilations other than 1 are not supported");
  const bool known = auto_pad == "NOTSET" || auto_pad == "VALID" || auto_pad == "SAME_UPPER" ||
                     auto_pad == "SAME_LOWER";
  if (!known) node.corrupt("auto_pad must be NOTSET, VALID, SAME_UPPER or SAME_LOWER");
  if (auto_pad != "NOTSET" && std::any_of(pads.begin(), pads.end(), [](auto p) { return p > 0; })) {
    node.corrupt("has both pads and auto_pad");
  }

  Axis height{value.dims[1], kernel[0], strides[0], pads[0], pads[2], 0};
  Axis width{value.dims[2], kernel[1], strides[1], pads[1], pads[3], 0};
  place(node, auto_pad, ceil_mode, height);
  place(node, auto_pad, ceil_mode, width);

  const auto as_size = [](std::int64_t number) { return static_cast<std::size_t>(number); };
  WindowShape shape{};
  shape.height = as_size(height.size);
  shape.width = as_size(width.size);
  shape.channels = as_size(value.dims[0]);
  shape.out_height = as_size(height.out);
  shape.out_width = as_size(width.out);
  shape.kernel_height = as_size(height.kernel);
  shape.kernel_width = as_size(width.kernel);
  shape.stride_height = as_size(height.stride);
  shape.stride_width = as_size(width.stride);
  shape.pad_top = as_size(height.before);
  shape.pad_left = as_size(width.before);
  shape.pad_bottom = as_size(height.after);
  shape.pad_right = as_size(width.after);
  return shape;
}

Value channels_last(NodeReader& node, const Value& value) {
  std::int64_t spatial = 1;
  for (std::size_t i = 1; i < value.dims.size(); ++i) spatial *= value.dims[i];
  return node.graph().in_layout(value, Layout{value.dims.at(0), spatial});
}

}  // namespace longhand::nn
