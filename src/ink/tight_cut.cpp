#include "ink/tight_cut.h"

#include <algorithm>

namespace longhand::ink {
namespace {

// What makes a picture one of two levels.
struct TwoLevels {
  int one;              // grey levels that count as the same
  double least_both;    // of the pixels, of both levels together,
  double least_of_rim;  // and of the rim, of each
};
constexpr TwoLevels kTwoLevels{16, 0.7, 0.12};
constexpr int kFew = 32;  // pixels a side; such a picture's are of both levels wherever an edge is
constexpr TwoLevels kTwoLevelsOfFew{64, 0.6, 0.08};
constexpr double kLeastRarer = 0.15;  // of the pixels, of the rarer level
constexpr int kLeastApart = 64;       // grey levels between the two
constexpr int kLargest = 512;         // pixels a side; larger ones are no cuts

GreyImage framed(const GreyImage& grey, std::uint8_t level) {
  const int margin = 1 + std::max(grey.width, grey.height) / 8;
  GreyImage result(grey.width + 2 * margin, grey.height + 2 * margin, level);
  for (int y = 0; y < grey.height; ++y) {
    for (int x = 0; x < grey.width; ++x) result.at(x + margin, y + margin) = grey.at(x, y);
  }
  return result;
}

}  // namespace

std::vector<Raster> with_paper_around(const Raster& raster) {
  const GreyImage& grey = raster.grey;
  if (grey.empty() || !raster.alpha.empty() || std::max(grey.width, grey.height) > kLargest)
    return {};
  const auto [low, high] = std::minmax_element(grey.pixels.begin(), grey.pixels.end());
  const int dark = *low, light = *high;
  const TwoLevels two = std::max(grey.width, grey.height) <= kFew ? kTwoLevelsOfFew : kTwoLevels;
  if (light - dark < kLeastApart) return {};
  double darks = 0, lights = 0, rim = 0, rim_darks = 0, rim_lights = 0;
  for (int y = 0; y < grey.height; ++y) {
    for (int x = 0; x < grey.width; ++x) {
      const bool is_dark = grey.at(x, y) <= dark + two.one;
      const bool is_light = grey.at(x, y) >= light - two.one;
      darks += is_dark ? 1 : 0, lights += is_light ? 1 : 0;
      if (x > 0 && y > 0 && x < grey.width - 1 && y < grey.height - 1) continue;
      rim += 1, rim_darks += is_dark ? 1 : 0, rim_lights += is_light ? 1 : 0;
    }
  }
  const auto all = static_cast<double>(grey.pixels.size());
  if (darks + lights < two.least_both * all || std::min(darks, lights) < kLeastRarer * all ||
      std::min(rim_darks, rim_lights) < two.least_of_rim * rim)
    return {};
  const int rarer = darks < lights ? dark : light;
  std::vector<Raster> results;
  for (const int paper : {rarer, dark + light - rarer})
    results.push_back({framed(grey, static_cast<std::uint8_t>(paper)), {}});
  return results;
}

}  // namespace longhand::ink
