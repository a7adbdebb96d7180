#pragma once

#include <vector>

#include "ink/components.h"

namespace longhand::ink {

// Which components are the holes of a spiral or comb binding: five or more that are filled, compact
// and of one size, evenly apart in a straight row of any direction; one at a time may be missing
// where it was written over. So are leaders of dots. Or six or more of any one shape, as the wire
// makes it that goes through them, along one side of all the rest and smaller than what is written.
// Nobody writes so. Deterministic.
std::vector<bool> bindings_among(const std::vector<Component>& components);

}  // namespace longhand::ink
