#pragma once

#include <vector>

#include "ink/plane.h"
#include "ink/printed_lines.h"

namespace longhand::ink {

// A run of inked places across the direction of the lines.
struct Run {
  int x, y0, y1;  // inclusive
  int thickness() const { return y1 - y0 + 1; }
  float middle() const { return static_cast<float>(y0 + y1) / 2; }
};

// A straight line, and the runs that it goes through.
struct LineCandidate {
  PrintedLine line;
  std::vector<Run> runs;
};

// Straight lines that are nearly level on a mask (turned where they are upright on the sheet):
// thin, inked nearly all along, at least about half of the mask long. Found one after another, the
// strongest first, by votes of thin runs (Hough).
std::vector<LineCandidate> line_candidates(const Mask& mask, bool upright);

// The same of a page whose writing is about `height` places high, many parallel ones at a time,
// also of masks of thousands of places a side; and each three times that height long, as no stroke
// is.
std::vector<LineCandidate> page_line_candidates(const Mask& mask, bool upright, float height);

}  // namespace longhand::ink
