#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "ink/piece_row.h"
#include "recognizer/card.h"
#include "recognizer/lattice.h"
#include "recognizer/line_reader.h"
#include "recognizer/lookalikes.h"

namespace longhand::recognizer {

// Whether ink of that size, read as one character with that confidence, may be two that touch, so
// that it is worth to have a model of pairs look at it.
bool may_be_pair(double confidence, const ink::Box& box);
// Whether by the model's shares it is rather a pair than what was read, with confidence `single`.
bool is_rather_pair(double single, std::span<const float> shares);

// What a model of pairs says of a row (touching.h): of what hangs together, whether it is two
// characters and which, and of a row that was cut, of both sides of each cut at once. What it is
// made of must outlive it.
class SeenPairs {
 public:
  SeenPairs(const ink::PieceRow& row, const Card& card, const Scorer& pairs,
            const Lookalikes& lookalikes)
      : row_(row), card_(card), pairs_(pairs), lookalikes_(lookalikes) {}

  // Looks at the wholes of a row that is not cut yet, but for those that are surely one glyph by
  // `hypotheses` or too narrow for two. `budget` is how many runs of pieces may still be shown to a
  // network, here and below.
  void look_at_wholes(const std::vector<Hypothesis>& hypotheses, std::size_t& budget);

  // Whether a whole was seen to be rather a pair.
  bool is_seen_as_pair(std::size_t whole) const;
  // What it is worth, as a logarithm, that a whole is one glyph all the same; 0 if nothing is
  // known.
  double worth_of_one(std::size_t whole) const;

  // Looks at the neighbours on both sides of every cut, and adds what each is worth to `bonds`;
  // what looks like no glyph by itself is not shown.
  void look(const std::vector<Hypothesis>& hypotheses, std::size_t& budget,
            std::vector<Bond>& bonds);

  // Adds what was seen to be a pair to the hypotheses, as two that go together, read as the pair
  // was. They are of pieces that hypotheses were of before: gives the place of one for each added.
  std::vector<std::size_t> add_halves(std::vector<Hypothesis>& hypotheses) const;

  // Weighs the characters of a path's glyphs by what was seen; false where none touch.
  bool weigh(const Path& path, std::vector<Hypothesis>& hypotheses) const;

 private:
  using Run = std::pair<std::size_t, std::size_t>;  // its first and last piece
  using Shares = std::vector<float>;
  using Halves = std::pair<std::size_t, std::size_t>;  // places of hypotheses

  std::map<Run, Shares> runs_of_wholes() const;

  const ink::PieceRow& row_;
  const Card& card_;
  const Scorer& pairs_;
  const Lookalikes& lookalikes_;
  std::map<std::size_t, Shares> wholes_;  // of those that are rather pairs, by the whole's number
  std::map<Run, Shares> runs_;            // of the row as it was cut
  std::map<Halves, Shares> seen_;
};

}  // namespace longhand::recognizer
