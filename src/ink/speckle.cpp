#include "ink/speckle.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "ink/plane.h"

namespace longhand::ink {
namespace {

// Shares of the picture's range of levels.
constexpr float kUnlike = 0.35F;  // less difference is alike
constexpr float kOff = 0.4F;      // off the median, to be replaced
constexpr float kLonely = 0.5F;   // off the median, to be counted
// From which on lonely pixels are speckle: MNIST's clean pictures have 4 of 784 at the very most,
// and with every sixth pixel hit 7 at the least.
constexpr double kSpeckled = 0.0065;
constexpr int kLeastLonely = 5;
constexpr int kMostAlike = 3;  // neighbours, of what is replaced

class Neighbourhood {
 public:
  Neighbourhood(const GreyImage& image, int unlike) : image_(image), unlike_(unlike) {}

  // Of the eight around the pixel, counted up to `most`; the rim's pixels are repeated past it.
  int alike(int x, int y, int most) const {
    const int own = at(x, y);
    int count = 0;
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        if (dx == 0 && dy == 0) continue;
        if (std::abs(at(x + dx, y + dy) - own) < unlike_ && ++count == most) return count;
      }
    }
    return count;
  }

  int median(int x, int y) const {
    std::array<std::uint8_t, 9> values{};
    auto next = values.begin();
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) *next++ = static_cast<std::uint8_t>(at(x + dx, y + dy));
    }
    std::nth_element(values.begin(), values.begin() + 4, values.end());
    return values[4];
  }

  int at(int x, int y) const {
    return image_.at(std::clamp(x, 0, image_.width - 1), std::clamp(y, 0, image_.height - 1));
  }

 private:
  const GreyImage& image_;
  int unlike_;
};

// Which pixels of a row are unlike the one before.
void mark_steps(const std::uint8_t* row, int width, int unlike, std::uint8_t* steps) {
  const auto least = static_cast<std::uint8_t>(unlike);
  for (int x = 1; x < width; ++x) {
    const auto step =
        static_cast<std::uint8_t>(std::max(row[x - 1], row[x]) - std::min(row[x - 1], row[x]));
    steps[x] = step >= least ? 1 : 0;
  }
}

}  // namespace

std::optional<GreyImage> without_speckle(const GreyImage& image) {
  if (image.empty()) return std::nullopt;
  const auto [least, most] = extremes_of(image);
  const auto range = static_cast<float>(most - least);
  const int unlike = std::max(1, static_cast<int>(kUnlike * range));
  const Neighbourhood around(image, unlike);
  int lonely = 0;
  std::vector<std::uint8_t> steps(static_cast<std::size_t>(image.width));
  for (int y = 0; y < image.height; ++y) {
    // Nearly every pixel is like the one before it.
    mark_steps(&image.pixels[steps.size() * static_cast<std::size_t>(y)], image.width, unlike,
               steps.data());
    for (int x = 0; x < image.width; x = next_place(steps.data(), x + 1, image.width, true)) {
      if (around.alike(x, y, 1) != 0) continue;
      // The soft edge of a thin line is like neither side, but not far off both.
      const int off = std::abs(around.at(x, y) - around.median(x, y));
      lonely += static_cast<float>(off) > kLonely * range ? 1 : 0;
    }
  }
  if (lonely < kLeastLonely || lonely < kSpeckled * static_cast<double>(image.pixels.size()))
    return std::nullopt;
  GreyImage clean = image;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (around.alike(x, y, kMostAlike + 1) > kMostAlike) continue;
      const int median = around.median(x, y);
      if (static_cast<float>(std::abs(around.at(x, y) - median)) > kOff * range)
        clean.at(x, y) = static_cast<std::uint8_t>(median);
    }
  }
  return clean;
}

}  // namespace longhand::ink
