#pragma once

#include <cstddef>
#include <string_view>

#include "recognizer/reading.h"

namespace longhand::recognizer {

// Whether it is one of the characters that any blot or scratch looks like.
bool is_bare_stroke(std::string_view text);

// How sure a reading is of its glyphs on the average (the geometric mean of their confidences),
// bare strokes aside where there is anything else; 0 where there are none.
double usual_confidence(const Reading& reading);

// The same of their shapes, look-alikes counting together, and of how many glyphs that is.
struct Sureness {
  double usual = 0;
  std::size_t glyphs = 0;
};
Sureness sureness_of_shapes(const Reading& reading);

}  // namespace longhand::recognizer
