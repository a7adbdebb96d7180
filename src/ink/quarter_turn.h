#pragma once

#include "ink/image.h"

namespace longhand::ink {

// A picture turned clockwise by so many quarters of a circle, exactly. REQUIRES: 0 to 3.
Raster quarter_turned(const Raster& raster, int quarters);

// Where a box of the turned picture lies on the one that was turned, which is as large as said.
Box before_quarter_turn(const Box& box, int quarters, int width, int height);

}  // namespace longhand::ink
