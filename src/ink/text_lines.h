#pragma once

#include <cstddef>
#include <vector>

#include "ink/image.h"

namespace longhand::ink {

// How much lower lines lie a unit further to the right, all of them together: that of the straight
// lines through three boxes and more that stand side by side; 0 where there are none.
float line_slope(const std::vector<Box>& boxes);

// Lines of writing, from the top, each with its boxes (by their places in `boxes`) from left to
// right. Lines may be slightly askew, all of them alike. Small boxes (dots, dashes, scraps) belong
// to the nearest line, those that are no
// scraps and far from any to lines of their own. Every box is in one line.
std::vector<std::vector<std::size_t>> find_lines(const std::vector<Box>& boxes);

}  // namespace longhand::ink
