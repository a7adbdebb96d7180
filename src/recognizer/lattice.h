#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "recognizer/pattern.h"
#include "recognizer/sign_size.h"

namespace longhand::recognizer {

// One way to take a run of neighbouring pieces: as a glyph, or as dirt.
struct Hypothesis {
  std::size_t first = 0, last = 0;  // pieces, both included
  // The logarithm of how likely it is that these pieces are one glyph, apart from which.
  double prior = 0;
  // How likely each character of the alphabet is then; they add up to 1 at most, what is missing
  // being none of them. Empty for dirt, which stands for no character.
  std::vector<float> characters;
  // The same as `prior` for a character that the alphabet lacks: of what the network thinks of it
  // nothing; and how large the pieces are, where that is known.
  double foreign_prior = 0;
  std::optional<SizeInLine> size = std::nullopt;
  // Of two neighbours that were seen as a pair: the place of the other in the hypotheses, which no
  // way takes one without the other of.
  std::optional<std::size_t> other_half = std::nullopt;
};

// The glyphs of the best way through.
struct Path {
  struct Step {
    std::size_t hypothesis = 0;
    std::string text;         // one character; of the alphabet, or a literal of the pattern
    double confidence = 0;    // of the character, among those that the pattern has there
    std::size_t element = 0;  // of the pattern
  };
  std::vector<Step> steps;  // from left to right, dirt left out
  // The share of this text among all that the pieces may say: 0 when there is no way that fits.
  double confidence = 0;
};

// What it is worth, as a logarithm, that two hypotheses are neighbours: places in the hypotheses,
// `right` begins where `left` ends.
struct Bond {
  std::size_t left = 0, right = 0;
  double worth = 0;
};

// All ways to read a row of `pieces` pieces as glyphs, each piece in exactly one hypothesis: the
// likeliest that fits the pattern (Viterbi's algorithm) and its share of all that fit (the forward
// algorithm). Neighbours without a bond are worth 0. A literal that the alphabet lacks may stand
// where none of the alphabet's characters does. The path is empty where no way fits. Pure; the time
// is in proportion to pairs of neighbours times the pattern's elements and the alphabet.
Path best_path(std::size_t pieces, std::span<const Hypothesis> hypotheses,
               std::span<const Bond> bonds, std::span<const std::string> alphabet,
               const Pattern& pattern);

// The hypotheses that begin at each piece and are no dirt; nothing begins after the last.
std::vector<std::vector<std::size_t>> beginnings_of(std::span<const Hypothesis> hypotheses,
                                                    std::size_t pieces);

// How much of a distribution over an alphabet says "none of these": what networks spread evenly
// over all characters. 0 where a few characters have it all, 1 where all have the same.
double none_share(std::span<const float> characters);

// The logarithm of how likely a network finds it that ink is any of what it knows, by the largest
// share of one and the none_share() of all: networks were taught to prefer none for what is none.
double evidence(double top, double none);

}  // namespace longhand::recognizer
