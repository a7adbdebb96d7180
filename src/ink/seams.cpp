#include "ink/seams.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

// Cuts are found as in "seam carving" (Avidan and Shamir, 2007): for each column the cheapest way
// from top to bottom that stays near it, by dynamic programming. Slanted neighbours part along
// slanted ways, where a vertical profile shows no gap.

namespace longhand::ink {
namespace {

constexpr float kBand = 0.1F;       // how far a way may leave its column, in heights
constexpr float kBend = 0.03F;      // the cost of a step aside, in places of ink
constexpr float kDrift = 0.1F;      // the cost of a row at the band's edge
constexpr float kMostInk = 0.9F;    // a way through more ink than this, in heights, parts nothing
constexpr float kLeastInk = 0.08F;  // between two ways, of the ink that one glyph usually has

// The cheapest ways of one plane. Rows of the tables are the band's columns.
class Carver {
 public:
  Carver(const Plane& ink, float height)
      : ink_(ink), reach_(std::max(1, static_cast<int>(kBand * height))) {
    const std::size_t columns = static_cast<std::size_t>(2 * reach_ + 1);
    cost_.resize(columns), next_.resize(columns);
    from_ = Grid<std::int8_t>(2 * reach_ + 1, ink.height);
  }

  Seam way_near(int column) {
    const int columns = 2 * reach_ + 1;
    for (int y = 0; y < ink_.height; ++y) {
      for (int b = 0; b < columns; ++b) step_to(column, b, y);
      std::swap(cost_, next_);
    }
    const auto best = std::min_element(cost_.begin(), cost_.end());
    Seam seam;
    seam.x.resize(static_cast<std::size_t>(ink_.height));
    int b = static_cast<int>(best - cost_.begin());
    for (int y = ink_.height - 1; y >= 0; --y) {
      const int x = column - reach_ + b;
      seam.x[static_cast<std::size_t>(y)] = x;
      seam.ink += ink_at(x, y);
      b += from_.at(b, y);
    }
    return seam;
  }

 private:
  float ink_at(int x, int y) const {
    return x < 0 || x >= ink_.width ? 0 : std::min(1.0F, ink_.at(x, y));
  }

  void step_to(int column, int b, int y) {
    const int x = column - reach_ + b;
    const float aside = static_cast<float>(std::abs(b - reach_)) / static_cast<float>(reach_);
    const float here = ink_at(x, y) + kDrift * aside;
    float least = std::numeric_limits<float>::max();
    std::int8_t from = 0;
    for (int d = -1; d <= 1; ++d) {
      if (b + d < 0 || b + d > 2 * reach_) continue;
      float cost = y == 0 ? 0 : cost_[static_cast<std::size_t>(b + d)];
      if (d != 0) {
        // A diagonal step passes between two places: a thin line there is gone through too.
        const float between = y == 0 ? 0 : std::min(ink_at(x + d, y), ink_at(x, y - 1));
        cost += kBend + between;
      }
      if (cost < least) least = cost, from = static_cast<std::int8_t>(d);
    }
    next_[static_cast<std::size_t>(b)] = least + here;
    from_.at(b, y) = y == 0 ? std::int8_t{0} : from;
  }

  const Plane& ink_;
  int reach_;
  std::vector<float> cost_, next_;
  Grid<std::int8_t> from_;  // to the column of the row above
};

// The ink left of each place, by rows.
class InkSums {
 public:
  explicit InkSums(const Plane& ink) : sums_(ink.width + 1, ink.height) {
    for (int y = 0; y < ink.height; ++y) {
      for (int x = 0; x < ink.width; ++x) sums_.at(x + 1, y) = sums_.at(x, y) + ink.at(x, y);
    }
  }
  float left_of(int x, int y) const { return sums_.at(std::clamp(x, 0, sums_.width - 1), y); }
  float left_of(const Seam& seam) const {
    float sum = 0;
    for (int y = 0; y < sums_.height; ++y) sum += left_of(seam.x[static_cast<std::size_t>(y)], y);
    return sum;
  }
  float between(const Seam& a, const Seam& b) const {
    float sum = 0;
    for (int y = 0; y < sums_.height; ++y) {
      const auto row = static_cast<std::size_t>(y);
      sum += std::abs(left_of(a.x[row], y) - left_of(b.x[row], y));
    }
    return sum;
  }
  float all() const {
    float sum = 0;
    for (int y = 0; y < sums_.height; ++y) sum += sums_.at(sums_.width - 1, y);
    return sum;
  }

 private:
  Plane sums_;
};

}  // namespace

std::vector<Seam> find_seams(const Plane& ink, float height) {
  std::vector<Seam> ways;
  Carver carver(ink, height);
  const int stride = std::max(1, static_cast<int>(height / 32));
  for (int x = stride; x < ink.width; x += stride) {
    Seam way = carver.way_near(x);
    if (way.ink <= kMostInk * height) ways.push_back(std::move(way));
  }
  std::stable_sort(ways.begin(), ways.end(),
                   [](const Seam& a, const Seam& b) { return a.ink < b.ink; });

  const InkSums sums(ink);
  const float glyphs = std::max(1.0F, static_cast<float>(ink.width) / height);
  const float least = kLeastInk * sums.all() / glyphs;
  const std::size_t most = std::min(kMostSeams, static_cast<std::size_t>(4 + 5 * glyphs));
  std::vector<Seam> seams;
  for (Seam& way : ways) {
    if (seams.size() == most) break;
    const float left = sums.left_of(way);
    if (left < least || sums.all() - left < least) continue;
    const bool known = std::any_of(seams.begin(), seams.end(), [&](const Seam& seam) {
      return sums.between(seam, way) < least;
    });
    if (!known) seams.push_back(std::move(way));
  }
  std::sort(seams.begin(), seams.end(),
            [&](const Seam& a, const Seam& b) { return sums.left_of(a) < sums.left_of(b); });
  return seams;
}

}  // namespace longhand::ink
