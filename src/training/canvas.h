#pragma once

#include "ink/image.h"
#include "ink/plane.h"
#include "training/counter_random.h"
#include "training/recipe.h"

namespace longhand::training {

// The picture in the making: ink 1 on 0, two places for each pixel of MNIST's. Frames of 28 pixels
// where the place in the frame matters (raw), of 36 where the normaliser crops.
using Canvas = ink::Plane;
inline constexpr float kCanvasScale = 2;
int canvas_side(ink::Normalization normalization);

// `picture` (ink bright on black, any size; its longer side is taken for 28 pixels) bent by
// rotation, shear, scale, translation and an elastic field, drawn from `random`.
Canvas bend(const ink::GreyImage& picture, const Augmentation& strengths, int side,
            CounterRandom& random);
// Grows (radius > 0) or shrinks strokes by a radius in places; shrinking stops short of losing
// them.
void change_stroke(Canvas& canvas, float radius);
// The canvas as a picture of `side` pixels; each is the mean of what it covers.
ink::GreyImage to_picture(const Canvas& canvas, int side);

}  // namespace longhand::training
