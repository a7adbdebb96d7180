#include "training/layers.h"

#include <charconv>
#include <map>
#include <sstream>
#include <utility>

namespace longhand::training {
namespace {

constexpr std::int64_t kLargest = 1 << 16;

Result<std::int64_t> parse_integer(std::string_view text, std::string_view what, std::int64_t least,
                                   std::int64_t most) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || value < least || value > most) {
    return fail(ErrorCode::kCorruptData, std::string(what) + " must be a whole number from " +
                                             std::to_string(least) + " to " + std::to_string(most) +
                                             ", not '" + std::string(text) + "'");
  }
  return value;
}

// What follows the first word of a layer: one number perhaps, and key=value pairs.
struct Words {
  std::string kind;
  std::string number;
  std::map<std::string, std::string> options;
};

Result<Words> split(std::string_view text) {
  Words words;
  std::istringstream in{std::string(text)};
  in >> words.kind;
  for (std::string word; in >> word;) {
    const auto equals = word.find('=');
    if (equals != std::string::npos) {
      if (!words.options.emplace(word.substr(0, equals), word.substr(equals + 1)).second) {
        return fail(ErrorCode::kCorruptData, "'" + word.substr(0, equals) + "' is given twice");
      }
    } else if (words.number.empty() && words.options.empty()) {
      words.number = word;
    } else {
      return fail(ErrorCode::kCorruptData, "'" + word + "' is not understood");
    }
  }
  return words;
}

// Takes one option out of the words, so that what is left over at the end is unknown.
Result<void> take(Words& words, const std::string& key, std::int64_t least, std::int64_t& value) {
  const auto found = words.options.find(key);
  if (found == words.options.end()) return {};
  auto parsed = parse_integer(found->second, key, least, kLargest);
  if (!parsed) return tl::unexpected(parsed.error());
  value = *parsed;
  words.options.erase(found);
  return {};
}

Result<void> take_bias(Words& words, bool& value) {
  const auto found = words.options.find("bias");
  if (found == words.options.end()) return {};
  if (found->second != "true" && found->second != "false") {
    return fail(ErrorCode::kCorruptData, "bias must be true or false");
  }
  value = found->second == "true";
  words.options.erase(found);
  return {};
}

Result<void> read_number(const Words& words, std::string_view what, std::int64_t& value) {
  if (words.number.empty()) {
    return fail(ErrorCode::kCorruptData, std::string(what) + " is missing");
  }
  auto parsed = parse_integer(words.number, what, 1, kLargest);
  if (!parsed) return tl::unexpected(parsed.error());
  value = *parsed;
  return {};
}

Result<void> read_conv(Words& words, Layer& layer) {
  if (auto ok = read_number(words, "the number of channels", layer.outputs); !ok) return ok;
  if (auto ok = take(words, "kernel", 1, layer.kernel); !ok) return ok;
  layer.pad = (layer.kernel - 1) / 2;
  if (auto ok = take(words, "stride", 1, layer.stride); !ok) return ok;
  if (auto ok = take(words, "pad", 0, layer.pad); !ok) return ok;
  if (auto ok = take(words, "groups", 1, layer.groups); !ok) return ok;
  return take_bias(words, layer.bias);
}

Result<void> read_pool(Words& words, Layer& layer) {
  if (auto ok = read_number(words, "the size", layer.kernel); !ok) return ok;
  layer.stride = layer.kernel;
  return take(words, "stride", 1, layer.stride);
}

Result<void> read_dropout(const Words& words, Layer& layer) {
  const char* end = words.number.data() + words.number.size();
  const auto parsed = std::from_chars(words.number.data(), end, layer.rate);
  if (parsed.ec != std::errc{} || parsed.ptr != end || !(layer.rate >= 0 && layer.rate < 1)) {
    return fail(ErrorCode::kCorruptData, "the rate must be a number from 0 to less than 1");
  }
  return {};
}

Result<void> read_arguments(Words& words, Layer& layer) {
  switch (layer.kind) {
    case LayerKind::kConv:
      return read_conv(words, layer);
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      return read_pool(words, layer);
    case LayerKind::kLinear:
      if (auto ok = read_number(words, "the number of outputs", layer.outputs); !ok) return ok;
      return take_bias(words, layer.bias);
    case LayerKind::kDropout:
      return read_dropout(words, layer);
    default:
      if (!words.number.empty()) {
        return fail(ErrorCode::kCorruptData, "it takes no number");
      }
      return {};
  }
}

// Places tensors one after another in the flat arrays.
class Planner {
 public:
  explicit Planner(Network& network) : network_(network) {}

  Result<Shape> follow(std::vector<Layer>& layers, Shape shape) {
    for (Layer& layer : layers) {
      layer.in = shape;
      if (auto ok = place(layer); !ok) {
        return fail(ok.error().code, "layer '" + layer.text + "': " + ok.error().message);
      }
      shape = layer.out;
    }
    return shape;
  }

 private:
  Slot slot(Store store, std::vector<std::int64_t> dims) {
    std::int64_t& end = store == Store::kDecayed ? network_.decayed
                        : store == Store::kPlain ? network_.plain
                                                 : network_.statistics;
    Slot result{store, end, std::move(dims)};
    end += result.count();
    return result;
  }

  Result<void> place_window(Layer& layer) {
    const Shape& in = layer.in;
    const std::int64_t height = in.height + 2 * layer.pad - layer.kernel;
    const std::int64_t width = in.width + 2 * layer.pad - layer.kernel;
    if (height < 0 || width < 0) {
      return fail(ErrorCode::kCorruptData, "a window of " + std::to_string(layer.kernel) +
                                               " does not fit into " + std::to_string(in.height) +
                                               "x" + std::to_string(in.width));
    }
    layer.out = {layer.out.channels, height / layer.stride + 1, width / layer.stride + 1};
    return {};
  }

