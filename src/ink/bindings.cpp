#include "ink/bindings.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

namespace longhand::ink {
namespace {

constexpr std::size_t kLeast = 5;       // holes in a row;
constexpr std::size_t kLeastWired = 6;  // and those with a wire through them,
constexpr float kLarger = 1.1F;         // at least so many times smaller than the largest sign,
constexpr std::size_t kMany = 9;        // or of so many no smaller than this:
constexpr float kOfMany = 0.8F;
constexpr float kOfLength = 0.6F;           // along so much of the length of all ink
constexpr double kFilled = 0.68;            // of its box: a round one has 0.79
constexpr float kCompact = 2.5F;            // the longer side by the shorter, at most
constexpr float kAlike = 0.16F;             // of its size, by which one may be larger than another;
constexpr float kAlikeArea = 0.16F;         // the same of its area: of the sum of two;
constexpr float kPlaces = 1.2F;             // and places, as edges fall
constexpr float kFarthest = 5;              // sizes, from one hole to the next
constexpr float kLeastPitch = 4;            // places
constexpr float kDrift = 1.5F;              // times, of the first step
constexpr float kAstray = 0.12F;            // of the way to the next, off where that should be
constexpr std::size_t kNeighbours = 4;      // the nearest, that may begin a row with one
constexpr int kLeastExtent = 4;             // places; specks are all alike
constexpr std::size_t kEnough = 4'000'000;  // looks at a hole, in all; then no more rows are found
constexpr std::size_t kMost = 3'000;        // components that are looked at

struct Hole {
  std::size_t component;
  float x, y, w, h;  // its middle and its size, in places
  float area;
  float size() const { return std::max(w, h); }
};

Hole hole_of(std::size_t n, const Component& c) {
  return {n,
          static_cast<float>(c.x0 + c.x1) / 2,
          static_cast<float>(c.y0 + c.y1) / 2,
          static_cast<float>(c.width()),
          static_cast<float>(c.height()),
          static_cast<float>(c.area)};
}

bool is_filled(const Component& c) {
  const int shorter = std::min(c.width(), c.height());
  return static_cast<float>(c.extent()) <= kCompact * static_cast<float>(shorter) &&
         c.area >= kFilled * c.width() * c.height();
}

bool alike(const Hole& a, const Hole& b) {
  const auto near = [](float u, float v) {
    return std::abs(u - v) <= kAlike * std::max(u, v) + kPlaces;
  };
  return near(a.w, b.w) && near(a.h, b.h) &&
         std::abs(a.area - b.area) <= kAlikeArea * (a.area + b.area);
}

class Search {
 public:
  Search(const std::vector<Component>& components, bool filled) {
    for (std::size_t n = 0; n < components.size() && holes_.size() < kMost; ++n) {
      if (components[n].extent() < kLeastExtent) continue;
      if (!filled || is_filled(components[n])) holes_.push_back(hole_of(n, components[n]));
    }
    std::sort(holes_.begin(), holes_.end(), [](const Hole& a, const Hole& b) {
      return a.y != b.y ? a.y < b.y : a.x != b.x ? a.x < b.x : a.component < b.component;
    });
  }

  // Rows of at least so many for which `found` says that they are one; a hole is in one at most.
  template <typename Found>
  void each_row(std::size_t least, const Found& found) const {
    std::vector<bool> used(holes_.size());
    for (std::size_t i = 0; i < holes_.size() && looks_ < kEnough; ++i) {
      if (used[i]) continue;
      for (const std::size_t j : neighbours_of(i)) {
        if (used[j]) continue;
        std::vector<std::size_t> row = row_of(i, j);
        if (row.size() < least) continue;
        std::vector<std::size_t> components;
        for (const std::size_t hole : row) components.push_back(holes_[hole].component);
        if (!found(components)) continue;
        for (const std::size_t hole : row) used[hole] = true;
        break;
      }
    }
  }

 private:
  // Those like it that are no higher, the nearest first.
  std::vector<std::size_t> neighbours_of(std::size_t i) const {
    const Hole& a = holes_[i];
    std::vector<std::size_t> near;
    for (std::size_t j = i + 1; j < holes_.size(); ++j) {
      const Hole& b = holes_[j];
      ++looks_;
      if (b.y - a.y > kFarthest * a.size()) break;
      if (std::abs(b.x - a.x) <= kFarthest * a.size() && alike(a, b)) near.push_back(j);
    }
    const auto way = [&](std::size_t j) {
      return std::hypot(holes_[j].x - a.x, holes_[j].y - a.y);
    };
    std::stable_sort(near.begin(), near.end(),
                     [&](std::size_t j, std::size_t k) { return way(j) < way(k); });
    if (near.size() > kNeighbours) near.resize(kNeighbours);
    return near;
  }

