#pragma once

#include <vector>

#include "ink/image.h"

namespace longhand::ink {

// A picture of two levels whose rim is of both, as where it is cut close around writing: with a
// margin of the rarer level, as more of a close cut around thick writing is ink than paper, and
// with one of the other, each of which makes that level the paper. Empty where it has more levels,
// or one has the rim nearly to itself. Pure and thread-safe.
std::vector<Raster> with_paper_around(const Raster& raster);

}  // namespace longhand::ink
