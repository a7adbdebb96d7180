#include "ink/plane.h"

#include <algorithm>
#include <cmath>

namespace longhand::ink {
namespace {

// The lower envelope of the parabolas (x - i)^2 + f[i], in place. `sites` and `ends` are scratch of
// n and n + 1 entries.
void transform_line(float* f, int n, std::ptrdiff_t stride, std::vector<float>& line,
                    std::vector<int>& sites, std::vector<float>& ends) {
  for (int i = 0; i < n; ++i) line[static_cast<std::size_t>(i)] = f[i * stride];
  int k = -1;
  for (int q = 0; q < n; ++q) {
    const float fq = line[static_cast<std::size_t>(q)];
    if (fq >= kFarAway) continue;  // no parabola here
    float start = -kFarAway;
    while (k >= 0) {
      const int p = sites[static_cast<std::size_t>(k)];
      const float fp = line[static_cast<std::size_t>(p)];
      start = ((fq + static_cast<float>(q * q)) - (fp + static_cast<float>(p * p))) /
              static_cast<float>(2 * (q - p));
      if (start > ends[static_cast<std::size_t>(k)]) break;
      --k;
    }
    if (k < 0) start = -kFarAway;
    ++k;
    sites[static_cast<std::size_t>(k)] = q;
    ends[static_cast<std::size_t>(k)] = start;
  }
  if (k < 0) return;
  int at = 0;
  for (int i = 0; i < n; ++i) {
    while (at < k && ends[static_cast<std::size_t>(at + 1)] < static_cast<float>(i)) ++at;
    const int p = sites[static_cast<std::size_t>(at)];
    const float d = static_cast<float>(i - p);
    f[i * stride] = d * d + line[static_cast<std::size_t>(p)];
  }
}

}  // namespace

Plane distance_to(const Mask& mask) {
  Plane plane(mask.width, mask.height);
  for (std::size_t i = 0; i < mask.size(); ++i) plane.values[i] = mask.values[i] ? 0 : kFarAway;
  const auto longest = static_cast<std::size_t>(std::max(mask.width, mask.height));
  std::vector<float> line(longest), ends(longest + 1);
  std::vector<int> sites(longest);
  // Columns first: with values of 0 and far away only, two sweeps give the distances.
  for (int x = 0; x < mask.width; ++x) {
    float run = kFarAway;
    for (int y = 0; y < mask.height; ++y) {
      run = mask.at(x, y) ? 0 : run + 1;
      plane.at(x, y) = run;
    }
    run = kFarAway;
    for (int y = mask.height - 1; y >= 0; --y) {
      run = std::min(run + 1, plane.at(x, y));
      plane.at(x, y) = run < 1e6F ? run * run : kFarAway;
    }
  }
  for (int y = 0; y < mask.height; ++y) {
    transform_line(plane.row(y), mask.width, 1, line, sites, ends);
  }
  for (float& v : plane.values) v = v < kFarAway ? std::sqrt(v) : kFarAway;
  return plane;
}

Plane local_maximum(const Plane& plane, int radius) {
  Plane rows(plane.width, plane.height), result(plane.width, plane.height);
  for (int y = 0; y < plane.height; ++y) {
    const float* in = plane.row(y);
    float* out = rows.row(y);
    for (int x = 0; x < plane.width; ++x) {
      const int from = std::max(0, x - radius), to = std::min(plane.width - 1, x + radius);
      float best = in[from];
      for (int i = from + 1; i <= to; ++i) best = std::max(best, in[i]);
      out[x] = best;
    }
  }
  for (int y = 0; y < plane.height; ++y) {
    const int from = std::max(0, y - radius), to = std::min(plane.height - 1, y + radius);
    float* out = result.row(y);
    std::copy_n(rows.row(from), plane.width, out);
    for (int i = from + 1; i <= to; ++i) {
      const float* in = rows.row(i);
      for (int x = 0; x < plane.width; ++x) out[x] = std::max(out[x], in[x]);
    }
  }
  return result;
}

Plane smooth(const Plane& plane) {
  Plane rows(plane.width, plane.height), result(plane.width, plane.height);
  for (int y = 0; y < plane.height; ++y) {
    const float* in = plane.row(y);
    float* out = rows.row(y);
    for (int x = 0; x < plane.width; ++x) {
      out[x] = (in[std::max(0, x - 1)] + 2 * in[x] + in[std::min(plane.width - 1, x + 1)]) / 4;
    }
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
