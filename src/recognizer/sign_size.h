#pragma once

#include <span>
#include <string>
#include <string_view>

namespace longhand::recognizer {

// Whether an alphabet has signs that only their size tells from each other or from a digit: a comma
// is a short slash, a full stop a small nought that the pen filled.
bool has_signs(std::span<const std::string> alphabet);

// How large a glyph is in its line, and where: shares of the usual height of the line's glyphs.
struct SizeInLine {
  double width = 0.5;
  double height = 1;
  double middle = 0;  // how far the glyph's middle lies below the line's
  bool cut = false;   // from ink that it touched, which small signs seldom do
};

// The logarithm of how usual a size and a place are for a character, against any size anywhere.
double worth_of_size(const SizeInLine& size, std::string_view character);

// Weighs the characters of a glyph in a line by how usual its size and its place are for each.
// `characters` are their likelihoods, in the order of `alphabet`; their sum stays as it is. Of what
// is very small the shape, as the network sees it enlarged, counts less: a dot drawn as a short
// line is no dash. Gives the logarithm of how usual both are for what the glyph may be, against
// glyphs of any size anywhere: near 0 where they say nothing.
double weigh_by_size(const SizeInLine& size, std::span<const std::string> alphabet,
                     std::span<float> characters);

}  // namespace longhand::recognizer
