#pragma once

#include "ink/strokes.h"

namespace longhand::ink {

// The strokes of which each goes on where the one before it ended are one: a program may send a
// path piece by piece, and a screen lose the finger for a moment. Where the next one begins a
// little off (an eighth of the strokes' usual height) it must go on in about the same direction, so
// that what a writer lifts the pen for, as between two signs, stays apart. Empty strokes are left
// out. Linear in the points.
Strokes without_lifts(const Strokes& strokes);

}  // namespace longhand::ink
