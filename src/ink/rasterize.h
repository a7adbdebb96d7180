#pragma once

#include "ink/image.h"
#include "ink/strokes.h"

namespace longhand::ink {

// A round brush.
struct Brush {
  float width = 2;             // diameter in pixels at full pressure
  float hardness = 1;          // 1: an edge one pixel wide; 0: fading from the middle
  bool uses_pressure = false;  // width times pressure, never under a quarter of it
};

// Draws the strokes, in pixel units with (0, 0) the corner of the first pixel, as white (255) ink
// on black (0), anti-aliased. The strokes must have passed check(). Width and height in 1..8192.
GreyImage rasterize(const Strokes& strokes, int width, int height, const Brush& brush);

}  // namespace longhand::ink
