#pragma once

#include <vector>

#include "ink/plane.h"

namespace longhand::ink {

// A way from the top of a shape to its bottom, along which it may be cut in two.
struct Seam {
  std::vector<int> x;  // for each row the first place of the right part
  float ink = 0;       // how much lies on the way, in places
};

// Where a shape may be two that touch: the ways that go through little ink, from left to right, no
// two of them with next to nothing between. `ink` is the shape alone (0 paper, 1 ink); `height` the
// usual height of a glyph in places. At most kMostSeams. The cost is in proportion to the plane's
// places times the height.
inline constexpr std::size_t kMostSeams = 24;
std::vector<Seam> find_seams(const Plane& ink, float height);

}  // namespace longhand::ink
