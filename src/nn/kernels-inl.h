// What the kernels of every instruction set share. Included once per target (Highway's convention:
// no ordinary include guard).
#if defined(LONGHAND_NN_KERNELS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_NN_KERNELS_INL_H_
#undef LONGHAND_NN_KERNELS_INL_H_
#else
#define LONGHAND_NN_KERNELS_INL_H_
#endif

#include <cstring>

#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"
#include "nn/kernels.h"

// Whether the processor itself can leave lanes of a load or store alone. Elsewhere Highway's masked
// operations touch the whole vector, and so memory that isn't ours.
#undef LONGHAND_NN_MASKED_MEMORY
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
#define LONGHAND_NN_MASKED_MEMORY 1
#else
#define LONGHAND_NN_MASKED_MEMORY 0
#endif

HWY_BEFORE_NAMESPACE();
namespace longhand::nn::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;
using Vector = hn::Vec<Floats>;

// The first `count` of a vector's lanes, the others zero; no more than `count` floats are touched.
HWY_INLINE Vector load_first(Floats d, const float* from, size_t count) {
  if (count >= hn::Lanes(d)) return hn::LoadU(d, from);
#if LONGHAND_NN_MASKED_MEMORY
  return hn::MaskedLoad(hn::FirstN(d, count), d, from);
#else
  HWY_ALIGN float buffer[hn::MaxLanes(Floats())] = {};
  for (size_t i = 0; i < count; ++i) buffer[i] = from[i];
  return hn::Load(d, buffer);
#endif
}

HWY_INLINE void store_first(Floats d, Vector v, float* to, size_t count) {
  if (count >= hn::Lanes(d)) {
    hn::StoreU(v, d, to);
    return;
  }
#if LONGHAND_NN_MASKED_MEMORY
  hn::BlendedStore(v, hn::FirstN(d, count), d, to);
#else
  HWY_ALIGN float buffer[hn::MaxLanes(Floats())];
  hn::Store(v, d, buffer);
  for (size_t i = 0; i < count; ++i) to[i] = buffer[i];
#endif
}

// By the power that is at most 1: Highway's Exp is wrong where the result is past float's range.
HWY_INLINE Vector sigmoid(Floats d, Vector v) {
  const auto one = hn::Set(d, 1.0F);
  const auto power = hn::Exp(d, hn::Neg(hn::Abs(v)));
  const auto upper = hn::Div(one, hn::Add(one, power));
  return hn::IfThenElse(hn::Lt(v, hn::Zero(d)), hn::Mul(power, upper), upper);
}

HWY_INLINE Vector activate(Floats d, Vector v, Activation activation) {
  const auto zero = hn::Zero(d);
  const auto one = hn::Set(d, 1.0F);
  const auto a = hn::Set(d, activation.a);
  const auto b = hn::Set(d, activation.b);
  switch (activation.kind) {
    case Activation::Kind::kNone:
      return v;
    case Activation::Kind::kRelu:
      return hn::Max(v, zero);
    case Activation::Kind::kClip:
      return hn::Min(hn::Max(v, a), b);
    case Activation::Kind::kLeakyRelu:
      return hn::IfThenElse(hn::Lt(v, zero), hn::Mul(v, a), v);
    case Activation::Kind::kHardSwish: {
      const auto gate = hn::MulAdd(v, hn::Set(d, 1.0F / 6), hn::Set(d, 0.5F));
      return hn::Mul(v, hn::Min(hn::Max(gate, zero), one));
    }
    case Activation::Kind::kHardSigmoid:
      return hn::Min(hn::Max(hn::MulAdd(v, a, b), zero), one);
    case Activation::Kind::kSigmoid:
      return sigmoid(d, v);
  }
  return v;
}

}  // namespace longhand::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