  Result<void> place_conv(Layer& layer) {
    const std::int64_t inputs = layer.in.channels;
    if (inputs % layer.groups != 0 || layer.outputs % layer.groups != 0) {
      return fail(ErrorCode::kCorruptData, "groups must divide " + std::to_string(inputs) +
                                               " and " + std::to_string(layer.outputs));
    }
    layer.out.channels = layer.outputs;
    if (auto ok = place_window(layer); !ok) return ok;
    layer.weight =
        slot(Store::kDecayed, {layer.outputs, inputs / layer.groups, layer.kernel, layer.kernel});
    if (layer.bias) layer.shift = slot(Store::kPlain, {layer.outputs});
    network_.multiply_adds += layer.weight.count() * layer.out.height * layer.out.width;
    return {};
  }

  void place_batch_norm(Layer& layer) {
    const std::int64_t channels = layer.in.channels;
    layer.out = layer.in;
    layer.weight = slot(Store::kPlain, {channels});
    layer.shift = slot(Store::kPlain, {channels});
    layer.mean = slot(Store::kStatistics, {channels});
    layer.variance = slot(Store::kStatistics, {channels});
  }

  Result<void> place_linear(Layer& layer) {
    if (layer.in.height != 1 || layer.in.width != 1) {
      return fail(ErrorCode::kCorruptData, "a 'flatten' must come before it");
    }
    layer.out = {layer.outputs, 1, 1};
    layer.weight = slot(Store::kDecayed, {layer.outputs, layer.in.channels});
    if (layer.bias) layer.shift = slot(Store::kPlain, {layer.outputs});
    network_.multiply_adds += layer.weight.count();
    return {};
  }

  Result<void> place_residual(Layer& layer) {
    auto shape = follow(layer.body, layer.in);
    if (!shape) return tl::unexpected(shape.error());
    layer.out = *shape;
    if (layer.out == layer.in) return {};
    return fail(ErrorCode::kCorruptData, "a residual block must keep its input's shape");
  }

  Result<void> place(Layer& layer) {
    switch (layer.kind) {
      case LayerKind::kConv:
        return place_conv(layer);
      case LayerKind::kMaxPool:
      case LayerKind::kAveragePool:
        layer.out.channels = layer.in.channels;
        return place_window(layer);
      case LayerKind::kLinear:
        return place_linear(layer);
      case LayerKind::kResidual:
        return place_residual(layer);
      case LayerKind::kFlatten:
        layer.out = {layer.in.count(), 1, 1};
        return {};
      case LayerKind::kBatchNorm:
        place_batch_norm(layer);
        return {};
      default:
        layer.out = layer.in;
        return {};
    }
  }

  Network& network_;
};

}  // namespace

std::int64_t Slot::count() const {
  std::int64_t product = dims.empty() ? 0 : 1;
  for (const std::int64_t dim : dims) product *= dim;
  return product;
}

Result<Layer> parse_layer(std::string_view text) {
  static const std::map<std::string, LayerKind> kinds = {
      {"conv", LayerKind::kConv},       {"bn", LayerKind::kBatchNorm},
      {"relu", LayerKind::kRelu},       {"hardswish", LayerKind::kHardSwish},
      {"maxpool", LayerKind::kMaxPool}, {"avgpool", LayerKind::kAveragePool},
      {"flatten", LayerKind::kFlatten}, {"linear", LayerKind::kLinear},
      {"dropout", LayerKind::kDropout},
  };
  const std::string where = "layer '" + std::string(text) + "': ";
  auto words = split(text);
  if (!words) return fail(ErrorCode::kCorruptData, where + words.error().message);
  const auto kind = kinds.find(words->kind);
  if (kind == kinds.end()) {
    std::string names;
    for (const auto& [name, unused] : kinds) names += (names.empty() ? "" : ", ") + name;
    return fail(ErrorCode::kCorruptData, where + "it must begin with one of " + names);
  }
  Layer layer;
  layer.kind = kind->second;
  layer.text = text;
  if (auto ok = read_arguments(*words, layer); !ok) {
    return fail(ErrorCode::kCorruptData, where + ok.error().message);
  }
  if (!words->options.empty()) {
    return fail(ErrorCode::kCorruptData,
                where + "'" + words->options.begin()->first + "' is no option of it");
  }
  return layer;
}

Result<Network> plan_network(std::vector<Layer> layers, Shape input, std::int64_t classes) {
  Network network;
  network.layers = std::move(layers);
  network.input = input;
  network.classes = classes;
  auto shape = Planner(network).follow(network.layers, input);
  if (!shape) return tl::unexpected(shape.error());
  if (*shape != Shape{classes, 1, 1}) {
    return fail(ErrorCode::kCorruptData, "the network gives " + std::to_string(shape->count()) +
                                             " numbers at its end; the alphabet needs " +
                                             std::to_string(classes));
  }
  if (network.parameters() > 100'000'000) {
    return fail(ErrorCode::kTooLarge, "the network has more than 100 million parameters");
  }
  return network;
}

const float* Weights::at(const Slot& slot) const {
  const auto& array = slot.store == Store::kDecayed ? decayed
                      : slot.store == Store::kPlain ? plain
                                                    : statistics;
  return array.data() + slot.offset;
}

float* Weights::at(const Slot& slot) {
  return const_cast<float*>(std::as_const(*this).at(slot));
}

}  // namespace longhand::training
