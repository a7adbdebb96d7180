#include <cmath>
#include <limits>

#include "nn/kernels_parts.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels_elementwise.cpp"
#include "hwy/foreach_target.h"
#include "nn/kernels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand::nn::HWY_NAMESPACE {

void activate_all(const float* x, size_t count, Activation activation, float* y) {
  const Floats d;
  for (size_t i = 0; i < count; i += hn::Lanes(d)) {
    store_first(d, activate(d, load_first(d, x + i, count - i), activation), y + i, count - i);
  }
}

void binary(BinaryKind kind, const float* a, const float* b, size_t count, Activation activation,
            float* y) {
  const Floats d;
  for (size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto left = load_first(d, a + i, count - i);
    const auto right = load_first(d, b + i, count - i);
    const auto result = kind == BinaryKind::kAdd ? hn::Add(left, right) : hn::Mul(left, right);
    store_first(d, activate(d, result, activation), y + i, count - i);
  }
}

void affine(const float* x, size_t pixels, size_t channels, const float* scale, const float* shift,
            Activation activation, float* y) {
  const Floats d;
  for (size_t p = 0; p < pixels; ++p, x += channels, y += channels) {
    for (size_t c = 0; c < channels; c += hn::Lanes(d)) {
      const size_t left = channels - c;
      auto value = load_first(d, x + c, left);
      if (scale != nullptr) value = hn::Mul(value, load_first(d, scale + c, left));
      if (shift != nullptr) value = hn::Add(value, load_first(d, shift + c, left));
      store_first(d, activate(d, value, activation), y + c, left);
    }
  }
}

// Rows are short (an alphabet), and the exponentials are what costs: the sum is taken in scalar
// order, so that it is the same on every target.
void softmax_row(const float* x, size_t count, bool logarithm, float* y) {
  const Floats d;
  float highest = -std::numeric_limits<float>::infinity();
  for (size_t i = 0; i < count; ++i) highest = HWY_MAX(highest, x[i]);
  const auto shift = hn::Set(d, highest);
  float sum = 0;
  HWY_ALIGN float powers[hn::MaxLanes(Floats())];
  for (size_t i = 0; i < count; i += hn::Lanes(d)) {
    const size_t left = HWY_MIN(count - i, hn::Lanes(d));
    const auto centred = hn::Sub(load_first(d, x + i, left), shift);
    const auto power = hn::Exp(d, centred);
    hn::Store(power, d, powers);
    for (size_t k = 0; k < left; ++k) sum += powers[k];
    store_first(d, logarithm ? centred : power, y + i, left);
  }
  const auto total = hn::Set(d, logarithm ? std::log(sum) : sum);
  for (size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto value = load_first(d, y + i, count - i);
    store_first(d, logarithm ? hn::Sub(value, total) : hn::Div(value, total), y + i, count - i);
  }
}

void softmax(const float* x, size_t rows, size_t count, bool logarithm, float* y) {
  for (size_t row = 0; row < rows; ++row) {
    softmax_row(x + row * count, count, logarithm, y + row * count);
  }
}

void fill_elementwise_kernels(Kernels& kernels) {
  kernels.activate = activate_all;
  kernels.binary = binary;
  kernels.affine = affine;
  kernels.softmax = softmax;
}

}  // namespace longhand::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand::nn {

HWY_EXPORT(fill_elementwise_kernels);
void fill_elementwise(Kernels& kernels) {
  HWY_DYNAMIC_DISPATCH(fill_elementwise_kernels)(kernels);
}

std::vector<std::int64_t> kernel_targets() {
  return hwy::SupportedAndGeneratedTargets();
}

}  // namespace longhand::nn
#endif
