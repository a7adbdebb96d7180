#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "ink/piece_row.h"
#include "recognizer/card.h"
#include "recognizer/lattice.h"
#include "recognizer/line_reader.h"
#include "recognizer/lookalikes.h"

namespace longhand::recognizer {

// What a model of pairs says of a row that was cut: both sides of each cut are shown to it at once
// (touching.h). What it is made of must outlive it.
class SeenPairs {
 public:
  SeenPairs(const ink::PieceRow& row, const Card& card, const Scorer& pairs,
            const Lookalikes& lookalikes)
      : row_(row), card_(card), pairs_(pairs), lookalikes_(lookalikes) {}

  // Looks at the neighbours on both sides of every cut, and adds what each is worth to `bonds`;
  // what looks like no glyph by itself is not shown. `budget` is how many runs of pieces may still
  // be shown to a network.
  void look(const std::vector<Hypothesis>& hypotheses, std::size_t& budget,
            std::vector<Bond>& bonds);

  // Weighs the characters of a path's glyphs by what was seen; false where none touch.
  bool weigh(const Path& path, std::vector<Hypothesis>& hypotheses) const;

 private:
  const ink::PieceRow& row_;
  const Card& card_;
  const Scorer& pairs_;
  const Lookalikes& lookalikes_;
  // Of two hypotheses.
  std::map<std::pair<std::size_t, std::size_t>, std::vector<float>> seen_;
};

}  // namespace longhand::recognizer
