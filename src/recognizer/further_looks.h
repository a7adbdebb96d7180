#pragma once

#include <functional>

#include "ink/normalize.h"
#include "recognizer/reading.h"

namespace longhand::recognizer {

// What a picture or a board says when its glyph, as it was found at first sight, was rejected: the
// first of what `read` makes of the further looks at it (ink/looks.h) that is not rejected, or else
// the most confident, if it is clearly surer than `first`; where all of those are rejected, a
// picture as it was before it was stretched to a square (ink/stretched.h) if that is read with
// hardly a doubt. A reading that was not rejected is given
// back as it is, so that what can be read costs nothing more; but what was read as 0, O or o is
// looked at as the outline of a bar where it is one (ink/hollow_bar.h). Times are those of all
// looks together. Thread-safe if `read` is. `Content` is ink::Raster or ink::Strokes.
template <typename Content>
Reading look_further(const Content& content, ink::Normalization normalization, Reading first,
                     const std::function<Reading(const ink::Glyph&)>& read);

}  // namespace longhand::recognizer
