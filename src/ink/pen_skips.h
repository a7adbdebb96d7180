#pragma once

#include "ink/plane.h"

namespace longhand::ink {

// Where a pen skipped: short gaps with ink before and behind them that goes on straight for a
// while, as strokes do along their way. `pixel` is the size of a glyph pixel in the plane's places.
// The result is of the plane's size, set where ink is missing, and empty (0x0) where none is. It
// errs towards too much: sharp corners, and holes hardly larger than a gap, are filled a little as
// well, so a glyph mended so is one to try, not one to prefer.
Mask find_pen_skips(const Plane& coverage, float pixel);

}  // namespace longhand::ink
