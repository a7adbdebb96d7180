#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ink/image.h"
#include "recognizer/line_reader.h"

namespace longhand::recognizer {

// The gap from which two neighbours on these lines of glyphs, left to right, are of different
// words, in the boxes' units; 0 where there are no two glyphs on a line.
float word_gap(const std::vector<std::vector<ink::Box>>& lines);
float word_gap(const std::vector<LineReading>& lines);

// The paper between two boxes side by side; 0 where they overlap.
float gap_between(const ink::Box& left, const ink::Box& right);

// What a line says, with a blank wherever there is more paper than that.
std::string text_of(const LineReading& line, float blank_from);

// Whether a line by itself is several words: by its gaps, and as its glyphs stand apart from middle
// to middle, too. In the cells of a form a 1 has wide gaps, and is as far from the next as any.
bool is_of_words(const LineReading& line);

// A line's parts, left to right, with more than so much paper between them. `line` are places in
// `boxes`, in any order.
std::vector<std::vector<std::size_t>> words_of(std::vector<std::size_t> line,
                                               const std::vector<ink::Box>& boxes,
                                               float blank_from);

}  // namespace longhand::recognizer
