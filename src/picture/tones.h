#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace longhand::picture {

struct Color {
  std::uint8_t red = 0, green = 0, blue = 0;
};

// How a picture's colours become grey levels: weights of 65536ths.
struct Tones {
  // Luma by ITU-R BT.601 (0.299, 0.587, 0.114), which is also what a JPEG stores, rounded.
  std::int32_t red = 19595, green = 38470, blue = 7471, offset = 32768;

  constexpr std::uint8_t of(unsigned r, unsigned g, unsigned b) const {
    const std::int32_t sum = red * static_cast<std::int32_t>(r) +
                             green * static_cast<std::int32_t>(g) +
                             blue * static_cast<std::int32_t>(b) + offset;
    return static_cast<std::uint8_t>(std::clamp(sum >> 16, 0, 255));
  }
  constexpr std::uint8_t of(Color color) const { return of(color.red, color.green, color.blue); }
  bool operator==(const Tones&) const = default;
};

// The colours of a picture, to find out how they differ.
class Colors {
 public:
  // A pixel's colour and that of a neighbour: what two neighbours differ by is mostly grain.
  void add(Color color, Color beside) {
    const std::array<int, 3> value = {color.red, color.green, color.blue};
    const std::array<int, 3> change = {color.red - beside.red, color.green - beside.green,
                                       color.blue - beside.blue};
    ++count_;
    for (std::size_t i = 0; i < 3; ++i) {
      sums_[i] += value[i];
      for (std::size_t j = 0; j <= i; ++j) {
        products_[i][j] += value[i] * value[j];
        grain_[i][j] += change[i] * change[j];
      }
    }
  }

  // Luma; but where the colours hardly differ in it, as red on a green as dark, the direction in
  // which they differ most (their first principal component), lighter where luma is.
  Tones tones() const;

 private:
  using Sums = std::array<std::int64_t, 3>;
  using Products = std::array<Sums, 3>;  // of two channels, the first no less than the second

  std::int64_t count_ = 0;
  Sums sums_{};
  Products products_{}, grain_{};
};

// The tones of width x height pixels, of which some are looked at; color_at(x, y) is a pixel's
// colour, or nothing where it is clear.
template <typename ColorAt>
Tones tones_of(int width, int height, const ColorAt& color_at) {
  constexpr int kSide = 256;  // a grid of so many pixels at most each way
  const int across = (width + kSide - 1) / kSide, down = (height + kSide - 1) / kSide;
  Colors colors;
  for (int y = 0; y < height; y += down) {
    for (int x = 0; x < width; x += across) {
      const std::optional<Color> color = color_at(x, y);
      const std::optional<Color> beside = color_at(x > 0 ? x - 1 : std::min(1, width - 1), y);
      if (color && beside) colors.add(*color, *beside);
    }
  }
  return colors.tones();
}

}  // namespace longhand::picture
