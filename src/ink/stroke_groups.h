#pragma once

#include <cstddef>
#include <vector>

#include "ink/strokes.h"

namespace longhand::ink {

// Strokes that meet, or nearly so, and are one sign's as far as their size goes: the two of a 4,
// the bar of a 5 with the rest. By their places, each in one group; in the order of each group's
// first. Empty strokes are in none.
std::vector<std::vector<std::size_t>> strokes_that_meet(const Strokes& strokes);

}  // namespace longhand::ink
