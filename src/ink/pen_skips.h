#pragma once

#include "ink/plane.h"

namespace longhand::ink {

// Where a pen skipped: short gaps with ink before and behind them that goes on straight for a
// while, as strokes do along their way, and with paper at both their ends, which corners, loops and
// the space between two strokes don't have. `pixel` is the size of a glyph pixel in the plane's
// places. The result is of the plane's size, set where ink is missing, and empty (0x0) where none
// is. On the inside of tight curves it may add a sliver.
Mask find_pen_skips(const Plane& coverage, float pixel);

}  // namespace longhand::ink
