#pragma once

#include <vector>

#include "ink/plane.h"
#include "ink/sheet.h"

namespace longhand::ink {

// A straight line across the paper, nearly level or nearly upright: y = at + slope * (x - x0 of the
// sheet), x and y exchanged where it is upright.
struct PrintedLine {
  bool upright = false;
  float at = 0;
  float slope = 0;
  int thickness = 1;     // in places
  int from = 0, to = 0;  // its first and last place along the sheet
};

// What was printed before somebody wrote: ruled lines, squares, the cell of a form. Lines count
// that run from rim to rim of the sheet or end at one another, and that differ from the writing in
// thickness or strength, or are four or more; what is left without them must still be writing.
// `mask` becomes the places they cover, those excepted where a stroke crosses or follows them.
// Places are inked from `inked` coverage on. Empty where there are none.
std::vector<PrintedLine> find_printed_lines(const Plane& coverage, const Part& sheet, float inked,
                                            Mask& mask);

// The same of a page of writing whose glyphs are about `height` places high, at a resolution that
// shows a pen's strokes some places wide: where there are many lines they may end anywhere, as on a
// page that lies askew, and the writing may be small beside the sheet.
std::vector<PrintedLine> find_page_lines(const Plane& coverage, float height, float inked,
                                         Mask& mask);

}  // namespace longhand::ink
