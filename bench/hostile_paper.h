#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ink/image.h"

namespace longhand::bench {

// A glyph as MNIST has it, 28x28 and white on black, written on a paper that makes reading hard.
// One condition at a time, all of it computed: no picture from outside.
struct Condition {
  std::string name;
  ink::GreyImage (*make)(const ink::GreyImage& glyph, std::uint64_t seed);
};

// In the order in which the tables show them; the first is plain paper. The same seed gives the
// same picture.
const std::vector<Condition>& conditions();
// The glyph's own ink hard to tell from other ink, after those.
const std::vector<Condition>& strange_conditions();

}  // namespace longhand::bench
