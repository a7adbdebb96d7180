#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace longhand::ink {

// Numbers on a grid, rows from the top: the working form of the steps inside `ink`.
// All arithmetic on them is plain IEEE + - * / and sqrt, so that every target gives the same bits.
template <typename T>
struct Grid {
  int width = 0;
  int height = 0;
  std::vector<T> values;

  Grid() = default;
  Grid(int w, int h, T value = T{})
      : width(w),
        height(h),
        values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), value) {}

  std::size_t size() const { return values.size(); }
  const T* row(int y) const { return values.data() + offset(y); }
  T* row(int y) { return values.data() + offset(y); }
  T at(int x, int y) const { return row(y)[x]; }
  T& at(int x, int y) { return row(y)[x]; }

 private:
  std::size_t offset(int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
  }
};

using Plane = Grid<float>;
using Mask = Grid<std::uint8_t>;  // 0 or 1

// The first place of a mask's row from `from` on that is set, or is not; `width` where none is.
// What is passed over is so in long strides.
inline int next_place(const std::uint8_t* row, int from, int width, bool set) {
  const void* found = std::memchr(row + from, set ? 1 : 0, static_cast<std::size_t>(width - from));
  return found != nullptr ? static_cast<int>(static_cast<const std::uint8_t*>(found) - row) : width;
}

// For each place the Euclidean distance to the nearest set place of the mask, in grid steps, exact
// up to kReach and kReach beyond: strokes and edges need no more, and a bounded window is quick.
inline constexpr float kReach = 12;
Plane distance_to(const Mask& mask);

// The largest value within `radius` steps in x and y (a square window). No value may be negative.
Plane local_maximum(const Plane& plane, int radius);

// Smoothing by [1 2 1] / 4 in x and in y, edges repeated.
Plane smooth(const Plane& plane);

// Value between the grid's places by bilinear interpolation; (0, 0) is the centre of the first
// place; outside it the nearest edge's value.
float sample_bilinear(const Plane& plane, float x, float y);

}  // namespace longhand::ink
