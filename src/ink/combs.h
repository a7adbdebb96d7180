#pragma once

#include <vector>

#include "ink/components.h"
#include "ink/plane.h"

namespace longhand::ink {

// What printed lines leave behind when they are taken out: the ticks of a comb field, which stand
// on its line between the digits. Short upright strokes that end at a place of `printed`, three or
// more of them, each about as long as the others and less than most of `height`, the writing's.
std::vector<bool> ticks_among(const std::vector<Component>& components, const Mask& printed,
                              float height);

// Combs that hang together and that no printed line was found in: a level line over most of whose
// length there is nothing, with three ticks or more that are lower than the writing on it.
std::vector<bool> combs_among(const std::vector<Component>& components, const Grid<int>& labels,
                              float height);

}  // namespace longhand::ink
