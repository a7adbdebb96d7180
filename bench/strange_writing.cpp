// Glyphs whose ink is more, or other, than the glyph: what a further look is for.

#include <algorithm>
#include <random>

#include "hostile_paper.h"
#include "ink/rasterize.h"

namespace longhand::bench {
namespace {

using ink::GreyImage;

constexpr int kFiner = 4;  // pixels of these pictures to one of the glyph's

float uniform(std::mt19937_64& random, float low, float high) {
  // Not std::uniform_real_distribution, which differs between libraries.
  return low + (high - low) * static_cast<float>(random() >> 40) * 0x1.0p-24F;
}

GreyImage finer(const GreyImage& glyph) {
  GreyImage result(glyph.width * kFiner, glyph.height * kFiner);
  const auto at = [&](int x, int y) {
    return static_cast<float>(
        glyph.at(std::clamp(x, 0, glyph.width - 1), std::clamp(y, 0, glyph.height - 1)));
  };
  for (int y = 0; y < result.height; ++y) {
    const float v = (static_cast<float>(y) + 0.5F) / kFiner + 0.5F;
    const int j = static_cast<int>(v);
    const float fy = v - static_cast<float>(j);
    for (int x = 0; x < result.width; ++x) {
      const float u = (static_cast<float>(x) + 0.5F) / kFiner + 0.5F;
      const int i = static_cast<int>(u);
      const float fx = u - static_cast<float>(i);
      const float above = at(i - 1, j - 1) * (1 - fx) + at(i, j - 1) * fx;
      const float below = at(i - 1, j) * (1 - fx) + at(i, j) * fx;
      result.at(x, y) = static_cast<std::uint8_t>(above * (1 - fy) + below * fy + 0.5F);
    }
  }
  return result;
}

// A band from rim to rim, at least a sixth of the picture broad, with light and dark exchanged.
GreyImage dark_bar(const GreyImage& glyph, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  GreyImage picture = finer(glyph);
  const bool columns = random() % 2 == 0;
  const int side = columns ? picture.width : picture.height;
  const int from = static_cast<int>(uniform(random, 0, 0.75F) * static_cast<float>(side));
  const int to = static_cast<int>(
      uniform(random, static_cast<float>(from + side / 6), static_cast<float>(side)));
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const int place = columns ? x : y;
      if (place < from || place >= to)
        picture.at(x, y) = static_cast<std::uint8_t>(255 - picture.at(x, y));
    }
  }
  return picture;
}

// A thin pen's line over it, from somewhere to somewhere.
GreyImage crossed(const GreyImage& glyph, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  GreyImage picture = finer(glyph);
  const auto side = static_cast<float>(picture.width);
  const auto anywhere = [&] {
    return ink::Point{uniform(random, 0, side), uniform(random, 0, side)};
  };
  const ink::Point a = anywhere(), b = anywhere(), c = anywhere();
  ink::Stroke stroke;
  for (int i = 0; i <= 24; ++i) {  // a quadratic Bezier curve
    const float t = static_cast<float>(i) / 24;
    const float p = (1 - t) * (1 - t), q = 2 * t * (1 - t), r = t * t;
    stroke.push_back({p * a.x + q * b.x + r * c.x, p * a.y + q * b.y + r * c.y});
  }
  const GreyImage line = ink::rasterize({{stroke}}, picture.width, picture.height,
                                        {.width = uniform(random, 1.1F, 1.9F) * kFiner});
  for (std::size_t i = 0; i < picture.pixels.size(); ++i)
    picture.pixels[i] =
        static_cast<std::uint8_t>(255 - std::max(picture.pixels[i], line.pixels[i]));
  return picture;
}

// Only the edges of its strokes drawn.
GreyImage outlined(const GreyImage& glyph, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const GreyImage solid = finer(glyph);
  const int reach = 1 + static_cast<int>(random() % 2);
  GreyImage picture(solid.width, solid.height, 255);
  for (int y = reach; y < solid.height - reach; ++y) {
    for (int x = reach; x < solid.width - reach; ++x) {
      int least = 255, most = 0;
      for (int dy = -reach; dy <= reach; ++dy) {
        for (int dx = -reach; dx <= reach; ++dx) {
          if (dx * dx + dy * dy > reach * reach) continue;
          least = std::min<int>(least, solid.at(x + dx, y + dy));
          most = std::max<int>(most, solid.at(x + dx, y + dy));
        }
      }
      if (least < 128 && most >= 128) picture.at(x, y) = 0;
    }
  }
  return picture;
}

}  // namespace

const std::vector<Condition>& strange_conditions() {
  static const std::vector<Condition> all = {
      {"across a dark bar", dark_bar},
      {"a line over it", crossed},
      {"outlined", outlined},
  };
  return all;
}

}  // namespace longhand::bench
