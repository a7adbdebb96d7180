#pragma once

#include <memory>
#include <optional>

#include "ink/normalize.h"
#include "ink/strokes.h"
#include "recognizer/model.h"
#include "recognizer/reading.h"

namespace longhand::recognizer {

// One glyph a picture or board. Thread-safe: any number of threads may read at once, each with
// scratch memory of its own that is kept between calls.
class Recognizer {
 public:
  explicit Recognizer(std::shared_ptr<const Model> model);

  // What fits nothing is looked at otherwise too (recognizer/further_looks.h).
  Reading read(const ink::Raster& raster) const;
  // Without what underlines them, as "ink-2" has it of pictures too. They must have passed
  // ink::check().
  Reading read(const ink::Strokes& strokes) const;
  // What was normalised elsewhere; `glyph` nullopt is an empty picture.
  Reading read(const std::optional<ink::Glyph>& glyph) const;

  const Model& model() const { return *model_; }

 private:
  template <typename Content>
  Reading read_content(const Content& content) const;

  std::shared_ptr<const Model> model_;
};

}  // namespace longhand::recognizer
