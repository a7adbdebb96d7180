#pragma once

#include <vector>

#include "ink/normalize.h"

namespace longhand::ink {

// The glyph as it may have been before somebody cut it out and stretched what was cut to a square,
// as many a program does: narrower, in several ways, and where the cut is tight with either of its
// levels as the paper (ink/tight_cut.h). Empty where the ink isn't as wide as it is high and in the
// middle of a square frame that it nearly fills. With so much freedom nearly anything looks like
// something: whoever reads these should ask for more than usual. Pure and thread-safe.
// REQUIRES: not Normalization::kRaw.
std::vector<Glyph> before_stretching(const Raster& raster, Normalization normalization);

}  // namespace longhand::ink
