#include "ink/masks.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace longhand::ink {

Mask complement(Mask mask) {
  for (std::uint8_t& v : mask.values) v = v ? 0 : 1;
  return mask;
}

Mask turned(const Mask& mask) {
  Mask result(mask.height, mask.width);
  const int width = mask.width;
  for (int y = 0; y < mask.height; ++y) {
    const std::uint8_t* row = mask.row(y);
    for (int x = next_place(row, 0, width, true); x < width; x = next_place(row, x, width, true)) {
      for (; x < width && row[x]; ++x) result.at(y, x) = 1;
    }
  }
  return result;
}

Mask grown(Mask mask, float by) {
  // distance_to() tells no distance beyond kReach.
  constexpr float kMost = kReach - 1;
  for (; by > kMost; by -= kMost) mask = grown(std::move(mask), kMost);
  const Plane distance = distance_to(mask);
  for (std::size_t i = 0; i < mask.size(); ++i) mask.values[i] = distance.values[i] <= by ? 1 : 0;
  return mask;
}

Mask shrunk(const Mask& mask, float by) {
  return complement(grown(complement(mask), by));
}

}  // namespace longhand::ink
