#include "ink/enclosures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>

namespace longhand::ink {
namespace {

constexpr float kCrumb = 0.02F;        // of the largest's extent: what is smaller isn't held
constexpr float kLeastMargin = 0.05F;  // of the enclosure's smaller side, to what it holds
constexpr float kLeastHeld = 0.25F;    // of its height, that what it holds has,
constexpr float kLeastLength = 0.12F;  // of its length, and
constexpr float kLeastWidth = 0.6F;    // of its pen's: more than what printed lines leave in a 0
// A line across it makes a 0 of it that is crossed out, unless it is so short.
constexpr float kStraight = 1.2F, kShortLine = 0.62F;

bool holds(const Box& outer, const Box& inner) {
  const float margin = kLeastMargin * std::min(outer.w, outer.h);
  return inner.x >= outer.x + margin && inner.y >= outer.y + margin &&
         inner.right() <= outer.right() - margin && inner.bottom() <= outer.bottom() - margin;
}

// The ink around a point: how far out it reaches in each direction.
class Around {
 public:
  explicit Around(const Box& held) : x_(held.x + held.w / 2), y_(held.y + held.h / 2) {}
  void add(float x, float y) {
    const float turn = std::atan2(y - y_, x - x_) / 6.2831853F + 0.5F;
    float& far =
        far_[std::min(kDirections - 1, static_cast<std::size_t>(turn * float{kDirections}))];
    far = std::max(far, std::hypot(x - x_, y - y_));
  }
  // Whether there is ink in all directions but a few.
  bool closed() const {
    return kDirections - static_cast<std::size_t>(std::count(far_.begin(), far_.end(), 0.0F)) >=
           kClosed;
  }
  // Whether it bulges everywhere, as circles and frames do, and the outline of a 6 or an 8 doesn't:
  // its area is nearly that of its convex hull.
  bool convex() const {
    std::vector<Corner> corners;
    for (std::size_t i = 0; i < kDirections; ++i) {
      const float turn = 6.2831853F * (static_cast<float>(i) + 0.5F) / float{kDirections};
      if (far_[i] > 0) corners.push_back({far_[i] * std::cos(turn), far_[i] * std::sin(turn)});
    }
    return area_of(corners) >= kSolid * area_of(hull_of(corners));
  }

 private:
  struct Corner {
    float x, y;
  };
  static constexpr std::size_t kDirections = 48, kClosed = 42;
  static constexpr float kSolid = 0.95F;

  // Positive where b lies to the left of the way from o to a.
  static float turn_of(const Corner& o, const Corner& a, const Corner& b) {
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
  }

  static float area_of(const std::vector<Corner>& corners) {
    float area = 0;
    for (std::size_t i = 0; i < corners.size(); ++i)
      area += turn_of({0, 0}, corners[i], corners[(i + 1) % corners.size()]) / 2;
    return std::abs(area);
  }

