#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace longhand::recognizer {

// Where ink that hangs together is cut, a part may look like a character though the cut was in the
// wrong place. A network that knows pairs of touching characters is shown both sides of a cut at
// once: it says whether the two are a pair at all, and which.
//
// Of n characters, a pair (l, r) is class n * l + r. All shares are calibrated and add up to 1 at
// most.

// The least that bond_of() gives: of parts that aren't worth a look.
inline constexpr double kWorstBond = -10;

// What it is worth, as a logarithm, that two parts with these shares are neighbours: how well the
// pair's shares agree with theirs, and that it is a pair at all.
double bond_of(std::span<const float> left, std::span<const float> right,
               std::span<const float> pair);

// The likeliest pair with its share, and what each side of a pair is, whatever the other is.
struct PairReading {
  std::size_t first = 0, second = 0;
  double share = 0;
  std::vector<float> left, right;
};
// REQUIRES: shares of n * n pairs, n > 0.
PairReading read_pair(std::span<const float> pair);

// The shares of glyphs in a row once their pairs have been seen: pairs[i] is of glyphs i and i + 1,
// empty where those don't touch. Marginals of the chain (the forward-backward algorithm).
// REQUIRES: one pair fewer than glyphs.
std::vector<std::vector<float>> weigh_by_pairs(std::span<const std::vector<float>> glyphs,
                                               std::span<const std::vector<float>> pairs);

}  // namespace longhand::recognizer
