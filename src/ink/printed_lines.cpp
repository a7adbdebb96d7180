#include "ink/printed_lines.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "ink/components.h"
#include "ink/line_search.h"
#include "ink/masks.h"

namespace longhand::ink {
namespace {

constexpr double kWrittenBy = 4;  // times a line's thickness, at least, is writing on a page
constexpr double kThinner = 0.7;  // than the writing's strokes: a printed line
constexpr double kFainter = 0.75;
// What on a line is so much stronger than it, and nearly as strong as the writing, is a stroke.
constexpr double kStronger = 1.8, kAsStrong = 0.8;
constexpr int kMany = 4;               // lines that are a grid or a cell, however strong
constexpr int kSurelyRuled = 12;       // and so many a sheet's, however small the writing
constexpr double kLeastWriting = 0.2;  // of the sheet's smaller side
constexpr int kLeastSide = 40;         // places: in less, lines and strokes are as thick

Mask inked_places(const Plane& coverage, const Part& sheet, float inked) {
  const int width = sheet.width();
  Mask mask(width, sheet.height());
  for (int y = 0; y < mask.height; ++y) {
    const float* in = coverage.row(sheet.y0 + y) + sheet.x0;
    std::uint8_t* out = mask.row(y);
    for (int x = 0; x < width; ++x) out[x] = in[x] < inked ? 0 : 1;
  }
  return mask;
}

// Whether the end of one lies at the rim or at a line across it.
bool ends_well(const PrintedLine& line, int end, int length,
               const std::vector<LineCandidate>& across) {
  const int near = std::max(2, length / 32);
  if (end <= near || end >= length - 1 - near) return true;
  return std::any_of(across.begin(), across.end(), [&](const LineCandidate& other) {
    const float at = other.line.at + other.line.slope * line.at;
    return std::abs(at - static_cast<float>(end)) <=
           static_cast<float>(near + other.line.thickness);
  });
}

// Median, over inked places, of the shorter of the runs along x and y through each: the strokes'
// thickness; and their mean coverage.
struct Writing {
  double thickness = 0, strength = 0;
  int extent = 0;  // of the largest component
};

Writing writing_of(const Plane& coverage, const Part& sheet, float inked, const Mask& lines) {
  Plane rest = cut(coverage, sheet);
  for (int y = 0; y < rest.height; ++y) {
    for (int x = 0; x < rest.width; ++x) {
      if (lines.at(sheet.x0 + x, sheet.y0 + y)) rest.at(x, y) = 0;
    }
  }
  Writing writing;
  Grid<int> labels;
  for (const Component& c : label_components(rest, inked, labels))
    writing.extent = std::max(writing.extent, c.extent());
  Grid<int> shorter(rest.width, rest.height, 0);
  for (int y = 0; y < rest.height; ++y) {
    for (int x = 0, start = 0; x <= rest.width; ++x) {
      if (x < rest.width && rest.at(x, y) >= inked) continue;
      for (int i = start; i < x; ++i) shorter.at(i, y) = x - start;
      start = x + 1;
    }
  }
  std::vector<int> thickness;
  double sum = 0;
  for (int x = 0; x < rest.width; ++x) {
    for (int y = 0, start = 0; y <= rest.height; ++y) {
      if (y < rest.height && rest.at(x, y) >= inked) continue;
      for (int j = start; j < y; ++j) {
        thickness.push_back(std::min(shorter.at(x, j), y - start));
        sum += rest.at(x, j);
      }
      start = y + 1;
    }
  }
  if (thickness.empty()) return writing;
  std::nth_element(thickness.begin(), thickness.begin() + static_cast<long>(thickness.size() / 2),
                   thickness.end());
  writing.thickness = thickness[thickness.size() / 2];
  writing.strength = sum / static_cast<double>(thickness.size());
  return writing;
}

// Marks the runs of a line that are no thicker than it and, since its edges are soft, a place on
// either side of them.
void mark(const LineCandidate& c, const Part& sheet, Mask& mask) {
  for (const Run& run : c.runs) {
    if (run.thickness() > c.line.thickness + std::max(1, c.line.thickness / 2)) continue;
    for (int y = run.y0 - 1; y <= run.y1 + 1; ++y) {
      const int px = sheet.x0 + (c.line.upright ? y : run.x);
      const int py = sheet.y0 + (c.line.upright ? run.x : y);
      if (px >= sheet.x0 && py >= sheet.y0 && px < sheet.x1 && py < sheet.y1) mask.at(px, py) = 1;
    }
  }
}

// Marks where two lines cross, since neither's runs are thin there; unless a stroke covers it, and
// so the corners between the lines.
void mark_crossing(const PrintedLine& level, const PrintedLine& upright, const Plane& coverage,
                   float inked, const Part& sheet, Mask& mask) {
  const float x = upright.at + upright.slope * level.at, y = level.at + level.slope * x;
  const int rx = upright.thickness / 2 + 1, ry = level.thickness / 2 + 1;
  const int cx = sheet.x0 + static_cast<int>(x + 0.5F), cy = sheet.y0 + static_cast<int>(y + 0.5F);
  int corners = 0;
  for (const int sx : {-1, 1}) {
    for (const int sy : {-1, 1}) {
      const int px = cx + sx * (rx + 1), py = cy + sy * (ry + 1);
      if (px < sheet.x0 || py < sheet.y0 || px >= sheet.x1 || py >= sheet.y1) continue;
      corners += coverage.at(px, py) >= inked ? 1 : 0;
    }
  }
  if (corners > 1) return;
  for (int py = std::max(sheet.y0, cy - ry); py <= std::min(sheet.y1 - 1, cy + ry); ++py) {
    for (int px = std::max(sheet.x0, cx - rx); px <= std::min(sheet.x1 - 1, cx + rx); ++px)
      mask.at(px, py) = 1;
  }
}

}  // namespace

namespace {

// The mean coverage in the middle of a line's runs.
double strength_along(const LineCandidate& c, const Plane& coverage, const Part& sheet) {
  double sum = 0;
  for (const Run& run : c.runs) {
    const int x = c.line.upright ? (run.y0 + run.y1) / 2 : run.x;
    const int y = c.line.upright ? run.x : (run.y0 + run.y1) / 2;
    sum += coverage.at(sheet.x0 + x, sheet.y0 + y);
  }
  return c.runs.empty() ? 0 : sum / static_cast<double>(c.runs.size());
}

// Marks the lines if what is left without them is writing and they differ from it; else nothing.
std::vector<PrintedLine> marked(const std::vector<const LineCandidate*>& lines,
                                const Plane& coverage, const Part& sheet, float inked, bool page,
                                Mask& mask) {
  std::vector<PrintedLine> result;
  if (lines.empty()) return result;
  for (const LineCandidate* c : lines) mark(*c, sheet, mask);
  for (const LineCandidate* a : lines) {
    for (const LineCandidate* b : lines) {
      if (!a->line.upright && b->line.upright)
        mark_crossing(a->line, b->line, coverage, inked, sheet, mask);
    }
  }

  const Writing writing = writing_of(coverage, sheet, inked, mask);
  double thickness = 0, sum = 0, count = 0, strongest = 0;
  for (const LineCandidate* c : lines) {
    const double strength = strength_along(*c, coverage, sheet);
    const auto length = static_cast<double>(c->runs.size());
    sum += strength * length, count += length;
    strongest = std::max(strongest, strength);
    thickness = std::max<double>(thickness, c->line.thickness);
  }
  const double strength = sum / count;
  const bool ruled = page || static_cast<int>(lines.size()) >= kSurelyRuled;
  const double least =
      ruled ? kWrittenBy * thickness : kLeastWriting * std::min(sheet.width(), sheet.height());
  const bool written = writing.extent >= least;
  const bool differ =
      thickness <= kThinner * writing.thickness || strength <= kFainter * writing.strength;
  if (written && (differ || static_cast<int>(lines.size()) >= kMany)) {
    for (const LineCandidate* c : lines) result.push_back(c->line);
    const double kept = std::max(kStronger * strongest, kAsStrong * writing.strength);
    for (std::size_t i = 0; i < mask.size(); ++i) {
      if (coverage.values[i] >= kept) mask.values[i] = 0;
    }
  } else {
    mask = Mask(coverage.width, coverage.height);
  }
  return result;
}

std::vector<const LineCandidate*> well_ended(const std::vector<LineCandidate>& level,
                                             const std::vector<LineCandidate>& upright,
                                             const Part& sheet, bool page) {
  std::vector<const LineCandidate*> lines;
  const auto accept = [&](const std::vector<LineCandidate>& these,
                          const std::vector<LineCandidate>& across, int length) {
    const bool many = page && static_cast<int>(these.size()) >= kMany;
    for (const LineCandidate& c : these) {
      if (many || (ends_well(c.line, c.line.from, length, across) &&
                   ends_well(c.line, c.line.to, length, across)))
        lines.push_back(&c);
    }
  };
  accept(level, upright, sheet.width());
  accept(upright, level, sheet.height());
  return lines;
}

}  // namespace

std::vector<PrintedLine> find_printed_lines(const Plane& coverage, const Part& sheet, float inked,
                                            Mask& mask) {
  mask = Mask(coverage.width, coverage.height);
  if (std::min(sheet.width(), sheet.height()) < kLeastSide) return {};
  const Mask places = inked_places(coverage, sheet, inked);
  const auto level = line_candidates(places, false);
  const auto upright = line_candidates(turned(places), true);
  return marked(well_ended(level, upright, sheet, false), coverage, sheet, inked, false, mask);
}

std::vector<PrintedLine> find_page_lines(const Plane& coverage, float height, float inked,
                                         Mask& mask) {
  mask = Mask(coverage.width, coverage.height);
  const Part all = {0, 0, coverage.width, coverage.height};
  if (std::min(all.width(), all.height()) < kLeastSide) return {};
  const Mask places = inked_places(coverage, all, inked);
  const auto level = page_line_candidates(places, false, height);
  const auto upright = page_line_candidates(turned(places), true, height);
  return marked(well_ended(level, upright, all, true), coverage, all, inked, true, mask);
}

}  // namespace longhand::ink
