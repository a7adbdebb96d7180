#pragma once

#include <string>
#include <vector>

#include "ink/image.h"

namespace longhand::recognizer {

// Weighs what the glyphs of a line may be by the others: letters by their heights and feet
// (stature.h) and by the word that they stand in (word_context.h, letter_pairs.h), signs by the
// number (number_context.h). Nothing for other alphabets. boxes[i] and characters[i], the
// distribution over `alphabet`, are of glyph i, left to right.
void weigh_by_line(const std::vector<ink::Box>& boxes, const std::vector<std::string>& alphabet,
                   std::vector<std::vector<float>>& characters);

}  // namespace longhand::recognizer
