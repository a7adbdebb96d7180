#include "ink/dot_grid.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "ink/median.h"

namespace longhand::ink {
namespace {

constexpr std::size_t kFewest = 24, kMost = 3'000;  // dots
constexpr double kMostly = 0.6;                     // of all components are dots, at least
constexpr float kAlike = 1.6F;    // times the usual extent, at most, and that part of it at least
constexpr float kCompact = 2;     // the longer side by the shorter, at most
constexpr int kLarger = 4;        // times a dot's extent is what is written
constexpr float kApart = 2;       // dot's extents is the least distance
constexpr float kAside = 0.2F;    // of the distance, that a neighbour may be off its place
constexpr double kRegular = 0.6;  // of the dots, at least, have their neighbours in place

struct Spot {
  float x, y;
};

Spot centre_of(const Component& c) {
  return {static_cast<float>(c.x0 + c.x1) / 2, static_cast<float>(c.y0 + c.y1) / 2};
}

// Which components are of the size that most have; none where those are few, or nothing is larger.
std::vector<std::size_t> small_ones(const std::vector<Component>& components) {
  std::vector<std::size_t> small;
  if (components.size() < kFewest) return small;
  std::vector<int> extents;
  for (const Component& c : components) extents.push_back(c.extent());
  const auto usual = static_cast<float>(median(extents));
  const int largest = *std::max_element(extents.begin(), extents.end());
  if (static_cast<float>(largest) < kLarger * usual) return small;
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    const auto extent = static_cast<float>(c.extent());
    const auto thinner = static_cast<float>(std::min(c.width(), c.height()));
    if (extent <= kAlike * usual && kAlike * extent >= usual && extent <= kCompact * thinner)
      small.push_back(n);
  }
  if (small.size() < kFewest || small.size() > kMost ||
      static_cast<double>(small.size()) < kMostly * static_cast<double>(components.size()))
    small.clear();
  return small;
}

// From a spot to the nearest other one, of spots in the order of y.
Spot to_nearest(const std::vector<Spot>& spots, std::size_t from) {
  Spot nearest{0, 0};
  float least = std::numeric_limits<float>::max();
  // False once no further spot in that direction can be nearer.
  const auto look_at = [&](const Spot& spot) {
    const Spot to{spot.x - spots[from].x, spot.y - spots[from].y};
    if (to.y * to.y >= least) return false;
    const float squared = to.x * to.x + to.y * to.y;
    if (squared < least) least = squared, nearest = to;
    return true;
  };
  for (std::size_t n = from; n > 0 && look_at(spots[n - 1]);) --n;
  for (std::size_t n = from + 1; n < spots.size() && look_at(spots[n]);) ++n;
  return nearest;
}

// Whether a spot lies so near to a place, of spots in the order of y.
bool any_at(const std::vector<Spot>& spots, float x, float y, float aside) {
  auto spot = std::lower_bound(spots.begin(), spots.end(), y - aside,
                               [](const Spot& s, float from) { return s.y < from; });
  for (; spot != spots.end() && spot->y <= y + aside; ++spot) {
    if (std::hypot(spot->x - x, spot->y - y) <= aside) return true;
  }
  return false;
}

// Which spots have neighbours on one side at least in each of two directions at right angles, the
// first of which is one to a nearest neighbour; empty where the grid's distance isn't clear. They
// must be in the order of y.
std::vector<bool> in_grid(const std::vector<Spot>& spots, float extent) {
  std::vector<float> distances;
  std::vector<Spot> nearest;
  for (std::size_t n = 0; n < spots.size(); ++n) {
    nearest.push_back(to_nearest(spots, n));
    distances.push_back(std::hypot(nearest.back().x, nearest.back().y));
  }
  const float apart = median(distances);
  if (apart < kApart * extent) return {};
  const float aside = kAside * apart;
  std::vector<bool> found(spots.size());
  for (std::size_t n = 0; n < spots.size(); ++n) {
    if (std::abs(distances[n] - apart) > aside) continue;
    const auto [x, y] = spots[n];
    const auto [u, v] = nearest[n];
    found[n] = any_at(spots, x - v, y + u, aside) || any_at(spots, x + v, y - u, aside);
  }
  return found;
}

}  // namespace

Mask find_dot_grid(const Plane& coverage, float inked) {
  Grid<int> labels;
  const std::vector<Component> components = label_components(coverage, inked, labels);
  return find_dot_grid(components, labels);
}

Mask find_dot_grid(const std::vector<Component>& components, const Grid<int>& labels) {
  std::vector<std::size_t> small = small_ones(components);
  if (small.empty()) return {};
  std::sort(small.begin(), small.end(), [&](std::size_t a, std::size_t b) {
    return centre_of(components[a]).y < centre_of(components[b]).y;
  });
  std::vector<Spot> spots;
  std::vector<int> extents;
  for (const std::size_t n : small) {
    spots.push_back(centre_of(components[n]));
    extents.push_back(components[n].extent());
  }
  const std::vector<bool> regular = in_grid(spots, static_cast<float>(median(extents)));
  const auto count = std::count(regular.begin(), regular.end(), true);
  if (static_cast<double>(count) < kRegular * static_cast<double>(spots.size())) return {};
  std::vector<bool> dot(components.size() + 1);
  for (std::size_t i = 0; i < small.size(); ++i) dot[small[i] + 1] = regular[i];
  Mask mask(labels.width, labels.height);
  for (int y = 0; y < labels.height; ++y) {
    for (int x = 0; x < labels.width; ++x) {
      if (!dot[static_cast<std::size_t>(labels.at(x, y))]) continue;
      // With the soft rim around it.
      for (int ny = std::max(0, y - 1); ny <= std::min(labels.height - 1, y + 1); ++ny) {
        for (int nx = std::max(0, x - 1); nx <= std::min(labels.width - 1, x + 1); ++nx) {
          const int near = labels.at(nx, ny);
          if (near == 0 || dot[static_cast<std::size_t>(near)]) mask.at(nx, ny) = 1;
        }
      }
    }
  }
  return mask;
}

}  // namespace longhand::ink
