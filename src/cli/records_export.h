#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "records/store.h"

namespace longhand::cli {

enum class ExportFormat {
  kNdjson,     // all there is of a record, pictures as data URLs; see docs/formats.md
  kCsv,        // the readings only
  kNumberrec,  // the columns of the table that the system of 2018 kept
};

// Every record of the query, oldest first, a line at a time to `line` (without its end), the
// format's heading first. The query's cursor and limit are taken over.
Result<void> export_records(records::RecordStore& store, records::Query query, ExportFormat format,
                            const std::function<void(const std::string& line)>& line);

}  // namespace longhand::cli
