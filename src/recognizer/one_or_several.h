#pragma once

#include <vector>

#include "ink/image.h"
#include "recognizer/line_reader.h"
#include "recognizer/reader.h"

namespace longhand::recognizer {

// Whether what was read both as one glyph and otherwise is one glyph, or a number, or a page.

bool is_glyph_shaped(const ink::Box& box);

// Whether it is one glyph beyond doubt by its shape and to the network, as far as it was read so.
bool is_surely_one(const Reading& whole);

// Whether what was read as one glyph is so large that it may be a page, whose lines run into
// strokes at the size of one glyph: to be taken for one only if it has no more marks than this, at
// the resolution of its writing.
bool may_be_many(const Reading& whole);
inline constexpr std::size_t kMostMarksOfOne = 12;

// Whether ink that is too wide for one glyph stands side by side in parts about as high as all of
// it, nothing reaching from one to the next. A dash is as sure of a whole number as of any bar.
// REQUIRES: a box at least.
bool stands_apart(std::vector<ink::Box> boxes, const ink::Box& all);

// Whether what has one glyph's shape is that, as far as it was read so, rather than a page. All of
// a page is less likely right than any one glyph, so that a glyph that is rejected says little
// beside a text of some length, and no glyph falls apart into many signs that are accepted.
bool is_rather_one(const Reading& whole, const Reading& page);

// A line as it was read, and what is known of its ink.
struct MaybeNumber {
  const LineReading& line;
  bool accepted = false;      // the line, by the model's card
  ink::Box box;               // of all of it
  float whole = 0;            // how surely it was also read as one glyph
  bool seen_as_pair = false;  // a model of pairs took it for two characters that touch
};

// Whether what was also read as one glyph is several: by their shape; or surer so, each about as
// high as all of it. Ink that hangs together is cut only where it can hardly be one glyph, or was
// seen as a pair.
bool is_number(const MaybeNumber& number);

}  // namespace longhand::recognizer
