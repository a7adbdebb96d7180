#pragma once

#include <algorithm>
#include <vector>

#include "ink/plane.h"

namespace longhand::ink {

// Places that hang together, sides or corners touching.
struct Component {
  int area = 0;                        // in places
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;  // the box around them, inclusive
  int outline = 0;                     // the sides of its places that none of it lies beside
  int width() const { return x1 - x0 + 1; }
  int height() const { return y1 - y0 + 1; }
  int extent() const { return std::max(width(), height()); }
};

// The components of places with at least `inked` coverage, in the order in which rows from the top
// meet them. `labels` becomes a grid of coverage's size: 0 is paper, n + 1 is components[n].
std::vector<Component> label_components(const Plane& coverage, float inked, Grid<int>& labels);

// About how thick the strokes of each component are, in places: twice its area by the length of its
// outline.
std::vector<double> thickness_of(const std::vector<Component>& components);

}  // namespace longhand::ink
