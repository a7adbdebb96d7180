#pragma once

#include <functional>

#include "ink/image.h"
#include "ink/normalize.h"
#include "recognizer/reading.h"

namespace longhand::recognizer {

// What a picture says when its glyph, as it was found at first sight, was rejected: the most confident
// of what `read` makes of the further looks at it (ink/looks.h), if it is clearly surer than `first`.
// A reading that was not rejected is given back as it is, so that what can be read costs nothing more. Times are those of all looks
// together. Thread-safe if `read` is.
Reading look_further(const ink::Raster& raster, ink::Normalization normalization, Reading first,
                     const std::function<Reading(const ink::Glyph&)>& read);

}  // namespace longhand::recognizer
