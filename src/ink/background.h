#pragma once

#include <array>
#include <optional>
#include <vector>

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

// For pictures of so few places that any surface would go through the ink: the paper's one level,
// where a program drew it, which is the darkest or the lightest. nullopt where neither is that of a
// share of the places.
std::optional<Background> fit_tiny_background(const Plane& grey);

// Whether the ink is lighter than the paper, judged from the neighbourhood of each place, so that
// shadows don't matter: the paper is what more of a neighbourhood is near to. `radius` is half a
// neighbourhood's side in places.
bool ink_is_light(const Plane& grey, int radius);

// The paper at each place, under light that changes sharply: morphological closing (of dark ink;
// opening of light ink), which takes out whatever is thinner than 2 * radius + 1 places and keeps
// edges of wide areas where they are. Less the bias that the paper's noise gives it. Values of
// `grey` must be 0..255.
Plane local_paper(const Plane& grey, bool light_ink, int radius);

// Standard deviation of a normal noise, from how far most values are off 0: the rest is ink.
double deviation_of(std::vector<float> off);

}  // namespace longhand::ink
