#include "ink/wavy_line.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

#include "ink/masks.h"

namespace longhand::ink {
namespace {

constexpr float kInside = 0.4F;     // coverage from which a place is ink
constexpr float kOffMiddle = 0.5F;  // of a step, that each place off the middle makes it longer
constexpr float kEnds = 0.3F;       // of its way, at each end, that says how wide the line is
constexpr float kSwing = 0.5F;      // glyph pixels up and down, that are a wave
// From up to down and from down to up: a Y has one, an N two, an M three but nothing beside.
constexpr int kLeastTurns = 3;
constexpr float kThinLine = 1.6F;   // glyph pixels: half of the widest line
constexpr float kAround = 1.35F;    // times the line's half width: what is cleared
constexpr float kSoftEdge = 0.35F;  // glyph pixels around that
constexpr float kBridged = 1.7F;    // times what is cleared, to where strokes that cross are joined
constexpr float kDiagonal = 1.41421356F;

struct Place {
  int x, y;
};

Mask where_ink(const Plane& coverage) {
  Mask ink(coverage.width, coverage.height);
  for (std::size_t i = 0; i < ink.size(); ++i) ink.values[i] = coverage.values[i] >= kInside;
  return ink;
}

// The shortest way through ink from its leftmost column to its rightmost (Dijkstra), from right to
// left; empty where it doesn't hang together. `depth` is how far each place is from paper: places
// of less than `middle` count as farther, so that the way keeps to the middle of strokes that are
// twice that wide.
std::vector<Place> way_across(const Mask& ink, const Plane& depth, float middle) {
  constexpr float kFar = std::numeric_limits<float>::infinity();
  int left = ink.width, right = -1;
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      if (ink.at(x, y)) left = std::min(left, x), right = std::max(right, x);
    }
  }
  using Entry = std::pair<float, int>;  // how far, and where
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> next;
  Plane far(ink.width, ink.height, kFar);
  Grid<int> from(ink.width, ink.height, -1);
  for (int y = 0; y < ink.height; ++y) {
    if (right < 0 || !ink.at(left, y)) continue;
    far.at(left, y) = 0;
    next.emplace(0.0F, y * ink.width + left);
  }
  while (!next.empty()) {
    const auto [so_far, at] = next.top();
    next.pop();
    const int x = at % ink.width, y = at / ink.width;
    if (so_far > far.at(x, y)) continue;
    if (x == right) {
      std::vector<Place> way;
      for (int place = at; place >= 0; place = from.values[static_cast<std::size_t>(place)])
        way.push_back({place % ink.width, place / ink.width});
      return way;
    }
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        const int u = x + dx, v = y + dy;
        if (u < 0 || v < 0 || u >= ink.width || v >= ink.height || !ink.at(u, v)) continue;
        const float step = dx != 0 && dy != 0 ? kDiagonal : 1.0F;
        const float off = std::max(0.0F, middle - depth.at(u, v));
        const float there = so_far + step * (1 + kOffMiddle * off);
        if (there >= far.at(u, v)) continue;
        far.at(u, v) = there;
        from.at(u, v) = at;
        next.emplace(there, v * ink.width + u);
      }
    }
  }
  return {};
}

// Half the line's width, by its two ends, where it is most likely alone.
float half_width(const std::vector<Place>& way, const Plane& depth) {
  const auto part = static_cast<std::size_t>(kEnds * static_cast<float>(way.size()));
  std::vector<float> widths;
  for (std::size_t i = 0; i < way.size(); ++i) {
    if (i >= part && i + part < way.size()) continue;
    // The way hugs the inside of bends: the line's middle is beside it.
    float deepest = 0;
    for (int dy = -2; dy <= 2; ++dy) {
      for (int dx = -2; dx <= 2; ++dx) {
        const int x = std::clamp(way[i].x + dx, 0, depth.width - 1);
        const int y = std::clamp(way[i].y + dy, 0, depth.height - 1);
        deepest = std::max(deepest, depth.at(x, y));
      }
    }
    widths.push_back(deepest);
  }
  if (widths.empty()) return 0;
  const auto middle = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 2);
  std::nth_element(widths.begin(), middle, widths.end());
  return *middle;
}

// How often the way turns from up to down or back, by more than `swing`.
int turns_of(const std::vector<Place>& way, float swing) {
  int turns = 0, direction = 0;
  float farthest = 0;
  for (std::size_t i = 0; i < way.size(); ++i) {
    const auto y = static_cast<float>(way[i].y);
    if (i == 0 || (y - farthest) * static_cast<float>(direction) > 0) {
      farthest = y;
    } else if (std::abs(y - farthest) > swing) {
      turns += direction != 0 ? 1 : 0;
      direction = y > farthest ? 1 : -1;
      farthest = y;
    }
  }
  return turns;
}

}  // namespace

Mask find_wavy_line(const Plane& coverage, float pixel) {
  const Mask ink = where_ink(coverage);
  const Plane depth = distance_to(complement(ink));
  const float half = half_width(way_across(ink, depth, 0), depth);
  if (half <= 0 || half > kThinLine * pixel) return {};
  const std::vector<Place> way = way_across(ink, depth, half);
  if (turns_of(way, kSwing * pixel) < kLeastTurns) return {};
  Mask on_way(ink.width, ink.height);
  for (const Place& place : way) on_way.at(place.x, place.y) = 1;
  const float reach = kAround * half + kSoftEdge * pixel;
  Mask line = grown(std::move(on_way), reach);
  // What crosses it is joined again: the rest of the ink grown and shrunk by as much.
  Mask rest = ink;
  for (std::size_t i = 0; i < rest.size(); ++i) rest.values[i] = ink.values[i] && !line.values[i];
  const Mask joined = shrunk(grown(std::move(rest), kBridged * reach), kBridged * reach);
  for (std::size_t i = 0; i < line.size(); ++i)
    line.values[i] = line.values[i] && !joined.values[i];
  return line;
}

}  // namespace longhand::ink
