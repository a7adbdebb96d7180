#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "nn/onnx.h"

namespace longhand::nn {

using Dims = std::vector<std::int64_t>;

// The product; throws Refusal if a dim is below 1 or the product is over `limit`. `what` names the
// tensor in the message.
std::int64_t checked_elements(const Dims& dims, std::size_t limit, std::string_view what);
std::string to_text(const Dims& dims);  // "[1, 28, 28]"

// A tensor known at load. float16 and bfloat16 are widened when read and keep their type, since
// operators take float32 only; int4 and uint4 become int8 and uint8 and keep theirs.
struct Constant {
  using Data = std::variant<std::vector<float>, std::vector<std::int8_t>, std::vector<std::uint8_t>,
                            std::vector<std::int32_t>, std::vector<std::int64_t>>;
  onnx::Type type = onnx::Type::kFloat;
  Dims dims;
  Data data;

  std::size_t size() const;
};
using ConstantPtr = std::shared_ptr<const Constant>;

// Throws Refusal for a type not taken, and for data that doesn't fill the dims.
ConstantPtr decode(const onnx::Tensor& tensor, const LoadLimits& limits);

// The elements in the order of the permuted dims, as ONNX's Transpose gives them.
ConstantPtr transpose(const Constant& constant, const std::vector<std::int64_t>& permutation);

}  // namespace longhand::nn
