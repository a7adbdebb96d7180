#pragma once

#include <vector>

#include "base/result.h"
#include "records/store.h"

namespace longhand::cli {

// The ids of all records of the query, newest first: 16 bytes a record, however many there are. The
// query's cursor and limit are taken over.
Result<std::vector<Uuid>> find_all(records::RecordStore& store, records::Query query);

// A record, or only its summary.
Result<records::Record> read_record(records::RecordStore& store, const Uuid& id,
                                    const records::Viewer& viewer, bool with_content = true);

}  // namespace longhand::cli
