#pragma once

#include "nn/node_reader.h"
#include "nn/steps_linear.h"

namespace longhand::nn {

// Reads kernel_shape, strides, dilations, pads, auto_pad and ceil_mode of a convolution or pool of
// a four-dimensional value. `kernel` is what the weights say, or empty.
WindowShape read_window(NodeReader& node, const Value& value, const Dims& kernel);

// The value with its channels last, for a window to slide over.
Value channels_last(NodeReader& node, const Value& value);

}  // namespace longhand::nn
