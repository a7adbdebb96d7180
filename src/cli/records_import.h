#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/result.h"
#include "records/store.h"

namespace longhand::cli {

struct ImportResult {
  std::size_t records = 0;  // that both stores have now
  std::size_t added = 0;    // by this import; the others were there
  std::string checksum;     // SHA-256 over all of them, in hex: the same from both stores
};

// Brings the query's records from one store to another, oldest first, each as it is: id, times,
// owner, picture, correction. What the other has already stays, so that an import that was
// interrupted goes on where it was. Then reads all of them from both and compares: kCorruptData
// names the first record that differs. `progress` is told how many of how many are done, now and
// then.
Result<ImportResult> import_records(
    records::RecordStore& from, records::RecordStore& to, records::Query query,
    const std::function<void(std::size_t done, std::size_t of)>& progress);

}  // namespace longhand::cli
