#pragma once

#include <optional>

#include "ink/normalize.h"

namespace longhand::ink {

// A glyph that is the outline of a bar, as hollow letters have it of a 1, filled: a closed ring
// that is long and narrow, as is what is hollow in it. A 0 is rounder: of MNIST's 5,923 for
// training none is taken for one. nullopt for all others. REQUIRES: a glyph that isn't empty, with
// paper in its corner. Pure and thread-safe.
std::optional<Glyph> filled_bar(const Glyph& glyph);

}  // namespace longhand::ink
