#pragma once

#include <vector>

#include "ink/components.h"
#include "ink/strokes.h"

namespace longhand::ink {

// Which components are drawn around others: the circle around an answer, the frame around a number,
// the cell of a form. Such a one goes round what it holds, a small gap aside, and touches none of
// it, which is of some size beside it; a 0 that a slash goes through or a dot stands in is none,
// nor is the outer one of a sign's two outlines. Not for scripts whose signs are so made, as 国 is.
// Deterministic.
std::vector<bool> enclosures_among(const std::vector<Component>& components,
                                   const Grid<int>& labels);

// A board's strokes without those that are drawn around others.
Strokes without_enclosures(const Strokes& strokes);

}  // namespace longhand::ink
