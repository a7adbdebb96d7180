#pragma once

#include "ink/image.h"
#include "training/counter_random.h"
#include "training/recipe.h"
#include "training/samples.h"

namespace longhand::training {

// A picture that is no character of any alphabet (ink bright on black): a scribble, crossed lines,
// a blot, two characters on top of each other, halves of two glued askew, a character struck out, a
// part of one or one with a part of its neighbour, as wrong cuts leave them, specks. Learnt with
// every class equally likely, so that such pictures get a low confidence and can be refused
// (outlier exposure: Hendrycks, Mazeika, Dietterich, "Deep Anomaly Detection with Outlier
// Exposure", 2019). A pure function of its arguments.
ink::GreyImage make_negative(const Samples& samples, const Augmentation& strengths,
                             ink::Normalization normalization, CounterRandom random);

}  // namespace longhand::training
