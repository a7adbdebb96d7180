#include "ink/find_ink.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "ink/background.h"

namespace longhand::ink {
namespace {

constexpr int kOverview = 512;        // the ink is looked for in a picture of at most this size
constexpr double kLeastContrast = 10;  // grey levels; less is no ink
constexpr double kNoiseFactor = 4;     // ink is more than this many deviations off the paper
constexpr double kInked = 0.25;        // coverage from which a place may be ink: thin lines lie
                                       // between pixels and leave a part of their strength in each
constexpr double kInkedAtMost = 0.5;   // the same on noisy paper
constexpr float kSpeck = 0.015F;       // components smaller than this share of the largest are dirt

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

int reduction_for(int size, int limit) { return (size + limit - 1) / limit; }

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

// Paper, polarity and strength of the ink, found in the overview, applied anywhere.
struct InkModel {
  Background paper;
  int picture_width = 0;
  int picture_height = 0;
  double sign = 1;      // 1: ink lighter than the paper
  double floor = 0;     // less difference than this is noise
  double strength = 1;  // difference of full ink

  float inked() const {
    return static_cast<float>(std::clamp(floor / strength, kInked, kInkedAtMost));
  }

  // Turns grey levels, the place (i, j) being centred at x0 + (i + 0.5) * step, into coverage.
  void apply(Plane& plane, float x0, float y0, float step) const {
    for (int j = 0; j < plane.height; ++j) {
      const double v = 2 * (y0 + (j + 0.5) * step) / picture_height - 1;
      for (int i = 0; i < plane.width; ++i) {
        const double u = 2 * (x0 + (i + 0.5) * step) / picture_width - 1;
        const double difference = sign * (plane.at(i, j) - paper.at(u, v));
        plane.at(i, j) = static_cast<float>(std::max(0.0, difference) / strength);
      }
    }
  }
};

std::optional<InkModel> model_of(const Plane& overview, const GreyImage& image) {
  InkModel model;
  model.paper = fit_background(overview);
  model.picture_width = image.width;
  model.picture_height = image.height;
  model.floor = std::max(kLeastContrast, kNoiseFactor * model.paper.noise);
  std::vector<float> over, under;
  double over_energy = 0, under_energy = 0;
  for (int y = 0; y < overview.height; ++y) {
    const double v = 2 * (y + 0.5) / overview.height - 1;
    for (int x = 0; x < overview.width; ++x) {
      const double u = 2 * (x + 0.5) / overview.width - 1;
      const double difference = overview.at(x, y) - model.paper.at(u, v);
      if (std::abs(difference) < model.floor) continue;
      (difference > 0 ? over : under).push_back(static_cast<float>(std::abs(difference)));
      (difference > 0 ? over_energy : under_energy) += difference * difference;
    }
  }
  if (over.empty() && under.empty()) return std::nullopt;
  model.sign = over_energy >= under_energy ? 1 : -1;
  // Half of these lie on edges, where paper and ink mix; the mean of the upper half is the ink's.
  const std::vector<float>& ink = model.sign > 0 ? over : under;
  double mean = 0;
  for (const float d : ink) mean += d;
  mean /= static_cast<double>(ink.size());
  double sum = 0, count = 0;
  for (const float d : ink) {
    if (d >= mean) sum += d, count += 1;
  }
  model.strength = count > 0 ? sum / count : mean;
  return model;
}

struct Component {
  int area = 0;
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;  // inclusive
};

// Labels 8-connected components of inked places: 0 is paper, label n is components[n - 1].
std::vector<Component> label_components(const Plane& coverage, float inked, Grid<int>& labels) {
  labels = Grid<int>(coverage.width, coverage.height, 0);
  std::vector<Component> components;
  std::vector<std::pair<int, int>> stack;
  for (int y = 0; y < coverage.height; ++y) {
    for (int x = 0; x < coverage.width; ++x) {
      if (coverage.at(x, y) < inked || labels.at(x, y) != 0) continue;
      components.push_back({0, x, y, x, y});
      Component& c = components.back();
      const int label = static_cast<int>(components.size());
      labels.at(x, y) = label;
      stack.emplace_back(x, y);
      while (!stack.empty()) {
        const auto [px, py] = stack.back();
        stack.pop_back();
        ++c.area;
        c.x0 = std::min(c.x0, px), c.x1 = std::max(c.x1, px);
        c.y0 = std::min(c.y0, py), c.y1 = std::max(c.y1, py);
        for (int ny = std::max(0, py - 1); ny <= std::min(coverage.height - 1, py + 1); ++ny) {
          for (int nx = std::max(0, px - 1); nx <= std::min(coverage.width - 1, px + 1); ++nx) {
            if (labels.at(nx, ny) != 0 || coverage.at(nx, ny) < inked) continue;
            labels.at(nx, ny) = label;
            stack.emplace_back(nx, ny);
          }
        }
      }
    }
  }
  return components;
}

// What is left when dirt is taken away.
struct Findings {
  Component all;  // the box around all ink that counts, in the overview's places
  Mask dirt;      // specks, with the soft rim around them
};

// nullopt when no component is of substance.
std::optional<Findings> drop_specks(const Plane& coverage, float inked, int smallest_extent) {
  Grid<int> labels;
  const std::vector<Component> components = label_components(coverage, inked, labels);
  int largest = 0, longest = 0;
  for (const Component& c : components) {
    largest = std::max(largest, c.area);
    longest = std::max({longest, c.x1 - c.x0 + 1, c.y1 - c.y0 + 1});
  }
  if (longest < smallest_extent) return std::nullopt;
  std::vector<bool> keep(components.size());
  std::optional<Component> all;
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    keep[n] = static_cast<float>(c.area) >= kSpeck * static_cast<float>(largest);
    if (!keep[n]) continue;
    if (!all) all = Component{0, c.x0, c.y0, c.x1, c.y1};
    all->area += c.area;
    all->x0 = std::min(all->x0, c.x0), all->x1 = std::max(all->x1, c.x1);
    all->y0 = std::min(all->y0, c.y0), all->y1 = std::max(all->y1, c.y1);
  }
  Findings findings{*all, Mask(coverage.width, coverage.height)};
  for (int y = 0; y < coverage.height; ++y) {
    for (int x = 0; x < coverage.width; ++x) {
      const int label = labels.at(x, y);
      if (label == 0 || keep[static_cast<std::size_t>(label - 1)]) continue;
      for (int ny = std::max(0, y - 1); ny <= std::min(coverage.height - 1, y + 1); ++ny) {
        for (int nx = std::max(0, x - 1); nx <= std::min(coverage.width - 1, x + 1); ++nx) {
          const int near = labels.at(nx, ny);
          if (near == 0 || near == label) findings.dirt.at(nx, ny) = 1;
        }
      }
    }
  }
  return findings;
}

}  // namespace

