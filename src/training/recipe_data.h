#pragma once

#include "training/recipe.h"
#include "training/recipe_table.h"

namespace longhand::training {

// The recipe's [data]: what is learnt from, and what is held out of it. Faults go to the table.
void read_data(RecipeTable table, int glyphs, DataRecipe& data);

}  // namespace longhand::training
