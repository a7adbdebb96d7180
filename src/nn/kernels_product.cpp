#include "nn/kernels_parts.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels_product.cpp"
#include "hwy/foreach_target.h"
#include "nn/kernels-inl.h"

#undef LONGHAND_NN_HALVES

HWY_BEFORE_NAMESPACE();
namespace longhand::nn::HWY_NAMESPACE {

// Output pixels that one tile holds in registers, two vectors of channels each. AVX-512 has 32
// registers: 28 sums, 2 weights, 1 input; the others 16. Two FMA ports of latency 4 need 8 sums in
// flight, which every tile of 4 pixels and more gives.
#if HWY_TARGET == HWY_AVX3
constexpr size_t kMostPixels = 14;
#elif HWY_TARGET == HWY_AVX2
constexpr size_t kMostPixels = 6;
#else
constexpr size_t kMostPixels = 4;
#endif
constexpr size_t kPanelVectors = 2;

HWY_INLINE Vector load_weights(Floats d, const float* from) {
  return hn::LoadU(d, from);
}

// Weights that came as float16 are kept so where widening is one instruction: a large matrix is
// read at the speed of memory, and is half as large.
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
#define LONGHAND_NN_HALVES 1
HWY_INLINE Vector load_weights(Floats d, const std::uint16_t* from) {
  const hn::Rebind<hwy::float16_t, Floats> half;
  return hn::PromoteTo(d, hn::LoadU(half, reinterpret_cast<const hwy::float16_t*>(from)));
}
#else
#define LONGHAND_NN_HALVES 0
#endif

// The sums of kPixels pixels by kVectors vectors of channels. Panels stand `panel` floats apart and
// hold kPerPanel vectors of each k.
template <size_t kPixels, size_t kVectors, size_t kPerPanel, typename Weight>
HWY_INLINE void tile(const ProductArgs& args, const float* x, const Weight* weights, size_t panel,
                     size_t channel, float* y, const float* residual) {
  const Floats d;
  const size_t lanes = hn::Lanes(d);
  Vector sums[kPixels][kVectors];
  for (size_t v = 0; v < kVectors; ++v) {
    const auto bias = hn::LoadU(d, args.bias + channel + v * lanes);
    for (size_t p = 0; p < kPixels; ++p) sums[p][v] = bias;
  }
  const Weight* w = weights;
  for (size_t run = 0; run < args.run_count; ++run) {
    const float* from = x + args.runs[run];
    for (size_t k = 0; k < args.run_length; ++k, w += kPerPanel * lanes) {
      Vector taps[kVectors];
#pragma GCC unroll 8
      for (size_t v = 0; v < kVectors; ++v) {
        taps[v] = load_weights(d, w + (v / kPerPanel) * panel + (v % kPerPanel) * lanes);
      }
#pragma GCC unroll 16
      for (size_t p = 0; p < kPixels; ++p) {
        const auto value = hn::Set(d, from[p * args.x_pixel + k]);
#pragma GCC unroll 8
        for (size_t v = 0; v < kVectors; ++v) {
          sums[p][v] = hn::MulAdd(value, taps[v], sums[p][v]);
        }
      }
    }
  }
  for (size_t p = 0; p < kPixels; ++p) {
    for (size_t v = 0; v < kVectors; ++v) {
      const size_t first = channel + v * lanes;
      const size_t left = args.channels - first;
      const size_t at = p * args.y_pixel + first;
      auto sum = sums[p][v];
      if (residual != nullptr) sum = hn::Add(sum, load_first(d, residual + at, left));
      store_first(d, activate(d, sum, args.activation), y + at, left);
    }
  }
}

// One row of output pixels by one panel. The last tile is moved back to end with the row, so that
// some pixels are computed twice, to the same numbers.
template <size_t kPixels, size_t kVectors, typename Weight>
void row_by_panel(const ProductArgs& args, const float* x, const Weight* weights, size_t channel,
                  float* y, const float* residual) {
  for (size_t done = 0; done < args.columns; done += kPixels) {
    const size_t column = HWY_MIN(done, args.columns - kPixels);
    tile<kPixels, kVectors, kVectors>(
        args, x + column * args.x_pixel, weights, 0, channel, y + column * args.y_pixel,
        residual == nullptr ? nullptr : residual + column * args.y_pixel);
  }
}

template <typename Weight>
using RowByPanel = void (*)(const ProductArgs&, const float*, const Weight*, size_t, float*,
                            const float*);

template <size_t kVectors, typename Weight, size_t... kIndices>
RowByPanel<Weight> row_by_panel_of(size_t pixels, std::index_sequence<kIndices...>) {
  constexpr RowByPanel<Weight> kTable[] = {row_by_panel<kIndices + 1, kVectors, Weight>...};
  return kTable[pixels - 1];
}

// One pixel alone has too few sums to hide the latency of its FMAs: it takes four panels at once.
// Returns the channels done.
template <typename Weight>
size_t four_panels(const ProductArgs& args, const Weight* weights, size_t panel, size_t inputs) {
  const size_t lanes = hn::Lanes(Floats());
  const size_t width = kPanelVectors * lanes;
  size_t channel = 0;
  // Only the last panel may be narrow, and it is one of the four only if it is full.
  for (; channel + 3 * width + lanes < args.channels; channel += 4 * width) {
    tile<1, 4 * kPanelVectors, kPanelVectors>(args, args.x, weights + channel * inputs, panel,
                                              channel, args.y, args.residual);
  }
  return channel;
}

template <typename Weight>
void product_with(const ProductArgs& args, const Weight* weights) {
  const size_t lanes = hn::Lanes(Floats());
  const size_t width = kPanelVectors * lanes;
  const size_t inputs = args.run_count * args.run_length;
  const size_t tiles = (args.columns + kMostPixels - 1) / kMostPixels;
  const size_t pixels = (args.columns + tiles - 1) / tiles;
  constexpr auto kTiles = std::make_index_sequence<kMostPixels>();
  const auto wide = row_by_panel_of<kPanelVectors, Weight>(pixels, kTiles);
  const auto narrow = row_by_panel_of<1, Weight>(pixels, kTiles);

  size_t channel = 0;
  if (args.rows == 1 && args.columns == 1)
    channel = four_panels(args, weights, width * inputs, inputs);
  for (; channel < args.channels; channel += width) {
    const auto by_panel = args.channels - channel > lanes ? wide : narrow;
    for (size_t row = 0; row < args.rows; ++row) {
      by_panel(args, args.x + row * args.x_row, weights + channel * inputs, channel,
               args.y + row * args.y_row,
               args.residual == nullptr ? nullptr : args.residual + row * args.y_row);
    }
  }
}

void product(const ProductArgs& args) {
#if LONGHAND_NN_HALVES
  if (args.half_weights != nullptr) {
    product_with(args, args.half_weights);
    return;
  }
#endif
  product_with(args, args.weights);
}

void fill_product_kernels(Kernels& kernels) {
  kernels.target = hwy::TargetName(HWY_TARGET);
  kernels.lanes = hn::Lanes(Floats());
  kernels.halves = LONGHAND_NN_HALVES != 0;
  kernels.product = product;
}

}  // namespace longhand::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand::nn {

HWY_EXPORT(fill_product_kernels);
void fill_product(Kernels& kernels) {
  HWY_DYNAMIC_DISPATCH(fill_product_kernels)(kernels);
}

}  // namespace longhand::nn
#endif
