#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace longhand::ink {

// Eight-bit grey levels, rows from the top, no padding: pixels[y * width + x].
struct GreyImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;

  GreyImage() = default;
  GreyImage(int w, int h, std::uint8_t value = 0)
      : width(w),
        height(h),
        pixels(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), value) {}

  bool empty() const { return pixels.empty(); }
  std::uint8_t at(int x, int y) const { return pixels[index(x, y)]; }
  std::uint8_t& at(int x, int y) { return pixels[index(x, y)]; }
  bool operator==(const GreyImage&) const = default;

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
};

// The darkest and the lightest of its levels. REQUIRES: some pixels.
inline std::pair<std::uint8_t, std::uint8_t> extremes_of(const GreyImage& image) {
  std::uint8_t darkest = 255, lightest = 0;
  for (const std::uint8_t level : image.pixels) {
    darkest = std::min(darkest, level);
    lightest = std::max(lightest, level);
  }
  return {darkest, lightest};
}

// A picture from outside, as `picture` hands it over: luma as displayed (0 black, 255 white) and,
// where it had transparent pixels, their opacity (0 clear, 255 opaque) in a plane of the same size.
// The grey of clear pixels means nothing; `ink` decides what they stand for.
struct Raster {
  GreyImage grey;
  GreyImage alpha;  // empty when every pixel is opaque
};

// A rectangle in the pixels or board units of what was read.
struct Box {
  float x = 0;
  float y = 0;
  float w = 0;
  float h = 0;
  float right() const { return x + w; }
  float bottom() const { return y + h; }
  bool operator==(const Box&) const = default;
};

// The smallest box around both.
inline Box hull(const Box& a, const Box& b) {
  const float x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.right(), b.right()) - x, std::max(a.bottom(), b.bottom()) - y};
}

}  // namespace longhand::ink
