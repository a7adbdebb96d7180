#include "ink/hollow_bar.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "ink/filled_outlines.h"
#include "ink/plane.h"

namespace longhand::ink {
namespace {

constexpr float kInked = 0.9F;  // of the darkest ink
// So much longer than wide are the bar and the hollow in it, by how their places are spread.
constexpr double kBar = 2.2, kHollow = 4;
constexpr double kOfPlace = 1.0 / 12;  // the spread of one place, squared

// How far places are spread along the way in which they are spread most, and across it: standard
// deviations.
struct Spread {
  double along = 0, across = 0;
};

template <typename Holds>
Spread spread_of(const Plane& plane, Holds holds) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  for (int v = 0; v < plane.height; ++v) {
    for (int u = 0; u < plane.width; ++u) {
      if (!holds(u, v)) continue;
      n += 1, x += u, y += v, xx += u * u, xy += u * v, yy += v * v;
    }
  }
  if (n == 0) return {};
  xx = xx / n - x * x / (n * n), yy = yy / n - y * y / (n * n), xy = xy / n - x * y / (n * n);
  const double middle = (xx + yy) / 2;
  const double apart = std::sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
  return {std::sqrt(middle + apart + kOfPlace),
          std::sqrt(std::max(0.0, middle - apart) + kOfPlace)};
}

}  // namespace

std::optional<Glyph> filled_bar(const Glyph& glyph) {
  Plane coverage(glyph.image.width, glyph.image.height);
  for (std::size_t i = 0; i < coverage.size(); ++i)
    coverage.values[i] = static_cast<float>(glyph.image.pixels[i]) / 255;
  const float inked = kInked * *std::max_element(coverage.values.begin(), coverage.values.end());
  const std::optional<Plane> filled = filled_outlines(coverage, inked);
  if (!filled) return std::nullopt;
  const Spread all = spread_of(*filled, [&](int x, int y) { return filled->at(x, y) >= inked; });
  const Spread hollow = spread_of(*filled, [&](int x, int y) {
    return filled->at(x, y) >= inked && coverage.at(x, y) < inked;
  });
  if (all.along < kBar * all.across || hollow.along < kHollow * hollow.across) return std::nullopt;
  Glyph bar = glyph;
  for (std::size_t i = 0; i < filled->size(); ++i)
    bar.image.pixels[i] = static_cast<std::uint8_t>(std::lround(255 * filled->values[i]));
  return bar;
}

}  // namespace longhand::ink
