#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "ink/image.h"
#include "ink/strokes.h"
#include "picture/picture.h"

namespace longhand::cli {

// One thing to be read, as a file or the standard input holds it.
struct Input {
  std::string name;  // as it is answered: the file's, with ":LINE" in a file of several lines
  Result<std::variant<ink::Raster, ink::Strokes>> content;
};

// Opens a picture, or strokes: `.json` (an object with "strokes", or the strokes alone), `.ndjson`
// (such an object a line), either gzipped. "-" is the standard input, told by its first byte. At
// least one Input comes back; what is wrong with one stands in it.
std::vector<Input> read_inputs(const std::string& file, const picture::Limits& limits);

}  // namespace longhand::cli
