#include "ink/quarter_turn.h"

namespace longhand::ink {
namespace {

GreyImage turned_once(const GreyImage& image) {
  GreyImage result(image.height, image.width);
  for (int y = 0; y < result.height; ++y) {
    for (int x = 0; x < result.width; ++x) result.at(x, y) = image.at(y, image.height - 1 - x);
  }
  return result;
}

}  // namespace

Raster quarter_turned(const Raster& raster, int quarters) {
  Raster result = raster;
  for (int i = 0; i < quarters; ++i) {
    result.grey = turned_once(result.grey);
    if (!result.alpha.empty()) result.alpha = turned_once(result.alpha);
  }
  return result;
}

Box before_quarter_turn(const Box& box, int quarters, int width, int height) {
  const auto w = static_cast<float>(width), h = static_cast<float>(height);
  switch (quarters) {
    case 1:
      return {box.y, h - box.right(), box.h, box.w};
    case 2:
      return {w - box.right(), h - box.bottom(), box.w, box.h};
    case 3:
      return {w - box.bottom(), box.x, box.h, box.w};
    default:
      return box;
  }
}

}  // namespace longhand::ink
