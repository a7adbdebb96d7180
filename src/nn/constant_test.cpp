#include "nn/constant.h"

#include <gtest/gtest.h>
#include <cmath>
#include <cstring>
#include <limits>

#include "nn/half.h"
#include "nn/refusal.h"

namespace longhand::nn {
namespace {

onnx::Tensor tensor(onnx::Type type, Dims dims) {
  onnx::Tensor result;
  result.name = "t";
  result.type = static_cast<std::int32_t>(type);
  result.dims = std::move(dims);
  return result;
}

const std::vector<float>& floats(const ConstantPtr& constant) {
  return std::get<std::vector<float>>(constant->data);
}

TEST(ConstantTest, EveryFloat16IsWidenedExactly) {
  onnx::Tensor all = tensor(onnx::Type::kFloat16, {65536});
  for (int bits = 0; bits < 65536; ++bits) all.int32s.push_back(bits);
  const ConstantPtr constant = decode(all, {});
  for (int bits = 0; bits < 65536; ++bits) {
    const int exponent = (bits >> 10) & 31;
    const int mantissa = bits & 1023;
    double expected =
        exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
    if (exponent == 31)
      expected = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::nan("");
    if ((bits & 0x8000) != 0) expected = -expected;
    const float found = floats(constant)[static_cast<std::size_t>(bits)];
    if (std::isnan(expected)) {
      ASSERT_TRUE(std::isnan(found)) << bits;
    } else {
      ASSERT_EQ(static_cast<double>(found), expected) << bits;
      ASSERT_EQ(std::signbit(found), std::signbit(expected)) << bits;
    }
  }
}

TEST(ConstantTest, AsFloat16FindsEveryFiniteOneAndNoOther) {
  for (int bits = 0; bits < 65536; ++bits) {
    const float wide = from_float16(static_cast<std::uint16_t>(bits));
    const auto found = as_float16(wide);
    if (!std::isfinite(wide)) {
      ASSERT_FALSE(found) << bits;
      continue;
    }
    ASSERT_TRUE(found) << bits;
    ASSERT_EQ(*found, bits);
    // The next float on either side is none.
    ASSERT_FALSE(as_float16(std::nextafter(wide, 1e30F))) << bits;
    ASSERT_FALSE(as_float16(std::nextafter(wide, -1e30F))) << bits;
  }
  EXPECT_FALSE(as_float16(65536.0F));
  EXPECT_FALSE(as_float16(1e30F));
}

TEST(ConstantTest, Bfloat16IsTheUpperHalfOfAFloat) {
  onnx::Tensor two = tensor(onnx::Type::kBfloat16, {2});
  two.int32s = {0x3f80, 0xc040};
  EXPECT_EQ(floats(decode(two, {})), (std::vector<float>{1, -3}));
}

TEST(ConstantTest, NibblesStandTwoToAByteTheFirstInTheLowerHalf) {
  const std::string raw = "\x70\x8f\x2d";
  onnx::Tensor some = tensor(onnx::Type::kInt4, {5});
  some.raw = raw;  // the last half byte, 2, is past the end
  EXPECT_EQ(std::get<std::vector<std::int8_t>>(decode(some, {})->data),
            (std::vector<std::int8_t>{0, 7, -1, -8, -3}));
  some.type = static_cast<std::int32_t>(onnx::Type::kUint4);
  some.dims = {2, 3};
  EXPECT_EQ(std::get<std::vector<std::uint8_t>>(decode(some, {})->data),
            (std::vector<std::uint8_t>{0, 7, 15, 8, 13, 2}));
  onnx::Tensor typed = tensor(onnx::Type::kInt4, {3});
  typed.int32s = {0x70, 0x0f};
  EXPECT_EQ(std::get<std::vector<std::int8_t>>(decode(typed, {})->data),
            (std::vector<std::int8_t>{0, 7, -1}));
}

TEST(ConstantTest, NibblesThatDontFillTheirDimsAreRefused) {
  for (const onnx::Type type : {onnx::Type::kInt4, onnx::Type::kUint4}) {
    for (const std::size_t bytes : {0, 1, 3, 5}) {  // two are right
      const std::string raw(bytes, '\x11');
      onnx::Tensor three = tensor(type, {3});
      three.raw = raw;
      EXPECT_THROW(decode(three, {}), Refusal) << bytes;
      three.raw.reset();
      three.int32s.assign(bytes, 1);
      EXPECT_THROW(decode(three, {}), Refusal) << bytes;
    }
    onnx::Tensor wide = tensor(type, {2});
    wide.int32s = {256};
    EXPECT_THROW(decode(wide, {}), Refusal);
    wide.int32s = {-1};
    EXPECT_THROW(decode(wide, {}), Refusal);
  }
}

TEST(ConstantTest, TypedNumbersOutOfRangeAreRefused) {
  onnx::Tensor one = tensor(onnx::Type::kInt8, {1});
  one.int32s = {128};
  EXPECT_THROW(decode(one, {}), Refusal);
  one = tensor(onnx::Type::kUint8, {1});
  one.int32s = {-1};
  EXPECT_THROW(decode(one, {}), Refusal);
  one = tensor(onnx::Type::kFloat16, {1});
  one.int32s = {65536};
  EXPECT_THROW(decode(one, {}), Refusal);
}

TEST(ConstantTest, TransposesAsOnnxDoes) {
  Constant constant;
  constant.dims = {2, 3};
  constant.data = std::vector<float>{1, 2, 3, 4, 5, 6};
  const ConstantPtr turned = transpose(constant, {1, 0});
  EXPECT_EQ(turned->dims, (Dims{3, 2}));
  EXPECT_EQ(floats(turned), (std::vector<float>{1, 4, 2, 5, 3, 6}));
}

TEST(ConstantTest, ElementsAreCountedWithoutOverflow) {
  EXPECT_EQ(checked_elements({2, 3, 4}, 24, "t"), 24);
  EXPECT_THROW(checked_elements({2, 3, 4}, 23, "t"), Refusal);
  EXPECT_THROW(checked_elements({INT64_MAX, INT64_MAX}, SIZE_MAX / 2, "t"), Refusal);
  EXPECT_THROW(checked_elements({1LL << 32, 1LL << 32}, 64U << 20, "t"), Refusal);
  EXPECT_THROW(checked_elements({2, 1}, 0, "t"), Refusal);
  EXPECT_THROW(checked_elements({0}, 10, "t"), Refusal);
  EXPECT_THROW(checked_elements({-1, -1}, 10, "t"), Refusal);
}

}  // namespace
}  // namespace longhand::nn
