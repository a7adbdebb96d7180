#include "cli/default_store.h"

#include <cstdlib>

namespace longhand::cli {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Result<std::string> default_store() {
  if (const std::string store = variable("LONGHAND_STORE"); !store.empty()) return store;
  std::string folder = variable("XDG_DATA_HOME");
  // The XDG specification wants absolute paths, and others to be ignored.
  if (folder.empty() || folder.front() != '/') {
    const std::string home = variable("HOME");
    if (home.empty())
      return fail(ErrorCode::kInvalidArgument,
                  "neither XDG_DATA_HOME nor HOME is set: say where the records are, as in "
                  "--store sqlite:/var/lib/longhand/longhand.db");
    folder = home + "/.local/share";
  }
  return "sqlite:" + folder + "/longhand/longhand.db";
}

}  // namespace longhand::cli
