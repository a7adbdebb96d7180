#include <limits>

#include "nn/kernels_parts.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels_window.cpp"
#include "hwy/foreach_target.h"
#include "nn/kernels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand::nn::HWY_NAMESPACE {

// The part of a window that lies inside the image, along one axis: taps [first, last), the first of
// them at pixel `pixel`.
struct Span {
  size_t first, last, pixel;
};

HWY_INLINE Span inside(size_t out, size_t stride, size_t pad, size_t kernel, size_t size) {
  const size_t start = out * stride;  // in the padded image
  const size_t first = start < pad ? HWY_MIN(pad - start, kernel) : 0;
  const size_t end = pad + size;  // of the image, in the padded one
  const size_t last = start >= end ? first : HWY_MAX(first, HWY_MIN(kernel, end - start));
  return {first, last, last > first ? start + first - pad : 0};
}

// Calls column(rows, columns, out) for each output pixel, `out` being the floats before it in y.
template <typename Column>
HWY_INLINE void for_each_window(const WindowArgs& w, const Column& column) {
  for (size_t oy = 0; oy < w.out_height; ++oy) {
    const Span rows = inside(oy, w.stride_height, w.pad_top, w.kernel_height, w.height);
    for (size_t ox = 0; ox < w.out_width; ++ox) {
      const Span columns = inside(ox, w.stride_width, w.pad_left, w.kernel_width, w.width);
      column(rows, columns, (oy * w.out_width + ox) * w.channels);
    }
  }
}

// Where the vector of channels from c on starts: the last one is moved back to end with the
// channels, if there are enough, and does some channels twice, to the same numbers.
HWY_INLINE size_t last_full(size_t c, size_t channels, size_t lanes) {
  return channels >= lanes ? HWY_MIN(c, channels - lanes) : c;
}

// kVectors vectors of channels of one output pixel, from channel c on.
template <size_t kVectors>
HWY_INLINE void depthwise_column(const DepthwiseArgs& args, Span rows, Span columns, size_t out,
                                 size_t c, size_t count) {
  const Floats d;
  const size_t lanes = hn::Lanes(d);
  const WindowArgs& w = args.window;
  Vector sums[kVectors];
  for (size_t v = 0; v < kVectors; ++v) {
    sums[v] = load_first(d, args.bias + c + v * lanes, count - v * lanes);
  }
  for (size_t ky = rows.first; ky < rows.last; ++ky) {
    const size_t y = rows.pixel + (ky - rows.first);
    const float* x = w.x + (y * w.width + columns.pixel) * w.channels + c;
    const float* taps = args.weights + (ky * w.kernel_width + columns.first) * w.channels + c;
    for (size_t kx = columns.first; kx < columns.last; ++kx) {
      for (size_t v = 0; v < kVectors; ++v) {
        const size_t left = count - v * lanes;
        sums[v] = hn::MulAdd(load_first(d, x + v * lanes, left),
                             load_first(d, taps + v * lanes, left), sums[v]);
      }
      x += w.channels;
      taps += w.channels;
    }
  }
  for (size_t v = 0; v < kVectors; ++v) {
    const size_t at = out + c + v * lanes;
    const size_t left = count - v * lanes;
    auto sum = sums[v];
    if (args.residual != nullptr) sum = hn::Add(sum, load_first(d, args.residual + at, left));
    store_first(d, activate(d, sum, args.activation), w.y + at, left);
  }
}

void depthwise(const DepthwiseArgs& args) {
  const size_t lanes = hn::Lanes(Floats());
  const size_t channels = args.window.channels;
  for_each_window(args.window, [&](Span rows, Span columns, size_t out) {
    size_t c = 0;
    for (; c + 2 * lanes <= channels; c += 2 * lanes) {
      depthwise_column<2>(args, rows, columns, out, c, 2 * lanes);
    }
    for (; c < channels; c += lanes) {
      const size_t first = last_full(c, channels, lanes);
      depthwise_column<1>(args, rows, columns, out, first, HWY_MIN(lanes, channels - first));
    }
  });
}

// How many of the window's pixels lie inside the image or its pads, along one axis.
HWY_INLINE size_t inside_padded(size_t out, size_t stride, size_t kernel, size_t padded) {
  return HWY_MIN(kernel, padded - out * stride);
}

template <bool kMax>
HWY_INLINE void pool_column(const WindowArgs& w, Span rows, Span columns, size_t out, float scale) {
  const Floats d;
  const size_t lanes = hn::Lanes(d);
  for (size_t from = 0; from < w.channels; from += lanes) {
    const size_t c = last_full(from, w.channels, lanes);
    const size_t left = w.channels - c;
    auto sum = hn::Set(d, kMax ? -std::numeric_limits<float>::infinity() : 0.0F);
    for (size_t y = rows.pixel; y < rows.pixel + (rows.last - rows.first); ++y) {
      const float* x = w.x + (y * w.width + columns.pixel) * w.channels + c;
      for (size_t kx = columns.first; kx < columns.last; ++kx, x += w.channels) {
        const auto value = load_first(d, x, left);
        sum = kMax ? hn::Max(sum, value) : hn::Add(sum, value);
      }
    }
    if (!kMax) sum = hn::Mul(sum, hn::Set(d, scale));
    store_first(d, sum, w.y + out + c, left);
  }
}

void pool(const PoolArgs& args) {
  const WindowArgs& w = args.window;
  if (args.kind == PoolKind::kMax) {
    for_each_window(w, [&](Span rows, Span columns, size_t out) {
      pool_column<true>(w, rows, columns, out, 0);
    });
    return;
  }
  const size_t padded_height = w.pad_top + w.height + args.pad_bottom;
  const size_t padded_width = w.pad_left + w.width + args.pad_right;
  for_each_window(w, [&](Span rows, Span columns, size_t out) {
    size_t pixels = (rows.last - rows.first) * (columns.last - columns.first);
    if (args.kind == PoolKind::kAverageOfPadded) {
      const size_t at = out / w.channels;
      pixels = inside_padded(at / w.out_width, w.stride_height, w.kernel_height, padded_height) *
               inside_padded(at % w.out_width, w.stride_width, w.kernel_width, padded_width);
    }
    pool_column<false>(w, rows, columns, out,
                       1.0F / static_cast<float>(HWY_MAX(pixels, size_t{1})));
  });
}

void fill_window_kernels(Kernels& kernels) {
  kernels.depthwise = depthwise;
  kernels.pool = pool;
}

}  // namespace longhand::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace longhand::nn {

HWY_EXPORT(fill_window_kernels);
void fill_window(Kernels& kernels) {
  HWY_DYNAMIC_DISPATCH(fill_window_kernels)(kernels);
}

}  // namespace longhand::nn
#endif
