#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "records/store.h"

namespace longhand::cli {

struct ModelsImport {
  std::size_t versions = 0;  // that both stores have now
  std::size_t added = 0;     // by this import; the others were there
  std::string checksum;      // SHA-256 over those of all versions, in the order of the listing
  // Names of which the other store serves another version, by a choice of its own that was kept.
  std::vector<std::string> served_otherwise;
};

// Brings all versions of all models from one store to another, each with its time, and for names
// of which the other says nothing the version that is served. May be cut short and run again. Then
// all of them are read from both and compared: kCorruptData names the first that differs.
Result<ModelsImport> import_models(records::ModelStore& from, records::ModelStore& to);

}  // namespace longhand::cli
