#pragma once

#include <CLI/CLI.hpp>

#include "picture/picture.h"

namespace longhand::cli {

// --max-megapixels, for commands that read pictures. `limits` must outlive the parsing.
void add_picture_limits(CLI::App& command, picture::Limits& limits);

}  // namespace longhand::cli
