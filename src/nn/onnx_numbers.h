#pragma once

#include <cstddef>
#include <cstdint>
#include <protozero/pbf_message.hpp>
#include <vector>

#include "nn/model.h"
#include "nn/refusal.h"

// Reading repeated fields within a budget.
namespace longhand::nn::onnx {

// What a file may be taken apart into. Messages are a few bytes and structs a few hundred, so that
// without a count a file of the allowed size could fill the memory.
class Budget {
 public:
  explicit Budget(const LoadLimits& limits)
      : parts_(kPartsOfNode * limits.max_nodes), numbers_(limits.max_tensor_elements) {}

  // An initialiser, a port, a metadata entry, or a node's input, output or attribute.
  void take_part() {
    if (parts_-- == 0) refuse_large("the graph has too many parts for its nodes (max_nodes)");
  }
  // Numbers that don't stand raw: dims, lists and typed data.
  void take_number() {
    if (numbers_-- == 0) {
      refuse_large("the file has too many numbers outside raw_data (max_tensor_elements)");
    }
  }

 private:
  static constexpr std::size_t kPartsOfNode = 32;
  std::size_t parts_;
  std::size_t numbers_;
};

// A repeated number stands packed or, from old writers, one field each. `one` and `packed` get it.
template <typename Message, typename T, typename One, typename Packed>
void append(Message& message, std::vector<T>& out, Budget& budget, const One& one,
            const Packed& packed) {
  if (message.wire_type() != protozero::pbf_wire_type::length_delimited) {
    budget.take_number();
    out.push_back(one());
    return;
  }
  for (const auto value : packed()) {
    budget.take_number();
    out.push_back(value);
  }
}

template <typename Message>
void append_floats(Message& message, std::vector<float>& out, Budget& budget) {
  append(
      message, out, budget, [&] { return message.get_float(); },
      [&] { return message.get_packed_float(); });
}

template <typename Message>
void append_int64s(Message& message, std::vector<std::int64_t>& out, Budget& budget) {
  append(
      message, out, budget, [&] { return message.get_int64(); },
      [&] { return message.get_packed_int64(); });
}

template <typename Message>
void append_int32s(Message& message, std::vector<std::int32_t>& out, Budget& budget) {
  append(
      message, out, budget, [&] { return message.get_int32(); },
      [&] { return message.get_packed_int32(); });
}

}  // namespace longhand::nn::onnx
