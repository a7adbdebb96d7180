#include "ink/note.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>
#include <vector>

#include "ink/plane.h"
#include "ink/sheet.h"

namespace longhand::ink {
namespace {

constexpr int kSide = 128;      // places of the overview
constexpr int kLeastSide = 96;  // pixels: less than that is a loop of a letter, no sheet
constexpr std::int64_t kMostPixels = 24'000'000;  // of the picture, as a part of it is copied
constexpr float kLeastStep = 3, kMostStep = 10, kSteps = 3;  // grey levels between neighbours
constexpr double kSmallest = 0.05, kLargest = 0.75;          // a sheet's share of the picture
constexpr double kSolid = 0.85;                              // of its convex hull that it fills
constexpr double kLeastInk = 0.003, kMostInk = 0.4;          // of it that is not paper
constexpr float kOther = 12;  // grey levels between sheet and surroundings
constexpr int kEdge = 1;      // places along its edge that are left out

// The picture reduced by a whole number, each place the mean of its pixels.
Plane reduced(const GreyImage& grey, int step) {
  Plane small((grey.width + step - 1) / step, (grey.height + step - 1) / step);
  for (int j = 0; j < small.height; ++j) {
    for (int i = 0; i < small.width; ++i) {
      const int x1 = std::min(grey.width, (i + 1) * step);
      const int y1 = std::min(grey.height, (j + 1) * step);
      std::int64_t sum = 0;
      for (int y = j * step; y < y1; ++y) {
        for (int x = i * step; x < x1; ++x) sum += grey.at(x, y);
      }
      const int pixels = (x1 - i * step) * (y1 - j * step);
      small.at(i, j) = static_cast<float>(sum) / static_cast<float>(pixels);
    }
  }
  return small;
}

// What neighbours on even ground may differ by: more than most do here.
float usual_step(const Plane& plane) {
  std::vector<float> steps;
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 1; x < plane.width; ++x)
      steps.push_back(std::abs(plane.at(x, y) - plane.at(x - 1, y)));
  }
  if (steps.empty()) return kLeastStep;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return std::clamp(kSteps * *middle, kLeastStep, kMostStep);
}

constexpr int kAside[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};

// Calls visit(x, y) for all places that hang together with the first, from one to the next where
// joins(from x, from y, to x, to y).
template <typename Joins, typename Visit>
void flood(Mask& seen, int x, int y, const Joins& joins, const Visit& visit) {
  std::vector<std::pair<int, int>> open{{x, y}};
  seen.at(x, y) = 1;
  while (!open.empty()) {
    const auto [cx, cy] = open.back();
    open.pop_back();
    visit(cx, cy);
    for (const auto& [dx, dy] : kAside) {
      const int nx = cx + dx, ny = cy + dy;
      if (nx < 0 || ny < 0 || nx >= seen.width || ny >= seen.height || seen.at(nx, ny)) continue;
      if (!joins(cx, cy, nx, ny)) continue;
      seen.at(nx, ny) = 1;
      open.emplace_back(nx, ny);
    }
  }
}

// The region and what it surrounds.
Mask filled(const Mask& region) {
  Mask outside(region.width, region.height);
  const auto joins = [&](int, int, int x, int y) { return region.at(x, y) == 0; };
  const auto start = [&](int x, int y) {
    if (region.at(x, y) == 0 && outside.at(x, y) == 0) flood(outside, x, y, joins, [](int, int) {});
  };
  for (int x = 0; x < region.width; ++x) start(x, 0), start(x, region.height - 1);
  for (int y = 0; y < region.height; ++y) start(0, y), start(region.width - 1, y);
  for (auto& value : outside.values) value = 1 - value;
  return outside;
}

std::int64_t area_of(const Mask& mask) {
  return std::accumulate(mask.values.begin(), mask.values.end(), std::int64_t{0});
}

