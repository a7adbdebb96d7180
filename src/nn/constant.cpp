#include "nn/constant.h"

#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

#include "nn/half.h"
#include "nn/refusal.h"

namespace longhand::nn {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX's raw data is little-endian");

float from_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

[[noreturn]] void refuse_length(const onnx::Tensor& tensor, std::size_t have, std::int64_t want) {
  refuse_corrupt("tensor " + quoted(tensor.name) + " of dims " + to_text(tensor.dims) + " needs " +
                 std::to_string(want) + " elements, its data holds " + std::to_string(have));
}

template <typename T>
std::vector<T> from_raw(const onnx::Tensor& tensor, std::int64_t count) {
  const auto want = static_cast<std::size_t>(count);
  if (tensor.raw->size() != want * sizeof(T)) {
    refuse_length(tensor, tensor.raw->size() / sizeof(T), count);
  }
  std::vector<T> data(want);
  std::memcpy(data.data(), tensor.raw->data(), want * sizeof(T));
  return data;
}

// `typed`: the field that ONNX keeps this type in when it isn't raw.
template <typename T, typename Typed>
std::vector<T> elements(const onnx::Tensor& tensor, std::int64_t count,
                        const std::vector<Typed>& typed) {
  if (tensor.raw) return from_raw<T>(tensor, count);
  if (typed.size() != static_cast<std::size_t>(count)) refuse_length(tensor, typed.size(), count);
  if constexpr (std::is_same_v<T, Typed>) {
    return typed;
  } else {
    std::vector<T> data(typed.size());
    for (std::size_t i = 0; i < typed.size(); ++i) {
      if (typed[i] < std::numeric_limits<T>::min() || typed[i] > std::numeric_limits<T>::max()) {
        refuse_corrupt("tensor " + quoted(tensor.name) + " holds " + std::to_string(typed[i]) +
                       ", out of its type's range");
      }
      data[i] = static_cast<T>(typed[i]);
    }
    return data;
  }
}

// Two to a byte, the first in the lower half; of an odd number the last half byte is nothing. Typed
// ones stand packed too, a byte in each int32.
template <typename T>
std::vector<T> nibbles(const onnx::Tensor& tensor, std::int64_t count) {
  const auto bytes = elements<std::uint8_t>(tensor, count / 2 + count % 2, tensor.int32s);
  std::vector<T> data(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < data.size(); ++i) {
    const int nibble = i % 2 == 0 ? bytes[i / 2] & 0xf : bytes[i / 2] >> 4;
    data[i] = static_cast<T>(std::is_signed_v<T> && nibble > 7 ? nibble - 16 : nibble);
  }
  return data;
}

std::vector<float> widened(const onnx::Tensor& tensor, std::int64_t count,
                           float (*widen)(std::uint16_t)) {
  const auto bits = elements<std::uint16_t>(tensor, count, tensor.int32s);
  std::vector<float> data(bits.size());
  for (std::size_t i = 0; i < bits.size(); ++i) data[i] = widen(bits[i]);
  return data;
}

Constant::Data decode_data(const onnx::Tensor& tensor, std::int64_t count) {
  switch (static_cast<onnx::Type>(tensor.type)) {
    case onnx::Type::kFloat:
      return elements<float>(tensor, count, tensor.floats);
    case onnx::Type::kFloat16:
      return widened(tensor, count, from_float16);
    case onnx::Type::kBfloat16:
      return widened(tensor, count, from_bfloat16);
    case onnx::Type::kInt8:
      return elements<std::int8_t>(tensor, count, tensor.int32s);
    case onnx::Type::kUint8:
      return elements<std::uint8_t>(tensor, count, tensor.int32s);
    case onnx::Type::kInt4:
      return nibbles<std::int8_t>(tensor, count);
    case onnx::Type::kUint4:
      return nibbles<std::uint8_t>(tensor, count);
    case onnx::Type::kInt32:
      return elements<std::int32_t>(tensor, count, tensor.int32s);
    case onnx::Type::kInt64:
      return elements<std::int64_t>(tensor, count, tensor.int64s);
  }
  refuse_unsupported(
      "tensor " + quoted(tensor.name) + " is of " + onnx::type_name(tensor.type) +
      "; float32, float16, bfloat16, int4, uint4, int8, uint8, int32 and int64 are supported");
}

}  // namespace

std::int64_t checked_elements(const Dims& dims, std::size_t limit, std::string_view what) {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) {
    if (dim < 1) {
      refuse_corrupt(std::string(what) + " has dims " + to_text(dims) +
                     "; each must be at least 1");
    }
    if (static_cast<std::uint64_t>(dim) > limit / static_cast<std::uint64_t>(count)) {
      refuse_large(std::string(what) + " has dims " + to_text(dims) + "; the limit is " +
                   std::to_string(limit) + " elements (max_tensor_elements)");
    }
    count *= dim;
  }
  return count;
}

std::string to_text(const Dims& dims) {
  std::string text = "[";
  for (std::size_t i = 0; i < dims.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(dims[i]);
  }
  return text + "]";
}

std::size_t Constant::size() const {
  return std::visit([](const auto& values) { return values.size(); }, data);
}

ConstantPtr decode(const onnx::Tensor& tensor, const LoadLimits& limits) {
  auto constant = std::make_shared<Constant>();
  constant->type = static_cast<onnx::Type>(tensor.type);
  constant->dims = tensor.dims;
  std::int64_t count = 0;
  // An empty tensor is a good constant (a Reshape to no dims has one); an activation never is.
  if (tensor.dims != Dims{0}) {
    count =
        checked_elements(tensor.dims, limits.max_tensor_elements, "tensor " + quoted(tensor.name));
  }
  constant->data = decode_data(tensor, count);
  return constant;
}

ConstantPtr transpose(const Constant& constant, const std::vector<std::int64_t>& permutation) {
  const std::size_t rank = constant.dims.size();
  std::vector<std::size_t> source_strides(rank, 1);
  for (std::size_t i = rank; i-- > 1;) {
    source_strides[i - 1] = source_strides[i] * static_cast<std::size_t>(constant.dims[i]);
  }
  auto result = std::make_shared<Constant>();
  result->type = constant.type;
  std::vector<std::size_t> strides;
  for (const std::int64_t axis : permutation) {
    result->dims.push_back(constant.dims[static_cast<std::size_t>(axis)]);
    strides.push_back(source_strides[static_cast<std::size_t>(axis)]);
  }
  std::visit(
      [&](const auto& from) {
        std::remove_cvref_t<decltype(from)> to;
        to.reserve(from.size());
        std::vector<std::int64_t> index(rank, 0);
        std::size_t at = 0;
        while (to.size() < from.size()) {
          to.push_back(from[at]);
          for (std::size_t i = rank; i-- > 0;) {  // an odometer over the result's dims
            at += strides[i];
            if (++index[i] < result->dims[i]) break;
            at -= strides[i] * static_cast<std::size_t>(result->dims[i]);
            index[i] = 0;
          }
        }
        result->data = std::move(to);
      },
      constant.data);
  return result;
}

}  // namespace longhand::nn
