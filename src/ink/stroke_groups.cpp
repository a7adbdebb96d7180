#include "ink/stroke_groups.h"

#include <algorithm>
#include <cmath>

#include "ink/layout.h"

namespace longhand::ink {
namespace {

constexpr float kNear = 0.1F;     // of the usual height: how far apart what meets may be
constexpr float kHigher = 1.75F;  // than the higher one: two lines' signs that touch

bool boxes_near(const Box& a, const Box& b, float near) {
  return a.x <= b.x + b.w + near && b.x <= a.x + a.w + near && a.y <= b.y + b.h + near &&
         b.y <= a.y + a.h + near;
}

float distance_to_piece(const Point& p, const Point& a, const Point& b) {
  const float dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const float along = length > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length : 0;
  const float t = std::clamp(along, 0.0F, 1.0F);
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

// Whether a point of one lies near the path of the other.
bool points_near(const Stroke& points, const Stroke& path, float near) {
  return std::any_of(points.begin(), points.end(), [&](const Point& p) {
    if (path.size() == 1) return std::hypot(p.x - path[0].x, p.y - path[0].y) <= near;
    for (std::size_t i = 1; i < path.size(); ++i) {
      if (distance_to_piece(p, path[i - 1], path[i]) <= near) return true;
    }
    return false;
  });
}

// Positive where c lies to the left of the way from a to b.
float side_of(const Point& a, const Point& b, const Point& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool cross(const Stroke& one, const Stroke& other) {
  for (std::size_t i = 1; i < one.size(); ++i) {
    for (std::size_t k = 1; k < other.size(); ++k) {
      const Point &a = one[i - 1], &b = one[i], &c = other[k - 1], &d = other[k];
      if (side_of(a, b, c) * side_of(a, b, d) < 0 && side_of(c, d, a) * side_of(c, d, b) < 0)
        return true;
    }
  }
  return false;
}

}  // namespace

std::vector<std::vector<std::size_t>> strokes_that_meet(const Strokes& strokes) {
  // Beyond so many points on a board a pair of long strokes isn't looked at closely.
  constexpr std::size_t kMostPairs = 4'000'000;
  std::vector<Box> boxes;
  for (const Stroke& stroke : strokes.strokes) boxes.push_back(bounds({{stroke}}));
  const float near = kNear * usual_height(boxes);
  struct Group {
    std::vector<std::size_t> members;
    Box box;
  };
  std::vector<Group> groups;
  std::size_t looked_at = 0;
  const auto meet = [&](std::size_t a, std::size_t b) {
    const Stroke &one = strokes.strokes[a], &other = strokes.strokes[b];
    if (!boxes_near(boxes[a], boxes[b], near)) return false;
    looked_at += one.size() * other.size();
    if (looked_at > kMostPairs) return false;
    return cross(one, other) || points_near(one, other, near) || points_near(other, one, near);
  };
  for (std::size_t i = 0; i < strokes.strokes.size(); ++i) {
    if (strokes.strokes[i].empty()) continue;
    Group group{{i}, boxes[i]};
    std::vector<Group> rest;
    for (Group& other : groups) {
      const Box both = hull(group.box, other.box);
      const bool one_sign =
          both.h <= kHigher * std::max(group.box.h, other.box.h) || both.h <= near;
      const bool joined =
          one_sign && std::any_of(other.members.begin(), other.members.end(),
                                  [&](std::size_t member) { return meet(i, member); });
      if (!joined) {
        rest.push_back(std::move(other));
        continue;
      }
      group.members.insert(group.members.begin(), other.members.begin(), other.members.end());
      group.box = both;
    }
    rest.push_back(std::move(group));
    groups = std::move(rest);
  }
  std::vector<std::vector<std::size_t>> result;
  for (Group& group : groups) {
    std::sort(group.members.begin(), group.members.end());
    result.push_back(std::move(group.members));
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace longhand::ink
