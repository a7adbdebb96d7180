#pragma once

#include "ink/image.h"
#include "ink/strokes.h"

namespace longhand::ink {

// The strokes for people to look at: white on black, centred in a square picture of `side` pixels,
// as large as the margin on every side allows, by a round brush of `line` pixels. The strokes must
// have passed check().
GreyImage draw_fitted(const Strokes& strokes, int side, float margin, float line);

}  // namespace longhand::ink
