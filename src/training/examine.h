#pragma once

#include <cstddef>

#include "base/result.h"
#include "training/layers.h"
#include "training/recipe.h"

namespace longhand::training {

// What a recipe comes to, before the data to learn from are read.
struct Findings {
  Network network;
  std::size_t test_samples = 0;  // of the recipe's characters; 0 where there is no test set
};

// Plans the network and opens the test set, whose samples are only counted: what is wrong with
// either is to be said before the training, not after. An error names what does not fit.
Result<Findings> examine(const Recipe& recipe);

}  // namespace longhand::training
