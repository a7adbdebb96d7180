#pragma once

#include <optional>

#include "ink/find_ink.h"
#include "ink/image.h"
#include "ink/strokes.h"

namespace longhand::ink {

// The measures of normalization "ink-1", in pixels of the glyph's 28x28.
struct Ink1 {
  static constexpr int kSize = 28;
  static constexpr float kBox = 20;           // the longer side of the written shape, as in MNIST
  static constexpr float kStrokeWidth = 2.4F;  // what every pen is brought to
  static constexpr float kDeslant = 0.75F;    // the share of the slant that is taken out
  static constexpr float kMaxShear = 0.6F;
};

// The shear that undoes most of a shape's slant, from its second moments: x moves by this times
// the distance in y from the centre.
float deslanting_shear(double mu11, double mu02);

// Brings ink to one stroke width, size, slant and softness, the centre of mass in the middle: 28x28,
// ink 255 on 0. nullopt where nothing of substance is left.
std::optional<GreyImage> even_out(const InkPatch& patch);

// The same from the pen's path itself, so that the board's brush plays no part.
std::optional<GreyImage> even_out(const Strokes& strokes);

}  // namespace longhand::ink
