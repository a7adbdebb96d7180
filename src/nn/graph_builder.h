#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "nn/constant.h"
#include "nn/model.h"
#include "nn/step.h"

namespace longhand::nn {

// How the numbers of one sample lie in memory: logical element c * spatial + s (ONNX's order, c <
// channels) at s * channels + c. With either at 1 that is ONNX's order itself: "plain".
struct Layout {
  std::int64_t channels = 1;
  std::int64_t spatial = 1;

  bool plain() const { return channels == 1 || spatial == 1; }
  friend bool operator==(const Layout& a, const Layout& b) {
    return (a.plain() && b.plain()) || (a.channels == b.channels && a.spatial == b.spatial);
  }
};

// What a name in the graph stands for while the network runs. Dims are a sample's: the batch,
// always the first dimension in the file, is left out. Several values may share a buffer (Reshape,
// Identity).
struct Value {
  int buffer = -1;
  Dims dims;
  Layout layout;
  bool sole = false;  // nothing but this value's one consumer reads the buffer

  std::int64_t elements() const;
};

struct Buffer {
  std::size_t elements = 0;  // of one sample
  int producer = -1;         // a step; -1 for the model's input
};

// The planned network: steps in the order to run them.
struct Network {
  std::vector<std::unique_ptr<Step>> steps;
  std::vector<Buffer> buffers;  // the first is the input
  TensorInfo input;
  std::vector<TensorInfo> outputs;
  int logits = 0;  // the buffer of the first output, in ONNX's order
  std::uint64_t multiply_adds = 0;
  std::uint64_t parameters = 0;
};

// Collects values and steps while the graph is read, in the order of the file, fusing as it goes.
// Everything throws Refusal.
class GraphBuilder {
 public:
  GraphBuilder(const onnx::File& file, const LoadLimits& limits);

  // --- names ---
  const Value* find_value(std::string_view name) const;
  // Decoded at first use; nullptr if no constant has that name.
  ConstantPtr find_constant(std::string_view name);
  void define(std::string_view name, Value value);
  void define(std::string_view name, ConstantPtr constant);
  bool read_once(std::string_view name) const;

  // --- values ---
  // A new buffer that the next step added fills.
  Value new_value(Dims dims, Layout layout, std::string_view what);
  void add_step(std::unique_ptr<Step> step);
  // The value in that layout, by way of a new step if it is in another.
  Value in_layout(const Value& value, Layout layout);
  Value plain(const Value& value) { return in_layout(value, Layout{}); }
  // The step that made the value, if it may be changed: nobody else has read what it makes.
  Step* sole_producer(const Value& value) const;
  int producer(const Value& value) const;

  // --- limits ---
  const LoadLimits& limits() const { return limits_; }
  std::int64_t opset() const { return file_.opset; }
  // Counts floats kept for constants and weights against their common limit.
  void charge_weights(std::uint64_t floats);
  // Counts a * b * c operations of one sample; multiply-adds are reported, the rest only limited.
  void charge_work(std::initializer_list<std::uint64_t> factors, bool multiply_adds);

  // Takes what was built; call once, after the last node.
  Network finish();

 private:
  void read_input();
  void count_readers();

  const onnx::File& file_;
  const LoadLimits& limits_;
  Network network_;
  std::unordered_map<std::string_view, const onnx::Tensor*> initializers_;
  std::unordered_map<std::string_view, std::variant<Value, ConstantPtr>> names_;
  std::unordered_map<std::string_view, int> readers_;
  std::uint64_t weight_floats_ = 0;
  std::uint64_t work_ = 0;
};

// The floats of a constant spread over a sample of these dims (aligned at the last) and laid out
// so. `dims` includes the batch as its first, which must be 1 in the constant.
std::vector<float> spread(const Constant& constant, const Dims& sample_dims, Layout layout);

}  // namespace longhand::nn
