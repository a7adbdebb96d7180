#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace longhand::training {

enum class LayerKind {
  kConv,
  kBatchNorm,
  kRelu,
  kHardSwish,
  kMaxPool,
  kAveragePool,
  kFlatten,
  kLinear,
  kDropout,
  kResidual,  // x + body(x)
};

// Which of a network's flat arrays a tensor lies in.
enum class Store {
  kDecayed,     // weights of convolutions and linear layers: weight decay acts on them
  kPlain,       // biases, and the scales and shifts of batch normalisation
  kStatistics,  // running means and variances: not trained, but averaged
};

struct Slot {
  Store store = Store::kDecayed;
  std::int64_t offset = 0;
  std::vector<std::int64_t> dims;
  std::int64_t count() const;
};

struct Shape {
  std::int64_t channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t count() const { return channels * height * width; }
  bool operator==(const Shape&) const = default;
};

// One layer, and where its tensors lie. Which fields mean something follows from the kind.
struct Layer {
  LayerKind kind = LayerKind::kRelu;
  std::string text;  // as written, for messages
  std::int64_t outputs = 0;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t pad = 0;
  std::int64_t groups = 1;
  bool bias = true;
  double rate = 0;  // of dropout
  std::vector<Layer> body;

  // Filled by plan_network().
  Shape in;
  Shape out;
  Slot weight;  // or the scale of batch normalisation
  Slot shift;   // the bias, or the shift of batch normalisation
  Slot mean;
  Slot variance;
};

// Reads one layer: a word, then what it takes.
//
//     conv 32 kernel=5 stride=2 pad=2 groups=1 bias=false    pad: (kernel - 1) / 2 unless said
//     bn | relu | hardswish | flatten
//     maxpool 2 | avgpool 2          stride=... unless it is the size
//     linear 10 bias=false
//     dropout 0.5
Result<Layer> parse_layer(std::string_view text);

// A network with every shape known and a place for every tensor.
struct Network {
  std::vector<Layer> layers;
  Shape input;
  std::int64_t classes = 0;
  std::int64_t decayed = 0;  // sizes of the flat arrays
  std::int64_t plain = 0;
  std::int64_t statistics = 0;
  std::int64_t multiply_adds = 0;  // of one sample
  std::int64_t parameters() const { return decayed + plain; }
};

// Follows the shapes from `input` to the logits and places the tensors; an error names the layer
// that does not fit. The last shape must be `classes` numbers.
Result<Network> plan_network(std::vector<Layer> layers, Shape input, std::int64_t classes);

// The values of a network's tensors.
struct Weights {
  std::vector<float> decayed;
  std::vector<float> plain;
  std::vector<float> statistics;
  bool operator==(const Weights&) const = default;

  const float* at(const Slot& slot) const;
  float* at(const Slot& slot);
};

}  // namespace longhand::training
