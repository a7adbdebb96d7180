#pragma once

#include "ink/plane.h"

namespace longhand::ink {

// A wavy line across the writing, as something is struck out with or underlined: the shortest way
// through ink from its left end to its right, where that goes up and down again and again and is no
// wider than a pen makes it. Strokes that cross the line go on through it. `pixel` is the size of a
// glyph pixel in the plane's places. The result is of the plane's size, set on the line, and empty
// (0x0) where there is none. Straight lines are printed_lines.h's. Pure and thread-safe.
Mask find_wavy_line(const Plane& coverage, float pixel);

}  // namespace longhand::ink
