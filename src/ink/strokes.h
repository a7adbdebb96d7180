#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "base/result.h"
#include "ink/image.h"

namespace longhand::ink {

// One place of the pen. Any unit, y downwards; time in milliseconds from any start; pressure 0 to 1.
// Time and pressure are NaN where the device gave none.
struct Point {
  float x = 0;
  float y = 0;
  float t = std::numeric_limits<float>::quiet_NaN();
  float pressure = std::numeric_limits<float>::quiet_NaN();
};

using Stroke = std::vector<Point>;

// What a pen wrote, pen-down to pen-up. Empty strokes are allowed and mean nothing.
struct Strokes {
  std::vector<Stroke> strokes;
};

// What strokes from outside must keep to.
struct StrokeLimits {
  std::size_t max_strokes = 2'000;
  std::size_t max_points = 50'000;  // over all strokes
  float max_coordinate = 1e6F;       // of |x| and |y|
};

// Refuses, with kInvalidStrokes or kTooLarge and the place of the fault, strokes over the limits or
// with coordinates that are no finite numbers. To be called on all strokes from outside.
Result<void> check(const Strokes& strokes, const StrokeLimits& limits = {});

// The smallest box around all points (zero-sized for one point); all zero when there are none.
Box bounds(const Strokes& strokes);

}  // namespace longhand::ink
