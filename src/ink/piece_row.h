#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "ink/layout.h"
#include "ink/normalize.h"
#include "ink/strokes.h"

namespace longhand::ink {

// A part of a line of writing that belongs to one glyph: a component, a stroke, or a part of one
// that was cut.
struct Piece {
  Box box;  // in the pixels or board units of what was given
  // Pieces that were cut from one whole have its number, and count from the left in it, from 1; a
  // whole that is not cut is part 0.
  std::size_t whole = 0;
  int part = 0;
  // How much ink the cut to the part before went through, as a share of the row's height.
  float cut = 0;
  // Strokes that meet have one number, whether they are one sign's or two signs' that touch; -1
  // where nothing is known of that.
  int meeting = -1;
};

// A line of writing in pieces from left to right. Any run of neighbouring pieces may be a glyph:
// which of them are is for a reader to find out. Not thread-safe while it is cut.
class PieceRow {
 public:
  virtual ~PieceRow() = default;

  const std::vector<Piece>& pieces() const { return pieces_; }
  // The usual height of the line's glyphs, in the units of the boxes; greater than 0.
  float height() const { return height_; }

  // The pieces first..last, both of them included, as one glyph.
  virtual std::optional<Glyph> glyph(std::size_t first, std::size_t last,
                                     Normalization normalization) const = 0;

  // Cuts the wholes that `chosen` names where glyphs may touch, so that no glyph spans a cut unless
  // it was in the right place; all pieces get new places. A whole is cut once at most.
  virtual void cut(const std::vector<std::size_t>& chosen) = 0;

 protected:
  std::vector<Piece> pieces_;
  float height_ = 0;
};

// Pieces a row may have. More are no line of writing: the largest are kept, and wholes are cut as
// long as there is room.
inline constexpr std::size_t kMostPieces = 400;

// The components of a sheet that `line` names, as a line of writing. The sheet must outlive it.
std::unique_ptr<PieceRow> row_of(const Layout& sheet, const std::vector<std::size_t>& line);

// The strokes that `line` names, as a line of writing; those that lie over each other are one.
// The strokes, which must have passed check(), must outlive it.
std::unique_ptr<PieceRow> row_of(const Strokes& strokes, const std::vector<std::size_t>& line);

}  // namespace longhand::ink
