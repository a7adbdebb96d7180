#pragma once

#include <span>
#include <vector>

#include "ink/normalize.h"
#include "recognizer/model.h"

namespace longhand::recognizer {

// The calibrated distribution over the model's alphabet for each of the glyphs, by as few runs of
// the network as bounded memory allows. What a broken network gives as NaN counts 0. Thread-safe.
std::vector<std::vector<float>> score(const Model& model, std::span<const ink::Glyph> glyphs);

}  // namespace longhand::recognizer
