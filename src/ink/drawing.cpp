#include "ink/drawing.h"

#include <algorithm>

#include "ink/rasterize.h"

namespace longhand::ink {

GreyImage draw_fitted(const Strokes& strokes, int side, float margin, float line) {
  const Box box = bounds(strokes);
  const float whole = static_cast<float>(side);
  // A single dot has no size of its own.
  const float longest = std::max({box.w, box.h, 1e-6F});
  const float scale = (whole - 2 * margin) / longest;
  Strokes fitted = strokes;
  for (Stroke& stroke : fitted.strokes) {
    for (Point& point : stroke) {
      point.x = (point.x - box.x - box.w / 2) * scale + whole / 2;
      point.y = (point.y - box.y - box.h / 2) * scale + whole / 2;
    }
  }
  return rasterize(fitted, side, side, {.width = line});
}

}  // namespace longhand::ink
