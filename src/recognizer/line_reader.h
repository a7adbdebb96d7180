#pragma once

#include <functional>
#include <vector>

#include "ink/piece_row.h"
#include "recognizer/model.h"
#include "recognizer/pattern.h"
#include "recognizer/reading.h"

namespace longhand::recognizer {

// The network at work: one distribution over the alphabet for each glyph, calibrated.
using Scorer = std::function<std::vector<std::vector<float>>(const std::vector<ink::Glyph>&)>;

struct LineReading {
  std::vector<GlyphReading> glyphs;  // from left to right
  double confidence = 0;             // of the text as a whole
  bool cut = false;                  // ink that hangs together was parted
};

// Reads a row of pieces as glyphs that fit the pattern: every run of pieces that may be a glyph by
// its size is shown to the network, wholes that are none are cut where glyphs may touch, and the
// likeliest way through is taken (see lattice.h). No glyphs where no way fits. Cuts the row.
// `pairs`, where it isn't empty, is shown both sides of each cut at once (see touching.h).
// `budget` is how many glyphs may still be shown to the network; what it doesn't reach for is read
// uncut, or not at all.
LineReading read_line(ink::PieceRow& row, const Card& card, const Pattern& pattern,
                      const Scorer& scorer, const Scorer& pairs, std::size_t& budget);

// The best candidates of a glyph among those that `takes` allows, at most ten, best first, their
// confidences as shares of all that it allows and of "none of these".
std::vector<Candidate> candidates_of(std::span<const float> characters,
                                     const std::vector<std::string>& alphabet,
                                     const std::function<bool(const std::string&)>& takes);

}  // namespace longhand::recognizer
