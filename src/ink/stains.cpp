#include "ink/stains.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <vector>

#include "ink/find_ink.h"
#include "ink/ink_map.h"
#include "ink/plane.h"

namespace longhand::ink {
namespace {

constexpr float kFaintest = 0.1F;  // coverage; less is paper in any case,
constexpr double kNoise = 4;       // and so is what is less than so many deviations of its noise
constexpr double kFullest = 0.95;  // of what is no paper is fainter than full ink
constexpr float kFaint = 0.5F;     // of that; more is no stain,
constexpr float kInk = 0.6F;       // and this much is ink for sure
constexpr int kEdge = 2;           // places around that which its soft edge may take up
constexpr double kFew = 0.15;      // stains to full ink, in places: fewer don't count
constexpr double kMost = 0.95;     // of the stains lie under the level
constexpr float kAbove = 0.12F;    // of the way to the ink: noise, and rules under a stain

// The places within kEdge of ink.
Mask near_ink(const Plane& coverage, float ink) {
  Mask near(coverage.width, coverage.height);
  for (int y = 0; y < coverage.height; ++y) {
    for (int x = 0; x < coverage.width; ++x) {
      if (coverage.at(x, y) < ink) continue;
      for (int ny = std::max(0, y - kEdge); ny <= std::min(coverage.height - 1, y + kEdge); ++ny) {
        for (int nx = std::max(0, x - kEdge); nx <= std::min(coverage.width - 1, x + kEdge); ++nx)
          near.at(nx, ny) = 1;
      }
    }
  }
  return near;
}

// That value of those, of which there must be some, under which such a share of them lies.
float quantile(std::vector<float> values, double share) {
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

// Coverage of stains at most, and of full ink.
struct Levels {
  float stains, ink;
};

// nullopt where there are no stains to speak of.
std::optional<Levels> levels_of(const InkMap& map) {
  const Plane& coverage = map.overview();
  const float least =
      std::max(kFaintest, static_cast<float>(kNoise * map.noise() / map.contrast()));
  std::vector<float> seen;
  std::copy_if(coverage.values.begin(), coverage.values.end(), std::back_inserter(seen),
               [&](float c) { return c >= least; });
  if (seen.empty()) return std::nullopt;
  // Where there is more of stains than of ink, the map takes them for a good part of it.
  const float full = std::max(1.0F, quantile(std::move(seen), kFullest));
  const Mask near = near_ink(coverage, kInk * full);
  std::vector<float> stains;
  double ink = 0;
  for (std::size_t i = 0; i < coverage.size(); ++i) {
    const float c = coverage.values[i];
    if (c >= kInk * full) ink += 1;
    if (!near.values[i] && c >= least && c < kFaint * full) stains.push_back(c);
  }
  if (stains.empty() || static_cast<double>(stains.size()) < kFew * ink) return std::nullopt;
  const float most = quantile(std::move(stains), kMost);
  return Levels{most + kAbove * (full - most), full};
}

}  // namespace

std::optional<Raster> without_stains(const Raster& raster) {
  if (raster.grey.pixels.size() > kMostStained) return std::nullopt;
  const std::optional<InkMap> map = InkMap::of(raster, InkSteps::ink2().paper);
  if (!map) return std::nullopt;
  const std::optional<Levels> levels = levels_of(*map);
  if (!levels) return std::nullopt;
  Raster clean;
  clean.grey = GreyImage(raster.grey.width, raster.grey.height);
  constexpr int kStrip = 64;  // rows at a time, so that a plane of floats stays small
  for (int top = 0; top < clean.grey.height; top += kStrip) {
    const int rows = std::min(kStrip, clean.grey.height - top);
    const Plane coverage = map->coverage(0, top, clean.grey.width, rows, 1);
    for (int y = 0; y < rows; ++y) {
      for (int x = 0; x < clean.grey.width; ++x) {
        const float ink = (coverage.at(x, y) - levels->stains) / (levels->ink - levels->stains);
        clean.grey.at(x, top + y) =
            static_cast<std::uint8_t>(std::lround(255 * std::clamp(ink, 0.0F, 1.0F)));
      }
    }
  }
  return clean;
}

}  // namespace longhand::ink
