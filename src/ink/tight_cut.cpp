#include "ink/tight_cut.h"

#include <algorithm>

namespace longhand::ink {
namespace {

constexpr int kOneLevel = 16;         // grey levels that count as the same
constexpr int kLeastApart = 64;       // grey levels between the two
constexpr double kLeastTwo = 0.7;     // of the pixels, of both levels together,
constexpr double kLeastRarer = 0.15;  // of the rarer one alone,
constexpr double kLeastOfRim = 0.12;  // and of the rim, of each
constexpr int kLargest = 512;         // pixels a side; larger ones are no cuts

}  // namespace

std::optional<Raster> with_paper_around(const Raster& raster) {
  const GreyImage& grey = raster.grey;
  if (grey.empty() || !raster.alpha.empty() || std::max(grey.width, grey.height) > kLargest)
    return std::nullopt;
  const auto [low, high] = std::minmax_element(grey.pixels.begin(), grey.pixels.end());
  const int dark = *low, light = *high;
  if (light - dark < kLeastApart) return std::nullopt;
  double darks = 0, lights = 0, rim = 0, rim_darks = 0, rim_lights = 0;
  for (int y = 0; y < grey.height; ++y) {
    for (int x = 0; x < grey.width; ++x) {
      const bool is_dark = grey.at(x, y) <= dark + kOneLevel;
      const bool is_light = grey.at(x, y) >= light - kOneLevel;
      darks += is_dark ? 1 : 0, lights += is_light ? 1 : 0;
      if (x > 0 && y > 0 && x < grey.width - 1 && y < grey.height - 1) continue;
      rim += 1, rim_darks += is_dark ? 1 : 0, rim_lights += is_light ? 1 : 0;
    }
  }
  const auto all = static_cast<double>(grey.pixels.size());
  if (darks + lights < kLeastTwo * all || std::min(darks, lights) < kLeastRarer * all ||
      std::min(rim_darks, rim_lights) < kLeastOfRim * rim)
    return std::nullopt;
  const int margin = 1 + std::max(grey.width, grey.height) / 8;
  Raster result;
  result.grey = GreyImage(grey.width + 2 * margin, grey.height + 2 * margin,
                          static_cast<std::uint8_t>(darks < lights ? dark : light));
  for (int y = 0; y < grey.height; ++y) {
    for (int x = 0; x < grey.width; ++x) result.grey.at(x + margin, y + margin) = grey.at(x, y);
  }
  return result;
}

}  // namespace longhand::ink
