#include "ink/strokes.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace longhand::ink {

Result<void> check(const Strokes& strokes, const StrokeLimits& limits) {
  if (strokes.strokes.size() > limits.max_strokes) {
    return fail(ErrorCode::kTooLarge, std::to_string(strokes.strokes.size()) +
                                          " strokes; at most " +
                                          std::to_string(limits.max_strokes) + " are taken");
  }
  std::size_t points = 0;
  for (std::size_t s = 0; s < strokes.strokes.size(); ++s) {
    points += strokes.strokes[s].size();
    if (points > limits.max_points) {
      return fail(ErrorCode::kTooLarge,
                  "more than " + std::to_string(limits.max_points) +
                      " points in all strokes together, which is the limit");
    }
    for (std::size_t p = 0; p < strokes.strokes[s].size(); ++p) {
      const Point& point = strokes.strokes[s][p];
      // Written so that a NaN fails too.
      if (std::abs(point.x) <= limits.max_coordinate && std::abs(point.y) <= limits.max_coordinate) {
        continue;
      }
      return fail(ErrorCode::kInvalidStrokes,
                  "point " + std::to_string(p) + " of stroke " + std::to_string(s) +
                      " has a coordinate that is not a number between -1000000 and 1000000");
    }
  }
  return {};
}

Box bounds(const Strokes& strokes) {
  bool any = false;
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  for (const Stroke& stroke : strokes.strokes) {
    for (const Point& p : stroke) {
      if (!any) x0 = x1 = p.x, y0 = y1 = p.y, any = true;
      x0 = std::min(x0, p.x), x1 = std::max(x1, p.x);
      y0 = std::min(y0, p.y), y1 = std::max(y1, p.y);
    }
  }
  return {x0, y0, x1 - x0, y1 - y0};
}

}  // namespace longhand::ink
