#pragma once

#include "ink/image.h"
#include "ink/layout.h"
#include "ink/strokes.h"

namespace longhand::ink {

// A turn of the plane around its origin, by less than a right angle.
struct Turn {
  float cos = 1, sin = 0;

  // That by which lines of this slope (y by x, y downwards) come to lie level.
  static Turn levelling(float slope);

  // Where the middle of a box of what was turned had been, the box itself as it is.
  Box back(const Box& box) const;
};

Strokes turned(const Strokes& strokes, const Turn& turn);
// The ink of a sheet's components, turned, in components anew; empty where it would take more than
// kMostPlaces.
Layout turned(const Layout& sheet, const Turn& turn);

}  // namespace longhand::ink
