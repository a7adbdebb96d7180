#include "picture/tones.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cstdlib>
#include <random>
#include <vector>

namespace longhand::picture {
namespace {

// Writing of one colour on another, one column in twenty, and grain in each channel by itself.
Tones written(Color ink, Color paper, int grain = 0) {
  std::mt19937 random(1);
  const auto grained = [&](std::uint8_t value) {
    const int by =
        grain > 0 ? static_cast<int>(random() % static_cast<unsigned>(2 * grain + 1)) - grain : 0;
    return static_cast<std::uint8_t>(std::clamp(value + by, 0, 255));
  };
  std::vector<Color> pixels(200 * 100);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const Color color = i % 80 < 4 ? ink : paper;
    pixels[i] = {grained(color.red), grained(color.green), grained(color.blue)};
  }
  return tones_of(200, 100,
                  [&](int x, int y) { return pixels[static_cast<std::size_t>(200 * y + x)]; });
}

int contrast(const Tones& tones, Color a, Color b) {
  return std::abs(tones.of(a) - tones.of(b));
}

TEST(Tones, AreLumaWhereThatTellsInkFromPaper) {
  const Color white{255, 255, 255}, black{0, 0, 0};
  for (const Color ink : {black, Color{0, 0, 255}, Color{200, 30, 30}, Color{255, 180, 0}}) {
    EXPECT_EQ(written(ink, white), Tones());
  }
  EXPECT_EQ(written({90, 90, 90}, {92, 92, 92}), Tones()) << "no colours at all";
  EXPECT_EQ(written({90, 93, 90}, {92, 92, 92}), Tones()) << "that is noise";
  EXPECT_EQ(written(white, white), Tones());
  EXPECT_EQ(Colors().tones(), Tones());
}

TEST(Tones, TellColoursOfOneLumaApart) {
  const Color pairs[][2] = {{{200, 0, 0}, {0, 102, 0}},
                            {{255, 0, 0}, {76, 76, 76}},
                            {{0, 130, 0}, {255, 0, 0}},
                            {{128, 0, 160}, {100, 60, 20}}};
  for (const auto& [ink, paper] : pairs) {
    for (const int grain : {0, 10}) {
      const Tones tones = written(ink, paper, grain);
      EXPECT_LT(contrast(Tones(), ink, paper), 13);
      EXPECT_GT(contrast(tones, ink, paper), 60);
    }
  }
}

TEST(Tones, ClearPixelsHaveNone) {
  const auto sticker = [](int x, int y) -> std::optional<Color> {
    if (x < 50 || x >= 150 || y < 25 || y >= 75) return std::nullopt;
    return x % 20 < 4 ? Color{200, 0, 0} : Color{0, 102, 0};
  };
  EXPECT_GT(contrast(tones_of(200, 100, sticker), {200, 0, 0}, {0, 102, 0}), 60);
  const auto nothing = [](int, int) -> std::optional<Color> { return std::nullopt; };
  EXPECT_EQ(tones_of(200, 100, nothing), Tones());
}

TEST(Tones, LookAtSomePixelsOfALargePicture) {
  int looked = 0;
  const Tones tones = tones_of(4000, 3000, [&](int x, int y) {
    ++looked;
    EXPECT_TRUE(x < 4000 && y < 3000);
    return x % 100 < 7 ? Color{200, 0, 0} : Color{0, 102, 0};
  });
  EXPECT_LE(looked, 2 * 256 * 256);
  EXPECT_GT(contrast(tones, {200, 0, 0}, {0, 102, 0}), 60);
}

}  // namespace
}  // namespace longhand::picture
