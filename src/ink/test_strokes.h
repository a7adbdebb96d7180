#pragma once

#include <cmath>

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

}  // namespace longhand::ink