// The area of the convex hull of the set places (Andrew's monotone chain over the ends of rows).
double hull_area(const Mask& mask) {
  std::vector<std::pair<double, double>> points;
  for (int y = 0; y < mask.height; ++y) {
    const std::uint8_t* const row = mask.row(y);
    const std::uint8_t* const end = row + mask.width;
    const auto* const first = std::find(row, end, 1);
    if (first == end) continue;
    const auto last = std::find(std::reverse_iterator(end), std::reverse_iterator(row), 1).base();
    for (const double side : {static_cast<double>(y), y + 1.0}) {
      points.emplace_back(static_cast<double>(first - row), side);
      points.emplace_back(static_cast<double>(last - row), side);
    }
  }
  std::sort(points.begin(), points.end());
  std::vector<std::pair<double, double>> hull;
  const auto half = [&](auto begin, auto end) {
    const std::size_t from = hull.size();
    for (auto at = begin; at != end; ++at) {
      while (hull.size() >= from + 2) {
        const auto& [ax, ay] = hull[hull.size() - 2];
        const auto& [bx, by] = hull.back();
        if ((bx - ax) * (at->second - ay) - (by - ay) * (at->first - ax) > 0) break;
        hull.pop_back();
      }
      hull.push_back(*at);
    }
    if (!hull.empty()) hull.pop_back();
  };
  half(points.begin(), points.end());
  half(points.rbegin(), points.rend());
  double twice = 0;
  for (std::size_t i = 0; i < hull.size(); ++i) {
    const auto& [ax, ay] = hull[i];
    const auto& [bx, by] = hull[(i + 1) % hull.size()];
    twice += ax * by - bx * ay;
  }
  return std::abs(twice) / 2;
}

// How many sides of the picture the mask reaches.
int sides_reached(const Mask& mask) {
  bool left = false, right = false, top = false, bottom = false;
  for (int y = 0; y < mask.height; ++y) left |= mask.at(0, y), right |= mask.at(mask.width - 1, y);
  for (int x = 0; x < mask.width; ++x) top |= mask.at(x, 0), bottom |= mask.at(x, mask.height - 1);
  return left + right + top + bottom;
}

// The mask grown (by > 0) or shrunk (by < 0) by so many places.
Mask grown(Mask mask, int by) {
  for (int i = 0; i < std::abs(by); ++i) {
    const Mask before = mask;
    const std::uint8_t spreads = by > 0 ? 1 : 0;
    for (int y = 0; y < mask.height; ++y) {
      for (int x = 0; x < mask.width; ++x) {
        for (const auto& [dx, dy] : kAside) {
          const int nx = x + dx, ny = y + dy;
          const bool inside = nx >= 0 && ny >= 0 && nx < mask.width && ny < mask.height;
          if (inside && before.at(nx, ny) == spreads) mask.at(x, y) = spreads;
        }
      }
    }
  }
  return mask;
}

double mean_within(const Plane& plane, const Mask& mask) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < plane.size(); ++i) {
    if (mask.values[i]) sum += static_cast<double>(plane.values[i]), ++count;
  }
  return count > 0 ? sum / count : 0;
}

// Whether a region of even ground is a sheet with something on it.
bool is_sheet(const Plane& plane, const Mask& region, const Mask& sheet) {
  const auto all = static_cast<double>(plane.size());
  const auto area = static_cast<double>(area_of(sheet));
  const double ink = 1 - static_cast<double>(area_of(region)) / area;
  if (area < kSmallest * all || area > kLargest * all || ink < kLeastInk || ink > kMostInk)
    return false;
  if (sides_reached(sheet) > 1 || area < kSolid * hull_area(sheet)) return false;
  Mask beside = grown(sheet, 3);
  const Mask edge = grown(sheet, 1);
  for (std::size_t i = 0; i < beside.size(); ++i) beside.values[i] &= edge.values[i] == 0;
  return std::abs(mean_within(plane, region) - mean_within(plane, beside)) >=
         static_cast<double>(kOther);
}

// The largest sheet, and the paper in it.
struct Sheet {
  Mask all, paper;
};

