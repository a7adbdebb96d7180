#pragma once

#include <optional>

#include "ink/plane.h"

namespace longhand::ink {

// What the ink encloses filled, what that encloses left, and so on inwards: strokes of which only
// the outline is drawn, and the holes of their loops. Places of at least `ink` are ink; the corner
// of `coverage` is outside. nullopt where nothing is enclosed. Pure and thread-safe.
std::optional<Plane> filled_outlines(const Plane& coverage, float ink);

}  // namespace longhand::ink
