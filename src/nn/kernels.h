#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// The inner loops, compiled once for every instruction set and chosen at run time. Images are kept
// with their channels last (height, width, channels), so that a vector holds the channels of one
// pixel; "pixel" below is one such column of channels. No kernel needs its pointers aligned, none
// reads or writes outside the sizes given. Every output is computed in the same order of operations
// whatever stands beside it, so that a sample's result does not depend on its batch.
namespace longhand::nn {

// What is done to each number on its way out of a kernel.
struct Activation {
  enum class Kind : std::uint8_t {
    kNone,
    kRelu,
    kClip,         // to [a, b]
    kLeakyRelu,    // a * x below 0
    kHardSwish,    // x * clip(x / 6 + 1/2, 0, 1)
    kHardSigmoid,  // clip(a * x + b, 0, 1)
    kSigmoid
  };
  Kind kind = Kind::kNone;
  float a = 0;
  float b = 0;
};

// Convolution and matrix product: y[pixel][o] = act(bias[o] + sum_k x[pixel][k] w[k][o] +
// residual). The k of an output pixel are `run_count` runs of `run_length` consecutive floats, at
// `runs[i]` floats from the pixel's start: a convolution has one run for each row of its window, a
// matrix product has one in all.
struct ProductArgs {
  const float* x;
  std::size_t rows;  // output pixels: rows times columns
  std::size_t columns;
  std::size_t x_row;  // floats from one output row's input to the next's
  std::size_t x_pixel;
  const std::size_t* runs;
  std::size_t run_count;
  std::size_t run_length;
  // Packed in panels of two vectors of outputs, the last of one if that holds the rest: for each k
  // the panel's outputs. Either as floats or, where Kernels::halves, as float16.
  const float* weights;
  const std::uint16_t* half_weights;
  const float* bias;     // padded with zeros as the panels are
  std::size_t channels;  // outputs of one pixel
  float* y;
  std::size_t y_row;
  std::size_t y_pixel;
  const float* residual;  // laid out as y, not overlapping it; or null
  Activation activation;
};

// One image's windows, for depthwise convolution and pooling. Windows may hang over the edges by
// the pads; what is outside counts as zero (convolution, AveragePool) or as nothing (MaxPool).
struct WindowArgs {
  const float* x;
  std::size_t height, width, channels;
  std::size_t out_height, out_width;
  std::size_t kernel_height, kernel_width;
  std::size_t stride_height, stride_width;
  std::size_t pad_top, pad_left;
  float* y;
};

struct DepthwiseArgs {
  WindowArgs window;
  const float* weights;  // [kernel_height][kernel_width][channels]
  const float* bias;     // [channels]
  const float* residual;
  Activation activation;
};

enum class PoolKind : std::uint8_t {
  kMax,
  kAverage,          // divided by the number of pixels inside the image
  kAverageOfPadded,  // divided by the number inside image and pads
};
struct PoolArgs {
  WindowArgs window;
  PoolKind kind;
  std::size_t pad_bottom, pad_right;
};

enum class BinaryKind : std::uint8_t { kAdd, kMul };

// The kernels of one instruction set.
struct Kernels {
  const char* target;  // "AVX3"
  std::size_t lanes;   // floats in a vector
  bool halves;         // whether float16 weights are widened quickly enough to be worth their size

  void (*product)(const ProductArgs& args);
  void (*depthwise)(const DepthwiseArgs& args);
  void (*pool)(const PoolArgs& args);
  // y = act(x), over count floats; y may be x.
  void (*activate)(const float* x, std::size_t count, Activation activation, float* y);
  // y = act(a op b); y may be a or b.
  void (*binary)(BinaryKind kind, const float* a, const float* b, std::size_t count,
                 Activation activation, float* y);
  // y[p][c] = act(x[p][c] * scale[c] + shift[c]); scale or shift may be null; y may be x.
  void (*affine)(const float* x, std::size_t pixels, std::size_t channels, const float* scale,
                 const float* shift, Activation activation, float* y);
  // Softmax of each of `rows` rows of `count` floats, or its logarithm; y may be x.
  void (*softmax)(const float* x, std::size_t rows, std::size_t count, bool logarithm, float* y);
};

// The kernels for the best instruction set of this processor that Highway's choice allows
// (hwy::SetSupportedTargetsForTest). Lives for ever. Thread-safe.
const Kernels& best_kernels();

// For tests: the instruction sets that this build has kernels for and this processor runs, as
// Highway's bits, for hwy::SetSupportedTargetsForTest. What is loaded while one is forced keeps it.
std::vector<std::int64_t> kernel_targets();

}  // namespace longhand::nn
