#include "ink/sheet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "ink/median.h"

namespace longhand::ink {
namespace {

constexpr float kOneLevel = 12;        // grey levels: as much a margin's places differ
constexpr double kMostOfALine = 0.95;  // of its places are of the level, in a line of the margin
constexpr double kSolid = 0.88;        // of the sheet's places differ from the margin's level
constexpr double kLeastShare = 0.4;    // of the picture's width and height that a sheet takes
constexpr double kMixed =
    0.02;                       // of a line's places that may still be of the margin, past the edge
constexpr int kLeastLines = 4;  // of a sheet
constexpr int kSkew = 16;       // the edge may run askew by a 16th of its length

enum Side { kLeft, kRight, kTop, kBottom };

bool upright(int side) {
  return side == kLeft || side == kRight;
}

// The line at `depth` from a side of the part.
std::vector<float> line_at(const Plane& grey, const Part& part, int side, int depth) {
  std::vector<float> line;
  if (upright(side)) {
    const int x = side == kLeft ? part.x0 + depth : part.x1 - 1 - depth;
    for (int y = part.y0; y < part.y1; ++y) line.push_back(grey.at(x, y));
  } else {
    const int y = side == kTop ? part.y0 + depth : part.y1 - 1 - depth;
    line.assign(grey.row(y) + part.x0, grey.row(y) + part.x1);
  }
  return line;
}

// The share of such a line's places that are of about that level.
double share_near(const Plane& grey, const Part& part, int side, int depth, float level) {
  int near = 0;
  const auto count = [&](float v) { near += std::abs(v - level) <= kOneLevel ? 1 : 0; };
  if (upright(side)) {
    const int x = side == kLeft ? part.x0 + depth : part.x1 - 1 - depth;
    for (int y = part.y0; y < part.y1; ++y) count(grey.at(x, y));
    return static_cast<double>(near) / part.height();
  }
  const float* row = grey.row(side == kTop ? part.y0 + depth : part.y1 - 1 - depth);
  for (int x = part.x0; x < part.x1; ++x) count(row[x]);
  return static_cast<double>(near) / part.width();
}

int depth_of(const Part& part, int side) {
  return upright(side) ? part.width() : part.height();
}

Part shrunk(Part part, int side, int by) {
  if (side == kLeft) part.x0 += by;
  if (side == kRight) part.x1 -= by;
  if (side == kTop) part.y0 += by;
  if (side == kBottom) part.y1 -= by;
  return part;
}

// Share of the part's places that are off the level, all on the same side of it.
double share_off(const Plane& grey, const Part& part, float level) {
  int over = 0, under = 0;
  for (int y = part.y0; y < part.y1; ++y) {
    const float* row = grey.row(y);
    for (int x = part.x0; x < part.x1; ++x) {
      over += row[x] - level > kOneLevel ? 1 : 0;
      under += level - row[x] > kOneLevel ? 1 : 0;
    }
  }
  return std::max(over, under) / (static_cast<double>(part.width()) * part.height());
}

// How many lines from the side are of the level of the outermost.
int even_lines(const Plane& grey, const Part& part, int side, float level) {
  int lines = 0;
  while (lines < depth_of(part, side) && share_near(grey, part, side, lines, level) >= kMostOfALine)
    ++lines;
  return lines;
}

// How many lines at the sheet's edge are still of the margin in part, the edge being askew or soft,
// and one more. nullopt where they don't end: what reaches in from the side is a stroke.
std::optional<int> mixed_lines(const Plane& grey, const Part& part, int side, float level) {
  const int most = std::max(2, (upright(side) ? part.height() : part.width()) / kSkew);
  for (int lines = 0; lines <= std::min(most, depth_of(part, side) - kLeastLines); ++lines) {
    if (share_near(grey, part, side, lines, level) <= kMixed) return lines + 1;
  }
  return std::nullopt;
}

// Whether the level jumps where the margin ends, rather than that light fades beyond what counts as
// one level.
bool is_edge(const Plane& grey, const Part& part, int side, int mixed) {
  const float outside = median(line_at(grey, shrunk(part, side, -1), side, 0));
  return std::abs(median(line_at(grey, part, side, mixed)) - outside) > kOneLevel;
}

struct Margin {
  float level = 0;
  int lines = 0;
};

// The part within those margins that are of about that level.
Part within(const Part& whole, const std::array<Margin, 4>& margins, float level) {
  Part part = whole;
  for (int side = kLeft; side <= kBottom; ++side) {
    const Margin& margin = margins[static_cast<std::size_t>(side)];
    if (std::abs(margin.level - level) <= kOneLevel) part = shrunk(part, side, margin.lines);
  }
  return part;
}

}  // namespace

Part find_sheet(const Plane& grey) {
  const Part whole = {0, 0, grey.width, grey.height};
  if (std::min(grey.width, grey.height) < kLeastLines) return whole;
  std::array<Margin, 4> margins;
  for (int side = kLeft; side <= kBottom; ++side) {
    Margin& margin = margins[static_cast<std::size_t>(side)];
    margin.level = median(line_at(grey, whole, side, 0));
    margin.lines = even_lines(grey, whole, side, margin.level);
    if (margin.lines == depth_of(whole, side)) return whole;  // all of one level
  }
  Part sheet = whole;
  for (int side = kLeft; side <= kBottom; ++side) {
    const Margin& margin = margins[static_cast<std::size_t>(side)];
    if (margin.lines == 0) continue;
    const Part box = within(whole, margins, margin.level);
    if (box.width() < kLeastShare * grey.width || box.height() < kLeastShare * grey.height ||
        share_off(grey, box, margin.level) < kSolid)
      continue;
    const auto mixed = mixed_lines(grey, box, side, margin.level);
    if (mixed && is_edge(grey, box, side, *mixed))
      sheet = shrunk(sheet, side, margin.lines + *mixed);
  }
  return std::min(sheet.width(), sheet.height()) < kLeastLines ? whole : sheet;
}

Plane cut(const Plane& plane, const Part& part) {
  Plane result(part.width(), part.height());
  for (int y = 0; y < result.height; ++y) {
    std::copy_n(plane.row(part.y0 + y) + part.x0, result.width, result.row(y));
  }
  return result;
}

}  // namespace longhand::ink