  // The row that two neighbours are part of.
  std::vector<std::size_t> row_of(std::size_t first, std::size_t second) const {
    std::vector<std::size_t> row = {second, first};
    go_on(row);
    std::reverse(row.begin(), row.end());
    go_on(row);
    return row;
  }

  // Adds what comes after its last two.
  void go_on(std::vector<std::size_t>& row) const {
    float dx = holes_[row.back()].x - holes_[row[row.size() - 2]].x;
    float dy = holes_[row.back()].y - holes_[row[row.size() - 2]].y;
    const float pitch = std::hypot(dx, dy);
    for (bool skipped = false; pitch >= kLeastPitch && row.size() < holes_.size();) {
      const Hole& last = holes_[row.back()];
      const float times = skipped ? 2 : 1;
      const auto next = find(last, last.x + times * dx, last.y + times * dy,
                             kAstray * std::hypot(dx, dy) + kPlaces);
      if (next) {
        dx = (holes_[*next].x - last.x) / times, dy = (holes_[*next].y - last.y) / times;
        row.push_back(*next);
        skipped = false;
      } else if (skipped) {
        break;
      } else {
        skipped = true;
      }
      // A camera askew makes the steps shorter little by little.
      const float step = std::hypot(dx, dy);
      if (step > kDrift * pitch || kDrift * step < pitch) break;
    }
  }

  // The hole like `as` that is nearest to the place, within `reach` of it.
  std::optional<std::size_t> find(const Hole& as, float x, float y, float reach) const {
    auto at = std::lower_bound(holes_.begin(), holes_.end(), y - reach,
                               [](const Hole& hole, float least) { return hole.y < least; });
    std::optional<std::size_t> best;
    float nearest = reach;
    for (; at != holes_.end() && at->y <= y + reach; ++at) {
      ++looks_;
      const float off = std::hypot(at->x - x, at->y - y);
      if (off > nearest || !alike(as, *at) || at->component == as.component) continue;
      nearest = off;
      best = static_cast<std::size_t>(at - holes_.begin());
    }
    return best;
  }

  std::vector<Hole> holes_;  // from the top
  mutable std::size_t looks_ = 0;
};

// The box around what stands, or not, in a row.
Component hull_of(const std::vector<Component>& components, const std::vector<bool>& in,
                  bool wanted) {
  std::optional<Component> all;
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    if (in[n] != wanted) continue;
    if (!all) all = c;
    *all = {all->area + c.area, std::min(all->x0, c.x0), std::min(all->y0, c.y0),
            std::max(all->x1, c.x1), std::max(all->y1, c.y1)};
  }
  return all.value_or(Component{});
}

// Whether a row lies along one side of all the rest, for most of its length, and is smaller than
// what is written.
bool is_rim(const std::vector<Component>& components, const std::vector<std::size_t>& row) {
  std::vector<bool> in(components.size());
  int hole = 0, sign = 0;
  for (const std::size_t n : row) in[n] = true, hole = std::max(hole, components[n].extent());
  for (std::size_t n = 0; n < components.size(); ++n) {
    if (!in[n]) sign = std::max(sign, components[n].extent());
  }
  const Component holes = hull_of(components, in, true), rest = hull_of(components, in, false);
  const float larger = row.size() >= kMany ? kOfMany : kLarger;
  if (static_cast<float>(sign) < larger * static_cast<float>(hole)) return false;
  const bool column = holes.height() > holes.width();
  const float length = static_cast<float>(column ? holes.height() : holes.width());
  const float all =
      static_cast<float>(column ? std::max(holes.y1, rest.y1) - std::min(holes.y0, rest.y0)
                                : std::max(holes.x1, rest.x1) - std::min(holes.x0, rest.x0));
  const bool beside =
      column ? holes.x1 < rest.x0 || holes.x0 > rest.x1 : holes.y1 < rest.y0 || holes.y0 > rest.y1;
  return beside && length >= kOfLength * all;
}

}  // namespace

std::vector<bool> bindings_among(const std::vector<Component>& components) {
  std::vector<bool> holes(components.size());
  const auto add = [&](const std::vector<std::size_t>& row) {
    for (const std::size_t n : row) holes[n] = true;
    return true;
  };
  Search(components, true).each_row(kLeast, add);
  Search(components, false).each_row(kLeastWired, [&](const std::vector<std::size_t>& row) {
    return is_rim(components, row) && add(row);
  });
  return holes;
}

}  // namespace longhand::ink
