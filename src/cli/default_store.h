#pragma once

#include <string>

#include "base/result.h"

namespace longhand::cli {

// sqlite:$XDG_DATA_HOME/longhand/longhand.db, or under ~/.local/share; LONGHAND_STORE goes before
// both. kInvalidArgument where none of these is set.
Result<std::string> default_store();

}  // namespace longhand::cli
