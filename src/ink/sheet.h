#pragma once

#include "ink/plane.h"

namespace longhand::ink {

// A part of a plane: places from (x0, y0) up to but not (x1, y1).
struct Part {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  int width() const { return x1 - x0; }
  int height() const { return y1 - y0; }
  bool operator==(const Part&) const = default;
};

// The sheet of paper in a scan or photo: all of `grey` (0..255), less the even margins on any side
// past the paper's edge, such as a scanner's black bed. A side is a margin where lines of one level
// end at a straight edge, and what lies within is of another level nearly everywhere: writing on
// paper never fills its box so. The edge itself, which mixes both, is left out too.
Part find_sheet(const Plane& grey);

Plane cut(const Plane& plane, const Part& part);

}  // namespace longhand::ink