  // Andrew's monotone chain.
  static std::vector<Corner> hull_of(std::vector<Corner> corners) {
    std::sort(corners.begin(), corners.end(),
              [](const Corner& a, const Corner& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    std::vector<Corner> hull;
    for (int half = 0; half < 2; ++half) {
      const std::size_t first = hull.size();
      for (const Corner& corner : corners) {
        while (hull.size() >= first + 2 && turn_of(hull[hull.size() - 2], hull.back(), corner) <= 0)
          hull.pop_back();
        hull.push_back(corner);
      }
      if (!hull.empty()) hull.pop_back();
      std::reverse(corners.begin(), corners.end());
    }
    return hull;
  }

  float x_, y_;
  std::array<float, kDirections> far_{};
};

// Ink that may hold other ink or be held.
struct Ink {
  Box box;
  float length = 0;   // of its path
  float width = 1;    // of the pen
  bool hole = false;  // it bounds one, as the inner outline of a 0 does
};

// Of a sign of which only the outlines are drawn, as the inner one of a 0; a 0 with a ring around
// is smaller beside it.
bool is_its_inner_outline(const Ink& inner, const Ink& outer) {
  constexpr float kCloser = 0.62F;
  return inner.hole && (inner.box.w > kCloser * outer.box.w || inner.box.h > kCloser * outer.box.h);
}

// What each may hold, by the boxes alone.
std::optional<Box> held_by(std::size_t outer, const std::vector<Ink>& inks, float crumb) {
  std::optional<Box> held;
  float length = 0;
  for (std::size_t i = 0; i < inks.size(); ++i) {
    const Box& box = inks[i].box;
    if (i == outer || std::max(box.w, box.h) < crumb || !holds(inks[outer].box, box) ||
        is_its_inner_outline(inks[i], inks[outer]) ||
        inks[i].width < kLeastWidth * inks[outer].width)
      continue;
    held = held ? hull(*held, box) : box;
    length += inks[i].length;
  }
  if (!held || held->h < kLeastHeld * inks[outer].box.h ||
      length < kLeastLength * inks[outer].length)
    return std::nullopt;
  const bool line = length < kStraight * std::hypot(held->w, held->h);
  if (line && held->h > kShortLine * inks[outer].box.h) return std::nullopt;
  return held;
}

float crumb_of(const std::vector<Ink>& inks) {
  float largest = 0;
  for (const Ink& ink : inks) largest = std::max({largest, ink.box.w, ink.box.h});
  return kCrumb * largest;
}

float length_of(const Stroke& stroke) {
  float length = 0;
  for (std::size_t i = 1; i < stroke.size(); ++i)
    length += std::hypot(stroke[i].x - stroke[i - 1].x, stroke[i].y - stroke[i - 1].y);
  return length;
}

bool goes_around(const Stroke& stroke, const Box& held) {
  Around around(held);
  for (std::size_t i = 1; i < stroke.size(); ++i) {
    constexpr int kSteps = 16;  // along each piece of the path
    for (int k = 0; k <= kSteps; ++k) {
      const float t = static_cast<float>(k) / kSteps;
      around.add(stroke[i - 1].x + t * (stroke[i].x - stroke[i - 1].x),
                 stroke[i - 1].y + t * (stroke[i].y - stroke[i - 1].y));
    }
  }
  return around.closed() && around.convex();
}

Box box_of(const Component& c) {
  return {static_cast<float>(c.x0), static_cast<float>(c.y0), static_cast<float>(c.width()),
          static_cast<float>(c.height())};
}

// Components and the grid that they lie in, looked at for as long as their boxes are not too many.
class Drawn {
 public:
  Drawn(const std::vector<Component>& components, const Grid<int>& labels)
      : components_(components), labels_(labels) {}

  // Calls `take` with the middle of each place of a component; false where that would be too much.
  template <typename Take>
  bool each_place(std::size_t n, const Take& take) {
    const Component& c = components_[n];
    const std::int64_t places = std::int64_t{c.width()} * c.height();
    if (places > left_) return false;
    left_ -= places;
    for (int y = c.y0; y <= c.y1; ++y) {
      for (int x = c.x0; x <= c.x1; ++x) {
        if (labels_.at(x, y) == static_cast<int>(n) + 1)
          take(static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
      }
    }
    return true;
  }

  // A thin closed line around nothing: what is around it is the outline of the same sign.
  bool bounds_a_hole(std::size_t n) {
    constexpr float kEmpty = 0.35F;  // of the way from its middle to its box
    const Box box = box_of(components_[n]);
    const float x0 = box.x + box.w / 2, y0 = box.y + box.h / 2;
    Around around(box);
    bool empty = true;
    const bool seen = each_place(n, [&](float x, float y) {
      if (!empty) return;
      empty = std::hypot(2 * (x - x0) / box.w, 2 * (y - y0) / box.h) >= kEmpty;
      around.add(x, y);
    });
    return seen && empty && around.closed();
  }

  bool goes_around(std::size_t n, const Box& held) {
    Around around(held);
    const bool seen = each_place(n, [&](float x, float y) { around.add(x, y); });
    return seen && around.closed() && around.convex();
  }

 private:
  const std::vector<Component>& components_;
  const Grid<int>& labels_;
  std::int64_t left_ = 40'000'000;  // places
};

// The largest components: more is no writing.
std::vector<std::size_t> largest_of(const std::vector<Component>& components) {
  constexpr std::size_t kMost = 2'000;
  std::vector<std::size_t> places(components.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    return components[a].extent() > components[b].extent();
  });
  places.resize(std::min(places.size(), kMost));
  return places;
}

}  // namespace

std::vector<bool> enclosures_among(const std::vector<Component>& components,
                                   const Grid<int>& labels) {
  if (components.size() < 2) return std::vector<bool>(components.size());  // nothing to hold
  const std::vector<double> thickness = thickness_of(components);
  const std::vector<std::size_t> chosen = largest_of(components);
  Drawn drawn(components, labels);
  std::vector<Ink> inks;
  for (const std::size_t n : chosen) {
    const auto thick = static_cast<float>(std::max(1.0, thickness[n]));
    inks.push_back({box_of(components[n]), static_cast<float>(components[n].area) / thick, thick,
                    drawn.bounds_a_hole(n)});
  }
  std::vector<bool> found(components.size());
  const float crumb = crumb_of(inks);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::optional<Box> held = held_by(i, inks, crumb);
    found[chosen[i]] = held && drawn.goes_around(chosen[i], *held);
  }
  return found;
}

Strokes without_enclosures(const Strokes& strokes) {
  std::vector<Ink> inks;
  Strokes written;
  for (const Stroke& stroke : strokes.strokes) {
    if (stroke.empty()) continue;
    written.strokes.push_back(stroke);
    inks.push_back({bounds({{stroke}}), length_of(stroke), 1, false});
  }
  Strokes rest;
  const float crumb = crumb_of(inks);
  for (std::size_t i = 0; i < inks.size(); ++i) {
    const std::optional<Box> held = held_by(i, inks, crumb);
    if (!held || !goes_around(written.strokes[i], *held))
      rest.strokes.push_back(std::move(written.strokes[i]));
  }
  return rest;
}

}  // namespace longhand::ink
