#pragma once

#include "base/result.h"
#include "ink/image.h"
#include "training/recipe.h"

namespace longhand::training {

// A sheet of pictures as the network would see them in the first steps of a training: ten rows of
// characters, then five of pictures that are none. To judge a recipe's augmentation by eye.
Result<ink::GreyImage> preview(const Recipe& recipe);

}  // namespace longhand::training
