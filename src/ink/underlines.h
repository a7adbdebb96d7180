#pragma once

#include <vector>

#include "ink/components.h"
#include "ink/image.h"
#include "ink/strokes.h"

namespace longhand::ink {

// Which of some boxes are lines under the others: level, straight, wider than what stands above
// them, and apart from it. What belongs to a sign touches it or nearly so, as the foot of a 1 does,
// and is no underline; nor is the lower bar of an =, over which no writing stands, nor a minus on a
// line of its own. The boxes are those of the pen's path, without its width. Deterministic, of any
// number of boxes; time goes with their number times that of level ones.
std::vector<bool> find_underlines(const std::vector<Box>& paths);

// The same of components that hang together, of which the small ones are left aside.
std::vector<bool> underlines_among(const std::vector<Component>& components);

// A board's strokes without those that underline the rest.
Strokes without_underlines(const Strokes& strokes);

}  // namespace longhand::ink
