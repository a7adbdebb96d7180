#pragma once

#include "ink/plane.h"

namespace longhand::ink {

// What is not set.
Mask complement(Mask mask);

// With x and y exchanged.
Mask turned(const Mask& mask);

// With all that is at most `by` steps from it, as the crow flies; `by` of any size.
Mask grown(Mask mask, float by);

// Without what is at most `by` steps from its edges. Nothing lies past the mask's own border.
Mask shrunk(const Mask& mask, float by);

}  // namespace longhand::ink
