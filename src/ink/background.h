#pragma once

#include <array>

#include "ink/plane.h"

namespace longhand::ink {

// The paper's grey level as a surface of second degree over the picture: even light, or light from
// one side. u and v run from -1 to 1 over the picture's width and height.
struct Background {
  std::array<double, 6> c{};  // of 1, u, v, uu, uv, vv
  bool flat = true;
  double noise = 0;  // standard deviation of the paper around it, robust

  double at(double u, double v) const {
    if (flat) return c[0];
    return c[0] + u * (c[1] + c[3] * u + c[4] * v) + v * (c[2] + c[5] * v);
  }
};

// Fits it to the majority of the pixels, the ink being outliers: the rim's level where most of the
// rim is of one level, else a fit by iteratively reweighted least squares with Tukey's biweight.
Background fit_background(const Plane& grey);

}  // namespace longhand::ink
