#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "ink/image.h"
#include "ink/normalize.h"
#include "ink/strokes.h"
#include "recognizer/reader.h"

namespace longhand::cli {

// How one input was read, as a part of a page of HTML. Of one glyph each stage of its normalization
// as a picture, the glyph as the network saw it, and the candidates; of several where each was
// found, what was looked at instead of the whole (a sheet alone, no stains, lines turned level),
// and each as the network saw it. The stages are run anew for it. REQUIRES: strokes that have
// passed ink::check().
std::string explain(const std::string& name, const std::variant<ink::Raster, ink::Strokes>& content,
                    ink::Normalization normalization, const recognizer::Writing& writing);

// The page of such parts, all of it in one file. kIo where it can't be written.
Result<void> write_explanations(const std::vector<std::string>& parts,
                                const std::filesystem::path& file);

}  // namespace longhand::cli
