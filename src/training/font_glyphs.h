#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"

namespace longhand::training {

// Each character of the alphabet from each font of the folder (.woff, .ttf, .otf; what lies in it
// besides is left alone), where the font has it: pictures of 56x56, white on black, as MNIST's lie
// in their frame. A font counts as a writer, by the fonts' order. kNotFound for a folder that is
// missing or holds no font, kCorruptData for a file that FreeType can't read.
Result<data::Dataset> draw_fonts(const std::filesystem::path& folder,
                                 const std::vector<std::string>& alphabet);

}  // namespace longhand::training
