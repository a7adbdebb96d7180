#pragma once

#include <span>

#include "ink/image.h"
#include "training/counter_random.h"

namespace longhand::training {

// Pictures of characters that touch, put together from single ones: what a network of pairs learns
// from. `characters` are pictures of one each, their ink bright on black, at any scale; what comes
// out is bright on black, its characters about kTouchingHeight pixels high. Pure functions of their
// arguments; `random` moves on.
inline constexpr float kTouchingHeight = 28;

// Characters side by side, each sharing ink with the one before: of sizes that differ by a tenth,
// a little above or below each other.
// REQUIRES: at least one.
ink::GreyImage put_together(std::span<const ink::GreyImage* const> characters,
                            CounterRandom& random);

// What a wrong cut through a number may show in place of two characters: one, three, or one or two
// with a part of the next.
// REQUIRES: three characters.
ink::GreyImage put_together_wrongly(std::span<const ink::GreyImage* const> characters,
                                    CounterRandom& random);

}  // namespace longhand::training
