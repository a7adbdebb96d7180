#pragma once

#include <vector>

#include "ink/normalize.h"

namespace longhand::ink {

// A glyph seen otherwise than at first sight, for when what was seen then fits nothing. In the
// order in which they should be tried: without stains (ink/stains.h); with light and dark the other
// way round where the cut is tight (ink/tight_cut.h); without small spots far from the rest; the
// picture's own frame as the glyph's, as if the writing were in its place and only the ink beside
// it had no business there; the thick parts of the ink alone, as if the rest were a line, a scratch
// or a neighbour's stroke across it; without a wavy line (ink/wavy_line.h), of any thickness that a
// pen has; the ink as the outline of a letter that is hollow; with the gaps that a skipping pen
// left closed. At most kMostLooks; those in which nothing is left are left out, and a picture
// without ink has none. Pure and thread-safe, as normalize() is. REQUIRES: not Normalization::kRaw.
inline constexpr int kMostLooks = 12;
std::vector<Glyph> further_looks(const Raster& raster, Normalization normalization);
// The same of a board: without the taps that a hand or a sleeve left far from the writing, if there
// are any. A dot over an i is near it.
std::vector<Glyph> further_looks(const Strokes& strokes, Normalization normalization);

}  // namespace longhand::ink
