#include "ink/text_lines.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "ink/layout.h"

namespace longhand::ink {
namespace {

constexpr float kLow = 0.4F, kHigh = 2.5F;  // heights of boxes that lines are made of, as shares of
                                            // the usual height
constexpr float kReach = 2.5F;              // how far the next glyph of a line may be, in heights
constexpr float kShared = 0.5F;  // of the lower one's height, for two to stand side by side
constexpr float kMostSlope = 0.3F;
constexpr float kScrap = 0.25F;  // of the usual height, both ways: dirt to any line
constexpr float kFlat = 0.2F;    // of its width: a dash, or an edge's
constexpr double kAway =
    1.3;  // of a line's height, from its middle: farther is nothing of a line's

float middle_x(const Box& box) {
  return box.x + box.w / 2;
}
float middle_y(const Box& box) {
  return box.y + box.h / 2;
}

float shared_height(const Box& a, const Box& b) {
  return std::min(a.y + a.h, b.y + b.h) - std::max(a.y, b.y);
}

// The next box to the right that stands beside it: its place among `boxes`.
std::optional<std::size_t> right_neighbour(const std::vector<Box>& boxes, std::size_t of,
                                           float height) {
  std::optional<std::size_t> next;
  const Box& box = boxes[of];
  float nearest = kReach * height;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const float distance = middle_x(boxes[i]) - middle_x(box);
    const float apart = boxes[i].x - (box.x + box.w);
    if (i == of || distance <= 0 || apart >= nearest) continue;
    if (shared_height(box, boxes[i]) < kShared * std::min(box.h, boxes[i].h)) continue;
    nearest = apart, next = i;
  }
  return next;
}

// The slope that the lines have together: that of the straight lines through the chains of
// neighbours, long chains counting most.
float slope_of(const std::vector<Box>& boxes, float height) {
  std::vector<std::size_t> chain(boxes.size());
  for (std::size_t i = 0; i < chain.size(); ++i) chain[i] = i;
  const auto root = [&](std::size_t i) {
    while (chain[i] != i) i = chain[i] = chain[chain[i]];
    return i;
  };
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (const auto next = right_neighbour(boxes, i, height)) chain[root(i)] = root(*next);
  }
  struct Sums {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  };
  std::vector<Sums> sums(boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    Sums& s = sums[root(i)];
    const auto x = static_cast<double>(middle_x(boxes[i]));
    const auto y = static_cast<double>(middle_y(boxes[i]));
    s.n += 1, s.x += x, s.y += y, s.xx += x * x, s.xy += x * y;
  }
  double along = 0, across = 0;
  for (const Sums& s : sums) {
    if (s.n < 3) continue;
    along += s.xx - s.x * s.x / s.n;
    across += s.xy - s.x * s.y / s.n;
  }
  return static_cast<float>(along > 0 ? across / along : 0);
}

bool is_of_usual_height(const Box& box, float height) {
  return box.h >= kLow * height && box.h <= kHigh * height;
}

// A line as it grows: the mean of its boxes' middles and heights, the slope taken out.
struct Line {
  std::vector<std::size_t> members;
  double middle = 0, height = 0;

  void add(std::size_t box, double y, double h) {
    members.push_back(box);
    const auto n = static_cast<double>(members.size());
    middle += (y - middle) / n;
    height += (h - height) / n;
  }
};

Line* line_at(std::vector<Line>& lines, double y, double h) {
  Line* best = nullptr;
  double most = static_cast<double>(kShared);
  for (Line& line : lines) {
    const double shared = (line.height + h) / 2 - std::abs(line.middle - y);
    const double share = std::min(shared, std::min(line.height, h)) / std::min(line.height, h);
    if (share > most) most = share, best = &line;
  }
  return best;
}

Line* nearest_line(std::vector<Line>& lines, double y) {
  const auto nearest = std::min_element(lines.begin(), lines.end(), [&](auto& a, auto& b) {
    return std::abs(a.middle - y) < std::abs(b.middle - y);
  });
  return nearest == lines.end() ? nullptr : &*nearest;
}

}  // namespace

float line_slope(const std::vector<Box>& boxes) {
  const float height = usual_height(boxes);
  std::vector<Box> usual;
  for (const Box& box : boxes) {
    if (is_of_usual_height(box, height)) usual.push_back(box);
  }
  return slope_of(usual, height);
}

std::vector<std::vector<std::size_t>> find_lines(const std::vector<Box>& boxes) {
  const float height = usual_height(boxes);
  std::vector<std::size_t> core, rest;
  std::vector<Box> core_boxes;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const bool usual = is_of_usual_height(boxes[i], height);
    (usual ? core : rest).push_back(i);
    if (usual) core_boxes.push_back(boxes[i]);
  }
  const float slope = std::clamp(slope_of(core_boxes, height), -kMostSlope, kMostSlope);
  const auto level = [&](std::size_t i) {
    return static_cast<double>(middle_y(boxes[i]) - slope * middle_x(boxes[i]));
  };
  std::stable_sort(core.begin(), core.end(),
                   [&](std::size_t a, std::size_t b) { return level(a) < level(b); });
  std::vector<Line> lines;
  for (const std::size_t i : core) {
    const auto h = static_cast<double>(boxes[i].h);
    Line* line = line_at(lines, level(i), h);
    if (line == nullptr) line = &lines.emplace_back();
    line->add(i, level(i), h);
  }
  std::vector<Line> stray;
  for (const std::size_t i : rest) {
    const auto h = static_cast<double>(boxes[i].h);
    Line* line = nearest_line(lines, level(i));
    const bool low = boxes[i].h < kLow * height;
    const bool scrap =
        std::max(boxes[i].w, boxes[i].h) < kScrap * height || boxes[i].h < kFlat * boxes[i].w;
    if (line != nullptr && low && !scrap &&
        std::abs(line->middle - level(i)) > kAway * line->height) {
      line = line_at(stray, level(i), h);
      if (line == nullptr) line = &stray.emplace_back();
      line->add(i, level(i), h);
      continue;
    }
    if (line == nullptr) line = &lines.emplace_back();
    line->members.push_back(i);
  }
  std::move(stray.begin(), stray.end(), std::back_inserter(lines));
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.middle < b.middle; });
  std::vector<std::vector<std::size_t>> result;
  for (Line& line : lines) {
    std::stable_sort(line.members.begin(), line.members.end(), [&](std::size_t a, std::size_t b) {
      return middle_x(boxes[a]) < middle_x(boxes[b]);
    });
    result.push_back(std::move(line.members));
  }
  return result;
}

}  // namespace longhand::ink
