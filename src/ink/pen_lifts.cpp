#include "ink/pen_lifts.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include "ink/layout.h"

namespace longhand::ink {
namespace {

constexpr float kMostOff = 0.13F;  // of the usual height: how far off the next one may begin
constexpr float kStraight =
    0.85F;                  // least cosine of the turns into the gap and out of it (32 deg.)
constexpr int kRounds = 3;  // what is joined is higher, and reaches further

struct Direction {
  float x = 0, y = 0;
};

float cosine(const Direction& a, const Direction& b) {
  const float lengths = std::hypot(a.x, a.y) * std::hypot(b.x, b.y);
  return lengths > 0 ? (a.x * b.x + a.y * b.y) / lengths : 0;
}

// From the point that lies `reach` away along the path, or as far as it goes, to `from`, its end.
template <typename Iterator>
Direction towards(Iterator from, Iterator end, float reach) {
  Direction direction;
  for (Iterator other = from; other != end; ++other) {
    direction = {from->x - other->x, from->y - other->y};
    if (std::hypot(direction.x, direction.y) >= reach) break;
  }
  return direction;
}

bool goes_on(const Stroke& before, const Stroke& next, float reach) {
  const Point &end = before.back(), &start = next.front();
  const Direction gap{start.x - end.x, start.y - end.y};
  const float distance = std::hypot(gap.x, gap.y);
  if (distance == 0) return true;
  if (distance > reach) return false;
  const Direction in = towards(before.rbegin(), before.rend(), reach);
  const Direction back = towards(next.begin(), next.end(), reach);
  return cosine(in, gap) >= kStraight && cosine({-back.x, -back.y}, gap) >= kStraight;
}

}  // namespace

Strokes without_lifts(const Strokes& strokes) {
  Strokes joined = strokes;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<Box> boxes;
    for (const Stroke& stroke : joined.strokes) boxes.push_back(bounds({{stroke}}));
    const float reach = kMostOff * usual_height(boxes);
    Strokes longer;
    for (Stroke& stroke : joined.strokes) {
      if (stroke.empty()) continue;
      if (!longer.strokes.empty() && goes_on(longer.strokes.back(), stroke, reach)) {
        Stroke& before = longer.strokes.back();
        before.insert(before.end(), stroke.begin(), stroke.end());
      } else {
        longer.strokes.push_back(std::move(stroke));
      }
    }
    joined = std::move(longer);
  }
  return joined;
}

}  // namespace longhand::ink