std::optional<Sheet> largest_sheet(const Plane& plane) {
  const float step = usual_step(plane);
  const double least = kSmallest / 2 * static_cast<double>(plane.size());
  Mask seen(plane.width, plane.height);
  std::vector<std::pair<int, int>> places;
  std::optional<Sheet> best;
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      if (seen.at(x, y)) continue;
      places.clear();
      flood(
          seen, x, y,
          [&](int ax, int ay, int bx, int by) {
            return std::abs(plane.at(ax, ay) - plane.at(bx, by)) <= step;
          },
          [&](int i, int j) { places.emplace_back(i, j); });
      if (static_cast<double>(places.size()) < least) continue;
      Mask region(plane.width, plane.height);
      for (const auto& [i, j] : places) region.at(i, j) = 1;
      Mask sheet = filled(region);
      if (!is_sheet(plane, region, sheet)) continue;
      if (!best || area_of(sheet) > area_of(best->all)) best = Sheet{std::move(sheet), region};
    }
  }
  return best;
}

// The paper's level everywhere: known where there is paper, and from there spread to all sides.
Plane spread(const Plane& plane, const Mask& paper) {
  Plane level(plane.width, plane.height);
  Mask known = paper;
  for (std::size_t i = 0; i < plane.size(); ++i) {
    if (known.values[i]) level.values[i] = plane.values[i];
  }
  for (bool changed = true; changed;) {
    changed = false;
    const Mask before = known;
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        if (before.at(x, y)) continue;
        float sum = 0;
        int count = 0;
        for (const auto& [dx, dy] : kAside) {
          const int nx = x + dx, ny = y + dy;
          if (nx < 0 || ny < 0 || nx >= plane.width || ny >= plane.height) continue;
          if (before.at(nx, ny)) sum += level.at(nx, ny), ++count;
        }
        if (count == 0) continue;
        level.at(x, y) = sum / static_cast<float>(count);
        known.at(x, y) = 1, changed = true;
      }
    }
  }
  return level;
}

// The part of the overview's places that the mask's are in; empty where it has none.
Part bounds_of(const Mask& mask) {
  Part part{mask.width, mask.height, 0, 0};
  for (int y = 0; y < mask.height; ++y) {
    for (int x = 0; x < mask.width; ++x) {
      if (!mask.at(x, y)) continue;
      part = {std::min(part.x0, x), std::min(part.y0, y), std::max(part.x1, x + 1),
              std::max(part.y1, y + 1)};
    }
  }
  return part;
}

// That part of the picture, past the mask of the paper's level; places are `step` pixels.
Note cut_out(const GreyImage& grey, const Part& part, const Mask& mask, const Plane& level,
             int step) {
  Note note;
  note.x0 = part.x0 * step, note.y0 = part.y0 * step;
  note.raster.grey = GreyImage(std::min(grey.width, part.x1 * step) - note.x0,
                               std::min(grey.height, part.y1 * step) - note.y0);
  const auto place_of = [&](int pixel) {
    return (static_cast<float>(pixel) + 0.5F) / static_cast<float>(step) - 0.5F;
  };
  for (int y = 0; y < note.raster.grey.height; ++y) {
    for (int x = 0; x < note.raster.grey.width; ++x) {
      const int px = x + note.x0, py = y + note.y0;
      const auto paper = [&] { return sample_bilinear(level, place_of(px), place_of(py)); };
      note.raster.grey.at(x, y) = mask.at(px / step, py / step)
                                      ? grey.at(px, py)
                                      : static_cast<std::uint8_t>(std::lround(paper()));
    }
  }
  return note;
}

}  // namespace

std::optional<Note> find_note(const Raster& raster) {
  const GreyImage& grey = raster.grey;
  const bool small = std::min(grey.width, grey.height) < kLeastSide;
  const bool large = std::int64_t{grey.width} * grey.height > kMostPixels;
  if (small || large || !raster.alpha.empty()) return std::nullopt;
  const int step = (std::max(grey.width, grey.height) + kSide - 1) / kSide;
  const Plane plane = reduced(grey, step);
  const std::optional<Sheet> sheet = largest_sheet(plane);
  if (!sheet) return std::nullopt;
  const Mask within = grown(sheet->all, -kEdge);
  const Part part = bounds_of(within);
  if (std::min(part.width(), part.height()) * step < kLeastSide) return std::nullopt;
  const Mask paper = grown(sheet->paper, -kEdge);
  const Plane level = spread(plane, area_of(paper) > 0 ? paper : sheet->paper);
  return cut_out(grey, part, within, level, step);
}

}  // namespace longhand::ink
