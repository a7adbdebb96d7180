#pragma once

#include <cstdint>

#include "ink/image.h"
#include "training/canvas.h"
#include "training/counter_random.h"
#include "training/recipe.h"

namespace longhand::training {

// One picture of a character (ink bright on black), bent in every way that the recipe asks for, and
// not yet normalised. A pure function of its arguments: the same bytes on any thread.
ink::GreyImage augment(const ink::GreyImage& picture, const Augmentation& strengths,
                       ink::Normalization normalization, CounterRandom random);

// The second half of augment(): a canvas as a picture, its strokes, levels and resolution changed.
// Pictures that are no character take it as well: a network must not tell them apart by looks that
// only one of the two kinds has.
ink::GreyImage render(Canvas canvas, const Augmentation& strengths,
                      ink::Normalization normalization, CounterRandom& random);

}  // namespace longhand::training
