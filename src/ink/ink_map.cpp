#include "ink/ink_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "ink/median.h"
#include "ink/reversed_bands.h"
#include "ink/speckle.h"
#include "ink/trace.h"

namespace longhand::ink {
namespace {

constexpr double kLeastContrast = 10;   // grey levels; less is no ink
constexpr double kNoiseFactor = 4;      // ink is more than this many deviations off the paper
constexpr double kInked = 0.25;         // coverage from which a place may be ink: thin lines lie
                                        // between pixels and leave a part of their strength in each
constexpr double kInkedAtMost = 0.5;    // the same on noisy paper
constexpr double kNoisy = 0.25;         // noise that comes to this share of the ink is smoothed
constexpr int kLocal = 6;               // strokes are thinner than 2 parts of so many of a sheet
constexpr int kTiny = 16;               // places a side; smaller ones have one paper
constexpr double kMostGain = 3;         // of ink in the shade
constexpr float kMostUnexplained = 30;  // grey levels that a place counts at most
constexpr double kCleanNoise = 0.5;     // grey levels; drawn by a program, or cleaned by one

const std::uint8_t* row_of(const GreyImage& image, int y) {
  return image.pixels.data() +
         static_cast<std::ptrdiff_t>(y) * static_cast<std::ptrdiff_t>(image.width);
}

// Averages k x k pixels of the part of the image from (x0, y0) on; places past the edges take the
// pixels that are there, and `outside` where there are none.
Plane reduce(const GreyImage& image, int x0, int y0, int width, int height, int k, float outside) {
  Plane plane(width, height, outside);
  const int left = std::max(0, x0), right = std::min(image.width, x0 + width * k);
  if (left >= right) return plane;
  if (k == 1) {
    for (int y = std::max(0, y0); y < std::min(image.height, y0 + height); ++y)
      std::copy_n(row_of(image, y) + left, right - left, plane.row(y - y0) + left - x0);
    return plane;
  }
  // Rows are added up whole, which vectorises, then cut into places.
  std::vector<std::uint32_t> columns(static_cast<std::size_t>(right - left));
  for (int j = 0; j < height; ++j) {
    const int ya = std::max(0, y0 + j * k), yb = std::min(image.height, y0 + (j + 1) * k);
    if (ya >= yb) continue;
    std::fill(columns.begin(), columns.end(), 0U);
    for (int y = ya; y < yb; ++y) {
      const std::uint8_t* row = row_of(image, y) + left;
      for (std::size_t x = 0; x < columns.size(); ++x) columns[x] += row[x];
    }
    for (int i = 0; i < width; ++i) {
      const int xa = std::max(0, x0 + i * k), xb = std::min(image.width, x0 + (i + 1) * k);
      if (xa >= xb) continue;
      std::int64_t sum = 0;
      for (int x = xa; x < xb; ++x) sum += columns[static_cast<std::size_t>(x - left)];
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

int reduction_for(int size, int limit) {
  return (size + limit - 1) / limit;
}

// Paper that is flat with no doubt, so that nothing on it is shade.
bool paper_is_clean(const Background& paper) {
  return paper.flat && paper.noise <= kCleanNoise;
}

Plane surface_of(const Background& paper, int width, int height) {
  Plane plane(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      plane.at(x, y) =
          static_cast<float>(paper.at(2 * (x + 0.5) / width - 1, 2 * (y + 0.5) / height - 1));
    }
  }
  return plane;
}

// How far the grey levels are off the paper: noise, ink (which counts the same, however dark), and
// what of the light the paper doesn't follow.
double unexplained(const Plane& grey, const Plane& paper) {
  double sum = 0;
  for (std::size_t i = 0; i < grey.size(); ++i)
    sum += std::min(kMostUnexplained, std::abs(grey.values[i] - paper.values[i]));
  return sum;
}

// Smoothing that leaves places outside the picture (negative) out.
Plane smooth_inside(const Plane& plane) {
  Plane filled = plane;
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      if (plane.at(x, y) >= 0) continue;
      filled.at(x, y) = 0;
    }
  }
  Plane result = smooth(filled);
  Plane inside(plane.width, plane.height);
  for (std::size_t i = 0; i < plane.size(); ++i) inside.values[i] = plane.values[i] >= 0 ? 1 : 0;
  const Plane weight = smooth(inside);
  for (std::size_t i = 0; i < plane.size(); ++i)
    result.values[i] = plane.values[i] < 0 ? -1 : result.values[i] / weight.values[i];
  return result;
}

}  // namespace

InkMap::InkMap(const Raster& raster, const PaperSteps& steps)
    : grey_(&raster.grey), flattened_(raster.alpha.empty() ? GreyImage() : flatten(raster)) {
  overview_step_ = reduction_for(std::max(width(), height()), kOverview);
  // Of larger pictures several pixels are averaged: an edge is no longer sharp, and what is left of
  // speckle are specks.
  if (steps.bands && overview_step_ == 1) {
    if (auto turned = without_reversed_bands(image())) flattened_ = std::move(*turned);
  }
  if (steps.speckle && overview_step_ == 1) {
    if (auto clean = without_speckle(image())) flattened_ = std::move(*clean);
  }
  overview_ = reduce(image(), 0, 0, reduction_for(width(), overview_step_),
                     reduction_for(height(), overview_step_), overview_step_, 0);
  sheet_ = steps.sheet ? find_sheet(overview_) : Part{0, 0, overview_.width, overview_.height};
}

std::optional<InkMap> InkMap::of(const Raster& raster, const PaperSteps& steps) {
  if (raster.grey.empty()) return std::nullopt;
  InkMap map(raster, steps);
  Plane sheet = cut(map.overview_, map.sheet_);
  map.find_paper(sheet, steps);
  if (!map.weigh_ink(sheet)) return std::nullopt;
  if (steps.smooth && map.floor_ > kNoisy * map.strength_) {
    map.smoothed_ = true;
    sheet = smooth(sheet);
    map.overview_ = smooth(map.overview_);
    map.find_paper(sheet, steps);
    if (!map.weigh_ink(sheet)) return std::nullopt;
  }
  map.turn_into_coverage(map.overview_, 0, 0, map.overview_step_);
  return map;
}

void InkMap::find_paper(const Plane& sheet, const PaperSteps& steps) {
  paper_ = fit_background(sheet);
  if (!steps.local || paper_is_clean(paper_)) return;
  if (std::max(sheet.width, sheet.height) <= kTiny) {
    if (const auto drawn = fit_tiny_background(sheet)) {
      paper_ = *drawn;
      return;
    }
  }
  const int widest = std::max(3, std::min(sheet.width, sheet.height) / kLocal);
  const int radius = steps.writing > 0 ? std::clamp(steps.writing, 3, widest) : widest;
  light_ = ink_is_light(sheet, radius);
  local_ = local_paper(sheet, light_, radius);
  // Light that changes smoothly is taken out first where that explains more: towards the rim
  // nothing else tells it from ink.
  const Plane smooth_light = surface_of(paper_, sheet.width, sheet.height);
  const float usual = median(smooth_light.values);
  Plane even = sheet;
  for (std::size_t i = 0; i < even.size(); ++i)
    even.values[i] = std::clamp(even.values[i] - smooth_light.values[i] + usual, 0.0F, 255.0F);
  const bool even_light = ink_is_light(even, radius);
  Plane even_paper = local_paper(even, even_light, radius);
  for (std::size_t i = 0; i < even_paper.size(); ++i)
    even_paper.values[i] += smooth_light.values[i] - usual;
  if (unexplained(sheet, even_paper) < unexplained(sheet, local_)) {
    local_ = std::move(even_paper);
    light_ = even_light;
  }
  std::vector<float> off;
  for (std::size_t i = 0; i < sheet.size(); ++i) off.push_back(sheet.values[i] - local_.values[i]);
  paper_.noise = deviation_of(std::move(off));
  usual_paper_ = median(local_.values);
}

// How much more a difference means in the shade: dark ink takes away a share of the light, so that
// it differs less where there is less light.
double InkMap::gain(double paper) const {
  if (light_) return 1;
  return std::clamp(usual_paper_ / std::max(paper, 1.0), 1.0, kMostGain);
}

// Finds polarity and strength from the grey levels of the sheet; false where nothing stands out.
bool InkMap::weigh_ink(const Plane& sheet) {
  floor_ = std::max(kLeastContrast, kNoiseFactor * paper_.noise);
  std::vector<float> over, under;
  double over_energy = 0, under_energy = 0;
  const auto weigh = [&, floor = floor_](double difference) {
    if (std::abs(difference) < floor) return;
    (difference > 0 ? over : under).push_back(static_cast<float>(std::abs(difference)));
    (difference > 0 ? over_energy : under_energy) += difference * difference;
  };
  if (even_paper()) {
    const double paper = paper_.c[0];
    for (const float grey : sheet.values) weigh(grey - paper);
  } else if (local_.values.empty()) {
    for (int y = 0; y < sheet.height; ++y) {
      const double v = 2 * (y + 0.5) / sheet.height - 1;
      for (int x = 0; x < sheet.width; ++x)
        weigh(sheet.at(x, y) - paper_.at(2 * (x + 0.5) / sheet.width - 1, v));
    }
  } else {
    for (std::size_t i = 0; i < sheet.size(); ++i) {
      const double paper = local_.values[i];
      weigh(gain(paper) * (sheet.values[i] - paper));
    }
  }
  if (local_.values.empty()) light_ = over_energy >= under_energy;
  // Half of these lie on edges, where paper and ink mix; the mean of the upper half is the ink's.
  const std::vector<float>& ink = light_ ? over : under;
  if (ink.empty()) return false;
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

// Turns grey levels into coverage, the corner of the first place being pixel (x0, y0). Past the
// sheet all is paper.
void InkMap::turn_into_coverage(Plane& plane, int x0, int y0, int step) const {
  const int k = overview_step_;
  const auto outside = [](double at, int first, int last) { return at < first || at > last; };
  // The places of a row that lie on the sheet.
  int from = 0, to = plane.width;
  while (from < to && outside(x0 + (from + 0.5) * step, sheet_.x0 * k, sheet_.x1 * k)) ++from;
  while (to > from && outside(x0 + (to - 0.5) * step, sheet_.x0 * k, sheet_.x1 * k)) --to;
  for (int j = 0; j < plane.height; ++j) {
    float* row = plane.row(j);
    if (outside(y0 + (j + 0.5) * step, sheet_.y0 * k, sheet_.y1 * k)) {
      std::fill_n(row, plane.width, 0.0F);
      continue;
    }
    std::fill(row, row + from, 0.0F);
    std::fill(row + to, row + plane.width, 0.0F);
    if (even_paper())
      cover_on_even_paper(row + from, to - from);
    else
      cover(plane, j, from, to, x0, y0, step);
  }
}

void InkMap::cover_on_even_paper(float* row, int count) const {
  const double sign = light_ ? 1 : -1, paper = paper_.c[0], strength = strength_;
  for (int i = 0; i < count; ++i) {
    const double difference = std::max(0.0, sign * (row[i] - paper));
    row[i] = row[i] < 0 ? 0 : static_cast<float>(difference / strength);
  }
}

// Turns places of row j that lie on the sheet into coverage.
void InkMap::cover(Plane& plane, int j, int from, int to, int x0, int y0, int step) const {
  const double sign = light_ ? 1 : -1, k = overview_step_;
  const double left = sheet_.x0 * k, right = std::min<double>(sheet_.x1 * k, width());
  const double top = sheet_.y0 * k, bottom = std::min<double>(sheet_.y1 * k, height());
  const double y = y0 + (j + 0.5) * step, v = 2 * (y - top) / (bottom - top) - 1;
  const auto local_y = static_cast<float>((y - top) / k - 0.5);
  for (int i = from; i < to; ++i) {
    float& place = plane.at(i, j);
    const double x = x0 + (i + 0.5) * step, u = 2 * (x - left) / (right - left) - 1;
    double difference = 0;
    if (local_.values.empty()) {
      difference = sign * (place - paper_.at(u, v));
    } else {
      const double paper =
          sample_bilinear(local_, static_cast<float>((x - left) / k - 0.5), local_y);
      difference = sign * gain(paper) * (place - paper);
    }
    place = place < 0 ? 0 : static_cast<float>(std::max(0.0, difference) / strength_);
  }
}

GreyImage InkMap::seen() const {
  return picture_of(reduce(image(), 0, 0, overview_.width, overview_.height, overview_step_, 0), 1);
}

GreyImage InkMap::paper() const {
  Plane plane(overview_.width, overview_.height);
  for (int y = 0; y < sheet_.height(); ++y) {
    const double v = 2 * (y + 0.5) / sheet_.height() - 1;
    for (int x = 0; x < sheet_.width(); ++x) {
      const double u = 2 * (x + 0.5) / sheet_.width() - 1;
      plane.at(sheet_.x0 + x, sheet_.y0 + y) =
          local_.values.empty() ? static_cast<float>(paper_.at(u, v)) : local_.at(x, y);
    }
  }
  return picture_of(plane, 1);
}

Plane InkMap::coverage(int x0, int y0, int columns, int rows, int step) const {
  constexpr float kOutside = -1;  // no grey level
  Plane plane = reduce(image(), x0, y0, columns, rows, step, kOutside);
  if (smoothed_) plane = smooth_inside(plane);
  turn_into_coverage(plane, x0, y0, step);
  return plane;
}

}  // namespace longhand::ink
