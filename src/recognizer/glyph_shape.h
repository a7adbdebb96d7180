#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ink/piece_row.h"

namespace longhand::recognizer {

// What the alphabet says of sizes: digits are as high as each other, signs are weighed by their own
// (sign_size.h), of all else only the smallest are unlikely.
enum class Kind { kDigits, kSigns, kOthers };

Kind kind_of(const std::vector<std::string>& alphabet);

// Of a run of pieces. Sizes are shares of the row's height.
struct Shape {
  double width = 0, height = 0;
  double middle = 0;  // from above, in the units of the boxes
  double gap = 0;     // the widest in it, between neighbouring pieces
};

// Of the pieces first..last, both included.
Shape shape_of(const ink::PieceRow& row, std::size_t first, std::size_t last);

// The middle of the line, from above, by what is as high as its glyphs usually are; nullopt where
// nothing is, or where there is one piece alone, which is neither large nor small.
std::optional<double> middle_of(const ink::PieceRow& row);

// What it costs, as a logarithm, to cut through ink: of a height of it.
inline constexpr double kCutCost = 2;

// The ink of the cuts that part the pieces first..last from the rest of their wholes.
double cut_around(const ink::PieceRow& row, std::size_t first, std::size_t last);

// Whether a piece was cut from the one before it.
bool is_cut_before(const ink::PieceRow& row, std::size_t piece);

// Whether pieces of that shape, and any run of pieces that holds them, are more than one glyph.
bool is_too_wide(const Shape& shape, Kind kind);

// The logarithm of how likely pieces of that shape are one glyph, by its measures alone; nullopt
// for what is none for certain.
std::optional<double> prior_of(const Shape& shape, Kind kind);

}  // namespace longhand::recognizer
