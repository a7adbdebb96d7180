#include "ink/underlines.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace longhand::ink {
namespace {

constexpr float kCrumb = 0.015F;      // of the largest component: what is smaller is dirt
constexpr float kLevel = 0.15F;       // height by width, at most
constexpr float kLeastHeight = 0.1F;  // of the writing above, by the width of the line
// Between the writing and the line, by the writing's height.
constexpr float kLeastGap = 0.12F;
constexpr float kMostGap = 0.8F;
// Under one sign the line is wider than that: the serif of an I is as wide as the other one. Under
// several it may be shorter by so much on either side.
constexpr float kWider = 1.1F;
constexpr float kWidestSign = 1.2F;  // by its height
constexpr float kOverhang = 0.15F;

bool is_level(const Box& box) {
  return box.w > 0 && box.h <= kLevel * box.w;
}

// What of `boxes` stands on a line: the lowest of what lies over it, and what is at the same height
// as that. nullopt where there is none that isn't level itself, and where something is at the
// line's own height, which is then a part of a sign.
std::optional<Box> writing_above(std::size_t line, const std::vector<Box>& boxes) {
  const Box& level = boxes[line];
  std::vector<Box> above;
  std::optional<Box> writing;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Box& box = boxes[i];
    const bool beside = box.right() < level.x || box.x > level.right();
    if (i == line || beside || box.y > level.bottom()) continue;
    if (box.bottom() >= level.y) return std::nullopt;
    above.push_back(box);
    if (!is_level(box) && (!writing || box.bottom() > writing->bottom())) writing = box;
  }
  if (!writing) return std::nullopt;
  const Box lowest = *writing;
  for (const Box& box : above) {
    if (box.y <= lowest.bottom() && box.bottom() >= lowest.y) writing = hull(*writing, box);
  }
  return writing;
}

bool underlines(const Box& line, const Box& writing) {
  const float gap = line.y - writing.bottom();
  const float beyond = std::max({line.x - writing.x, writing.right() - line.right(), 0.0F});
  const bool one = writing.w <= kWidestSign * writing.h;
  return (!one || line.w >= kWider * writing.w) && beyond <= kOverhang * writing.w &&
         writing.h >= kLeastHeight * line.w && gap >= kLeastGap * writing.h &&
         gap <= kMostGap * writing.h;
}

// Whether something stands beside the level one, at its height: a minus, on a line of its own.
bool is_in_a_line(const Box& level, const Box& writing, const std::vector<Box>& boxes) {
  const float middle = level.y + level.h / 2;
  return std::any_of(boxes.begin(), boxes.end(), [&](const Box& box) {
    const float apart = std::max(level.x - box.right(), box.x - level.right());
    return apart >= 0 && apart < writing.h && box.y < middle && box.bottom() > middle;
  });
}

}  // namespace

std::vector<bool> find_underlines(const std::vector<Box>& paths) {
  std::vector<bool> found(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!is_level(paths[i])) continue;
    const auto writing = writing_above(i, paths);
    found[i] =
        writing && underlines(paths[i], *writing) && !is_in_a_line(paths[i], *writing, paths);
  }
  return found;
}

std::vector<bool> underlines_among(const std::vector<Component>& components) {
  int largest = 0;
  for (const Component& c : components) largest = std::max(largest, c.area);
  const std::vector<double> thickness = thickness_of(components);
  std::vector<Box> paths;
  std::vector<std::size_t> place;
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    if (static_cast<float>(c.area) < kCrumb * static_cast<float>(largest)) continue;
    const float pen = static_cast<float>(thickness[n]);
    const auto shrunk = [pen](int from, int to) {
      return std::max(0.0F, static_cast<float>(to - from + 1) - pen);
    };
    paths.push_back({static_cast<float>(c.x0) + pen / 2, static_cast<float>(c.y0) + pen / 2,
                     shrunk(c.x0, c.x1), shrunk(c.y0, c.y1)});
    place.push_back(n);
  }
  std::vector<bool> found(components.size());
  const std::vector<bool> among = find_underlines(paths);
  for (std::size_t i = 0; i < place.size(); ++i) found[place[i]] = among[i];
  return found;
}

Strokes without_underlines(const Strokes& strokes) {
  Strokes written;
  std::vector<Box> paths;
  for (const Stroke& stroke : strokes.strokes) {
    if (stroke.empty()) continue;
    written.strokes.push_back(stroke);
    paths.push_back(bounds({{stroke}}));
  }
  const std::vector<bool> underline = find_underlines(paths);
  Strokes rest;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!underline[i]) rest.strokes.push_back(std::move(written.strokes[i]));
  }
  return rest;
}

}  // namespace longhand::ink
