#pragma once

#include <vector>

#include "ink/components.h"
#include "ink/plane.h"

namespace longhand::ink {

// The dots that paper is printed with, as in notebooks: many of one size, much smaller than the
// writing, each with others like it at equal distances in two directions at right angles. Dots that
// touch a stroke, and those that stand elsewhere, as a writer's do, are left. A mask of coverage's
// size, empty where there are none; `inked` as of an InkMap. Deterministic; time is bounded.
Mask find_dot_grid(const Plane& coverage, float inked);

// The same of components that label_components() found.
Mask find_dot_grid(const std::vector<Component>& components, const Grid<int>& labels);

}  // namespace longhand::ink
