#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "records/schema.h"
#include "records/store.h"
#include "records/writer.h"

namespace longhand::records {

// How an SQLite store is opened; open_stores() uses what stands here, tests change it.
struct SqliteOptions {
  OpenOptions open;
  Writer::Options writer;
  TaskQueue::Limits reads;
  std::size_t readers = 2;  // threads and connections
  // Kept free for deletions on a full disk (see Reserve): room for the largest record that the
  // server takes, a picture of 16 MB, on its way through the log.
  std::uint64_t reserve_bytes = 20U << 20;
};

// All three stores in one file; see open_stores(). The file stays open until the last of the three
// pointers is gone, which must not happen on a thread of the store's (inside a Done).
Result<Stores> open_sqlite_stores(const std::string& path, const SqliteOptions& options = {});

}  // namespace longhand::records
