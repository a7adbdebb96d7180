#pragma once

#include <cstdint>

#include "training/recipe.h"

namespace longhand::training {

// The learning rate of step `step` of `steps` (0-based), as a share of optimizer.rate.
//   constant   1, after a linear warm-up
//   cosine     a linear warm-up, then half a cosine down to `final`
//   one-cycle  half a cosine up from 1/25, then half a cosine down to `final` (Smith 2018)
double rate_share(const Schedule& schedule, std::int64_t step, std::int64_t steps);

// The weight of the past in the average of weights after `step` steps: short at the start, so that
// the first random weights are soon forgotten.
double ema_decay(double decay, std::int64_t step);

}  // namespace longhand::training
