#pragma once

#include <span>
#include <string>

namespace longhand::recognizer {

// Whether an alphabet has signs that only their size tells from each other or from a digit: a comma
// is a short slash, a full stop a small nought that the pen filled.
bool has_signs(std::span<const std::string> alphabet);

// Weighs the characters of a glyph in a line by how usual its height is for each: `height` as a
// share of the usual height of the line's glyphs. `characters` are their likelihoods, in the order
// of `alphabet`; their sum stays as it is. Gives the logarithm of how usual that height is for
// what the glyph may be, against glyphs of any height: near 0 where it says nothing.
double weigh_by_size(double height, std::span<const std::string> alphabet,
                     std::span<float> characters);

}  // namespace longhand::recognizer
