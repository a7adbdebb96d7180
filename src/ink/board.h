#pragma once

#include "ink/strokes.h"

namespace longhand::ink {

// What of a board's strokes is writing: those that are one joined (ink/pen_lifts.h), without
// underlines and what is drawn around the rest. Empty where there is none.
Strokes writing_on(const Strokes& board);

}  // namespace longhand::ink
