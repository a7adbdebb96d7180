#pragma once

#include <optional>

#include "ink/image.h"

namespace longhand::ink {

// A picture of two levels whose rim is of both, as where it is cut so close around thick writing
// that more of it is ink than paper: with a margin of the rarer level, which makes that the paper.
// nullopt where it has more levels, or one has the rim nearly to itself. Pure and thread-safe.
std::optional<Raster> with_paper_around(const Raster& raster);

}  // namespace longhand::ink
