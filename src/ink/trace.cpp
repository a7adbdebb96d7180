#include "ink/trace.h"

#include <algorithm>

namespace longhand::ink {

GreyImage picture_of(const Plane& plane, float full) {
  GreyImage image(plane.width, plane.height);
  for (std::size_t i = 0; i < plane.size(); ++i) {
    image.pixels[i] =
        static_cast<std::uint8_t>(std::clamp(plane.values[i] * full + 0.5F, 0.0F, 255.0F));
  }
  return image;
}

GreyImage picture_of(const Mask& mask) {
  GreyImage image(mask.width, mask.height);
  for (std::size_t i = 0; i < mask.size(); ++i) image.pixels[i] = mask.values[i] ? 255 : 0;
  return image;
}

}  // namespace longhand::ink
