#pragma once

#include <vector>

#include "ink/components.h"
#include "ink/plane.h"
#include "ink/sheet.h"

namespace longhand::ink {

// What lies along the rim of a sheet beside writing that is not at the rim: the table past a page's
// edge that is not quite straight in the picture, a shadow, a neighbouring form. Writing that comes
// in over the rim meets it in places; these keep to it, and are flatter, deeper or longer than
// glyphs. A mask of coverage's size, set there and on the soft edge beside; empty (0x0) where there
// is none.
Mask find_page_edges(const Plane& coverage, const Part& sheet, float inked);

// The same of components that label_components() found.
Mask find_page_edges(const std::vector<Component>& components, const Grid<int>& labels,
                     const Part& sheet);

}  // namespace longhand::ink