std::optional<InkPatch> find_ink(const Raster& raster) {
  if (raster.grey.empty()) return std::nullopt;
  const bool has_alpha = !raster.alpha.empty();
  const GreyImage flat = has_alpha ? flatten(raster) : GreyImage();
  const GreyImage& image = has_alpha ? flat : raster.grey;

  const int k = reduction_for(std::max(image.width, image.height), kOverview);
  const int width = reduction_for(image.width, k), height = reduction_for(image.height, k);
  Plane overview = reduce(image, 0, 0, width, height, k, 0);
  const std::optional<InkModel> model = model_of(overview, image);
  if (!model) return std::nullopt;
  model->apply(overview, 0, 0, static_cast<float>(k));
  const int smallest = std::max(3, std::max(width, height) / 64);
  const std::optional<Findings> findings = drop_specks(overview, model->inked(), smallest);
  if (!findings) return std::nullopt;
  const Component& found = findings->all;

  // Once more, from the picture's own pixels, at a resolution that fits the ink alone.
  const int extent = (std::max(found.x1 - found.x0, found.y1 - found.y0) + 1) * k;
  const int fine = reduction_for(extent, InkPatch::kMaxExtent);
  constexpr int kMargin = 3;
  const int x0 = found.x0 * k - kMargin * fine, y0 = found.y0 * k - kMargin * fine;
  const int columns = reduction_for((found.x1 - found.x0 + 1) * k, fine) + 2 * kMargin;
  const int rows = reduction_for((found.y1 - found.y0 + 1) * k, fine) + 2 * kMargin;
  InkPatch patch;
  patch.origin_x = static_cast<float>(x0);
  patch.origin_y = static_cast<float>(y0);
  patch.step = static_cast<float>(fine);
  patch.box = {static_cast<float>(found.x0 * k), static_cast<float>(found.y0 * k),
               static_cast<float>(std::min((found.x1 + 1) * k, image.width) - found.x0 * k),
               static_cast<float>(std::min((found.y1 + 1) * k, image.height) - found.y0 * k)};
  patch.coverage = reduce(image, x0, y0, columns, rows, fine, -1);
  Plane inside = patch.coverage;
  model->apply(patch.coverage, patch.origin_x, patch.origin_y, patch.step);
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      // Past the picture's edge is paper; and so is what the overview dropped as dirt.
      const int ox = (x0 + i * fine + fine / 2) / k, oy = (y0 + j * fine + fine / 2) / k;
      const bool outside = inside.at(i, j) < 0 || ox < 0 || oy < 0 || ox >= width || oy >= height;
      if (outside || findings->dirt.at(ox, oy)) patch.coverage.at(i, j) = 0;
    }
  }
  return patch;
}

}  // namespace longhand::ink
