#include "ink/ink_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace longhand::ink {
namespace {

constexpr double kLeastContrast = 10;  // grey levels; less is no ink
constexpr double kNoiseFactor = 4;     // ink is more than this many deviations off the paper
constexpr double kInked = 0.25;        // coverage from which a place may be ink: thin lines lie
                                       // between pixels and leave a part of their strength in each
constexpr double kInkedAtMost = 0.5;   // the same on noisy paper

// Averages k x k pixels of the part of the image from (x0, y0) on; places past the edges take the
// pixels that are there, and `outside` where there are none.
Plane reduce(const GreyImage& image, int x0, int y0, int width, int height, int k, float outside) {
  Plane plane(width, height, outside);
  for (int j = 0; j < height; ++j) {
    const int ya = std::max(0, y0 + j * k), yb = std::min(image.height, y0 + (j + 1) * k);
    for (int i = 0; i < width; ++i) {
      const int xa = std::max(0, x0 + i * k), xb = std::min(image.width, x0 + (i + 1) * k);
      if (xa >= xb || ya >= yb) continue;
      std::int64_t sum = 0;
      for (int y = ya; y < yb; ++y) {
        for (int x = xa; x < xb; ++x) sum += image.at(x, y);
      }
      plane.at(i, j) = static_cast<float>(sum) / static_cast<float>((xb - xa) * (yb - ya));
    }
  }
  return plane;
}

// What transparency means: where the opaque pixels are of one colour the opacity itself is the ink;
// otherwise the clear pixels are paper and take the opaque ones' median.
GreyImage flatten(const Raster& raster) {
  std::array<std::int64_t, 256> histogram{};
  std::int64_t opaque = 0;
  for (std::size_t i = 0; i < raster.alpha.pixels.size(); ++i) {
    if (raster.alpha.pixels[i] < 128) continue;
    ++histogram[raster.grey.pixels[i]];
    ++opaque;
  }
  if (opaque == 0) return GreyImage(raster.grey.width, raster.grey.height, 0);
  const auto quantile = [&](double q) {
    std::int64_t seen = 0;
    int level = 0;
    for (; level < 255; ++level) {
      seen += histogram[static_cast<std::size_t>(level)];
      if (static_cast<double>(seen) > q * static_cast<double>(opaque)) break;
    }
    return level;
  };
  if (quantile(0.95) - quantile(0.05) < 48) return raster.alpha;
  GreyImage image = raster.grey;
  const int paper = quantile(0.5);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const int a = raster.alpha.pixels[i];
    image.pixels[i] = static_cast<std::uint8_t>((image.pixels[i] * a + paper * (255 - a)) / 255);
  }
  return image;
}

int reduction_for(int size, int limit) { return (size + limit - 1) / limit; }

}  // namespace

InkMap::InkMap(const Raster& raster)
    : grey_(&raster.grey), flattened_(raster.alpha.empty() ? GreyImage() : flatten(raster)) {
  overview_step_ = reduction_for(std::max(width(), height()), kOverview);
  overview_ = reduce(image(), 0, 0, reduction_for(width(), overview_step_),
                     reduction_for(height(), overview_step_), overview_step_, 0);
}

std::optional<InkMap> InkMap::of(const Raster& raster) {
  if (raster.grey.empty()) return std::nullopt;
  InkMap map(raster);
  map.paper_ = fit_background(map.overview_);
  if (!map.weigh_ink()) return std::nullopt;
  map.turn_into_coverage(map.overview_, 0, 0, map.overview_step_);
  return map;
}

// Finds polarity and strength from the grey levels of the overview; false where nothing stands out.
bool InkMap::weigh_ink() {
  floor_ = std::max(kLeastContrast, kNoiseFactor * paper_.noise);
  std::vector<float> over, under;
  double over_energy = 0, under_energy = 0;
  for (int y = 0; y < overview_.height; ++y) {
    const double v = 2 * (y + 0.5) / overview_.height - 1;
    for (int x = 0; x < overview_.width; ++x) {
      const double u = 2 * (x + 0.5) / overview_.width - 1;
      const double difference = overview_.at(x, y) - paper_.at(u, v);
      if (std::abs(difference) < floor_) continue;
      (difference > 0 ? over : under).push_back(static_cast<float>(std::abs(difference)));
      (difference > 0 ? over_energy : under_energy) += difference * difference;
    }
  }
  if (over.empty() && under.empty()) return false;
  sign_ = over_energy >= under_energy ? 1 : -1;
  // Half of these lie on edges, where paper and ink mix; the mean of the upper half is the ink's.
  const std::vector<float>& ink = sign_ > 0 ? over : under;
  double mean = 0;
  for (const float d : ink) mean += d;
  mean /= static_cast<double>(ink.size());
  double sum = 0, count = 0;
  for (const float d : ink) {
    if (d >= mean) sum += d, count += 1;
  }
  strength_ = count > 0 ? sum / count : mean;
  return true;
}

float InkMap::inked() const {
  return static_cast<float>(std::clamp(floor_ / strength_, kInked, kInkedAtMost));
}

// Turns grey levels into coverage, the corner of the first place being pixel (x0, y0).
void InkMap::turn_into_coverage(Plane& plane, int x0, int y0, int step) const {
  for (int j = 0; j < plane.height; ++j) {
    const double v = 2 * (y0 + (j + 0.5) * step) / height() - 1;
    for (int i = 0; i < plane.width; ++i) {
      const double u = 2 * (x0 + (i + 0.5) * step) / width() - 1;
      const double difference = sign_ * (plane.at(i, j) - paper_.at(u, v));
      plane.at(i, j) = static_cast<float>(std::max(0.0, difference) / strength_);
    }
  }
}

Plane InkMap::coverage(int x0, int y0, int columns, int rows, int step) const {
  constexpr float kOutside = -1;  // no grey level
  Plane plane = reduce(image(), x0, y0, columns, rows, step, kOutside);
  std::vector<std::size_t> outside;
  for (std::size_t i = 0; i < plane.size(); ++i) {
    if (plane.values[i] == kOutside) outside.push_back(i);
  }
  turn_into_coverage(plane, x0, y0, step);
  for (const std::size_t i : outside) plane.values[i] = 0;
  return plane;
}

}  // namespace longhand::ink
