#pragma once

#include <cstddef>

#include "recognizer/reading.h"

namespace longhand::recognizer {

// Whether a page's lines that were accepted, `read`, are writing, of so many glyphs found on all of
// the page: a picture of anything has spots that look like a digit or two, and edges like many a 1.
// A few numbers among words that the model doesn't know are writing.
bool is_written_page(const Reading& read, std::size_t found);

}  // namespace longhand::recognizer
