#pragma once

#include <vector>

#include "ink/components.h"

namespace longhand::ink {

// Which components are filled and round, far thicker than the strokes of the writing and larger
// than its dots: the holes of punched paper, a list's bullets. None where there is nothing else as
// large. Deterministic.
std::vector<bool> discs_among(const std::vector<Component>& components, const Grid<int>& labels);

}  // namespace longhand::ink
