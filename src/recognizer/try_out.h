#pragma once

#include "base/result.h"
#include "recognizer/model.h"

namespace longhand::recognizer {

// Runs a model on a few pictures: its scores must be finite, differ between pictures, and not
// depend on what else is in a batch. kCorruptModel where they don't.
Result<void> try_out(const Model& model);

}  // namespace longhand::recognizer
