#include "ink/plane.h"

#include <algorithm>
#include <cmath>

namespace longhand::ink {
namespace {

// Sixteen bits hold every squared distance in reach, and double the lanes of a vector.
using Squares = Grid<std::int16_t>;
constexpr int kWindow = static_cast<int>(kReach);

// Per place the squared distance along its column to the nearest set place, at most that of one
// step past the window.
Squares column_distances(const Mask& mask) {
  constexpr std::int16_t kFar = kWindow + 1;
  Squares squares(mask.width, mask.height, kFar);
  std::vector<std::int16_t> run(static_cast<std::size_t>(mask.width), kFar);
  const auto sweep = [&](int y) {
    const std::uint8_t* set = mask.row(y);
    std::int16_t* out = squares.row(y);
    for (int x = 0; x < mask.width; ++x) {
      std::int16_t& r = run[static_cast<std::size_t>(x)];
      r = set[x] ? std::int16_t{0} : std::min<std::int16_t>(static_cast<std::int16_t>(r + 1), kFar);
      out[x] = std::min(out[x], r);
    }
  };
  for (int y = 0; y < mask.height; ++y) sweep(y);
  std::fill(run.begin(), run.end(), kFar);
  for (int y = mask.height - 1; y >= 0; --y) sweep(y);
  for (std::int16_t& v : squares.values) v = static_cast<std::int16_t>(v * v);
  return squares;
}

}  // namespace

Plane distance_to(const Mask& mask) {
  const Squares columns = column_distances(mask);
  Plane plane(mask.width, mask.height);
  constexpr std::int16_t kFar = (kWindow + 1) * (kWindow + 1);
  // The row with room on either side, so that the inner loop is one straight run.
  std::vector<std::int16_t> padded(static_cast<std::size_t>(mask.width + 2 * kWindow), kFar);
  std::vector<std::int16_t> best(static_cast<std::size_t>(mask.width));
  for (int y = 0; y < mask.height; ++y) {
    std::copy_n(columns.row(y), mask.width, padded.begin() + kWindow);
    std::fill(best.begin(), best.end(), std::int16_t{kWindow * kWindow});
    // What lies aside by the farthest of the row's own distances is no nearer.
    std::int16_t farthest = 0;
    for (int x = 0; x < mask.width; ++x) farthest = std::max(farthest, columns.row(y)[x]);
    int window = 0;
    while (window < kWindow && window * window < farthest) ++window;
    for (int d = -window; d <= window; ++d) {
      const std::int16_t* in = padded.data() + kWindow + d;
      const auto aside = static_cast<std::int16_t>(d * d);
      std::int16_t* out = best.data();
      for (int x = 0; x < mask.width; ++x) {
        out[x] = std::min(out[x], static_cast<std::int16_t>(in[x] + aside));
      }
    }
    float* out = plane.row(y);
    for (int x = 0; x < mask.width; ++x) {
      out[x] = std::sqrt(static_cast<float>(best[static_cast<std::size_t>(x)]));
    }
  }
  return plane;
}

namespace {

// out[i] = the largest of in[i .. i + 2 * radius] over `count` values of `width` lanes each, by
// windows that double: a window of any length is two overlapping ones of a power of two.
void sliding_maximum(std::vector<float>& values, int count, int width, int radius) {
  const int window = 2 * radius + 1;
  int have = 1;
  const auto merge = [&](int distance) {
    const int rows = count - distance;
    for (int i = 0; i < rows * width; ++i) {
      float& v = values[static_cast<std::size_t>(i)];
      v = std::max(v, values[static_cast<std::size_t>(i + distance * width)]);
    }
  };
  for (; 2 * have <= window; have *= 2) merge(have);
  if (window > have) merge(window - have);
}

}  // namespace

Plane local_maximum(const Plane& plane, int radius) {
  // Over rows first (each value a whole row of lanes), then along each row. Values are at least 0.
  Plane result(plane.width, plane.height);
  const auto width = static_cast<std::size_t>(plane.width);
  std::vector<float> padded(width * static_cast<std::size_t>(plane.height + 2 * radius), 0.0F);
  std::copy(plane.values.begin(), plane.values.end(),
            padded.begin() + plane.width * static_cast<std::ptrdiff_t>(radius));
  sliding_maximum(padded, plane.height + 2 * radius, plane.width, radius);
  std::vector<float> line(width + 2 * static_cast<std::size_t>(radius));
  for (int y = 0; y < plane.height; ++y) {
    std::fill(line.begin(), line.end(), 0.0F);
    std::copy_n(padded.begin() + y * static_cast<std::ptrdiff_t>(width), width,
                line.begin() + radius);
    sliding_maximum(line, plane.width + 2 * radius, 1, radius);
    std::copy_n(line.begin(), width, result.row(y));
  }
  return result;
}

Plane smooth(const Plane& plane) {
  Plane rows(plane.width, plane.height), result(plane.width, plane.height);
  const int last = plane.width - 1;
  for (int y = 0; y < plane.height; ++y) {
    const float* in = plane.row(y);
    float* out = rows.row(y);
    for (int x = 1; x < last; ++x) out[x] = (in[x - 1] + 2 * in[x] + in[x + 1]) / 4;
    out[0] = (3 * in[0] + in[std::min(1, last)]) / 4;
    out[last] = (in[std::max(0, last - 1)] + 3 * in[last]) / 4;
  }
  for (int y = 0; y < plane.height; ++y) {
    const float* above = rows.row(std::max(0, y - 1));
    const float* here = rows.row(y);
    const float* below = rows.row(std::min(plane.height - 1, y + 1));
    float* out = result.row(y);
    for (int x = 0; x < plane.width; ++x) out[x] = (above[x] + 2 * here[x] + below[x]) / 4;
  }
  return result;
}

float sample_bilinear(const Plane& plane, float x, float y) {
  x = std::clamp(x, 0.0F, static_cast<float>(plane.width - 1));
  y = std::clamp(y, 0.0F, static_cast<float>(plane.height - 1));
  const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
  const int x1 = std::min(x0 + 1, plane.width - 1), y1 = std::min(y0 + 1, plane.height - 1);
  const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
  const float top = plane.at(x0, y0) * (1 - fx) + plane.at(x1, y0) * fx;
  const float bottom = plane.at(x0, y1) * (1 - fx) + plane.at(x1, y1) * fx;
  return top * (1 - fy) + bottom * fy;
}

}  // namespace longhand::ink
