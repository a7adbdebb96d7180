#include "ink/pen_skips.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace longhand::ink {
namespace {

constexpr float kInside = 0.5F;   // coverage from which a place is ink
constexpr float kWidest = 1.75F;  // glyph pixels: a gap that is wider is meant
// How far the ink goes on, in widths of the strokes, on one side of a gap and on the other.
constexpr float kOneSide = 1.2F;
constexpr float kOtherSide = 0.45F;
constexpr int kOblique = 3;  // ways from the upright to a stroke, that a gap across it may run

// Ways through a place, a sixteenth of a half turn apart: cosine and sine, written out so that
// every processor has the same.
struct Way {
  float dx, dy;
};
constexpr std::array<Way, 16> kWays = {{{1, 0},
                                        {0.98078528F, 0.19509032F},
                                        {0.92387953F, 0.38268343F},
                                        {0.83146961F, 0.55557023F},
                                        {0.70710678F, 0.70710678F},
                                        {0.55557023F, 0.83146961F},
                                        {0.38268343F, 0.92387953F},
                                        {0.19509032F, 0.98078528F},
                                        {0, 1},
                                        {-0.19509032F, 0.98078528F},
                                        {-0.38268343F, 0.92387953F},
                                        {-0.55557023F, 0.83146961F},
                                        {-0.70710678F, 0.70710678F},
                                        {-0.83146961F, 0.55557023F},
                                        {-0.92387953F, 0.38268343F},
                                        {-0.98078528F, 0.19509032F}}};

// About how wide the strokes are: twice the area by the length of the outline, which is longer by
// 4 / pi where it is counted in steps along rows and columns.
float stroke_width(const Mask& ink) {
  constexpr double kSteps = 1.2732;
  double area = 0, outline = 0;
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      area += ink.at(x, y);
      if (x > 0 && ink.at(x, y) != ink.at(x - 1, y)) outline += 1;
      if (y > 0 && ink.at(x, y) != ink.at(x, y - 1)) outline += 1;
    }
  }
  return static_cast<float>(2 * kSteps * area / std::max(1.0, outline));
}

class Search {
 public:
  Search(const Mask& ink, float widest)
      : ink_(ink),
        near_(ink.width, ink.height),
        widest_(static_cast<int>(std::lround(widest))),
        width_(stroke_width(ink)) {
    const Plane away = distance_to(ink);
    for (std::size_t i = 0; i < near_.size(); ++i)
      near_.values[i] = ink.values[i] == 0 && away.values[i] <= widest ? 1 : 0;
  }

  // Sets in `skips` what lies in the gaps of strokes that run by kWays[n].
  void add_gaps(std::size_t n, Mask& skips) const {
    Mask between(ink_.width, ink_.height);
    for (int y = 0; y < ink_.height; ++y) {
      for (int x = 0; x < ink_.width; ++x)
        between.at(x, y) = near_.at(x, y) != 0 && bridges(x, y, kWays[n]) ? 1 : 0;
    }
    for (int y = 0; y < ink_.height; ++y) {
      for (int x = 0; x < ink_.width; ++x) {
        if (between.at(x, y) != 0 && skips.at(x, y) == 0 && is_open(between, x, y, n))
          skips.at(x, y) = 1;
      }
    }
  }

 private:
  static bool set_at(const Mask& mask, int x, int y, Way way, int steps) {
    const int u = x + static_cast<int>(std::lround(way.dx * static_cast<float>(steps)));
    const int v = y + static_cast<int>(std::lround(way.dy * static_cast<float>(steps)));
    return u >= 0 && v >= 0 && u < mask.width && v < mask.height && mask.at(u, v) != 0;
  }

  // Steps to the first ink that way; more than `most` where it is farther.
  int reach(int x, int y, Way way, int most) const {
    int steps = 1;
    while (steps <= most && !set_at(ink_, x, y, way, steps)) ++steps;
    return steps;
  }

  // For how many steps the ink goes on from there, counted up to `most`.
  int run(int x, int y, Way way, int from, int most) const {
    int steps = 0;
    while (steps < most && set_at(ink_, x, y, way, from + steps)) ++steps;
    return steps;
  }

  // Whether the place lies between ink and ink that goes on, before and behind it.
  bool bridges(int x, int y, Way way) const {
    const Way back = {-way.dx, -way.dy};
    const int ahead = reach(x, y, way, widest_ - 1);
    if (ahead >= widest_) return false;
    const int behind = reach(x, y, back, widest_ - ahead + 1);
    if (ahead + behind - 1 > widest_) return false;
    const int most = static_cast<int>(std::lround(kOneSide * width_));
    const int a = run(x, y, way, ahead, most), b = run(x, y, back, behind, most);
    return std::max(a, b) >= most && static_cast<float>(std::min(a, b)) >= kOtherSide * width_;
  }

  // Whether the gap leads out to paper on both its sides: corners, loops and the paper between two
  // strokes are closed on one or both.
  bool is_open(const Mask& between, int x, int y, std::size_t n) const {
    const auto ways = static_cast<int>(kWays.size());
    for (int turned = -kOblique; turned <= kOblique; ++turned) {
      const int across = (static_cast<int>(n) + ways / 2 + turned + ways) % ways;
      const Way way = kWays[static_cast<std::size_t>(across)];
      if (leads_out(between, x, y, way) && leads_out(between, x, y, {-way.dx, -way.dy}))
        return true;
    }
    return false;
  }

  bool leads_out(const Mask& between, int x, int y, Way way) const {
    int steps = 1;
    while (set_at(between, x, y, way, steps)) ++steps;
    return !set_at(ink_, x, y, way, steps);
  }

  const Mask& ink_;
  Mask near_;    // paper within reach of ink
  int widest_;   // places
  float width_;  // of the strokes
};

}  // namespace

Mask find_pen_skips(const Plane& coverage, float pixel) {
  Mask ink(coverage.width, coverage.height);
  for (std::size_t i = 0; i < ink.size(); ++i) ink.values[i] = coverage.values[i] >= kInside;
  Mask skips(ink.width, ink.height);
  const Search search(ink, kWidest * pixel);
  for (std::size_t n = 0; n < kWays.size(); ++n) search.add_gaps(n, skips);
  const bool any =
      std::any_of(skips.values.begin(), skips.values.end(), [](std::uint8_t v) { return v != 0; });
  return any ? skips : Mask();
}

}  // namespace longhand::ink
