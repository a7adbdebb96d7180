#pragma once

#include <cmath>
#include <cstddef>

#include "ink/plane.h"
#include "ink/rasterize.h"
#include "ink/strokes.h"

namespace longhand::ink {

// For tests: a closed ring.
inline Stroke ellipse(float cx, float cy, float rx, float ry) {
  Stroke stroke;
  for (int i = 0; i <= 48; ++i) {
    const float t = 6.2832F * static_cast<float>(i) / 48;
    stroke.push_back({cx + rx * std::cos(t), cy + ry * std::sin(t)});
  }
  return stroke;
}

// For tests: the coverage of strokes drawn on a square of so many places.
inline Plane coverage_of(const Strokes& strokes, int side, float width) {
  const GreyImage image = rasterize(strokes, side, side, {.width = width});
  Plane plane(side, side);
  for (std::size_t i = 0; i < plane.size(); ++i)
    plane.values[i] = static_cast<float>(image.pixels[i]) / 255;
  return plane;
}

}  // namespace longhand::ink
