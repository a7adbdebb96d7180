#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "records/sqlite.h"

namespace longhand::records {

// "Long" in ASCII, in every store's header: what tells a store from any other SQLite database.
inline constexpr std::int64_t kApplicationId = 0x4c6f6e67;

// SQL that brings a store from schema version N to N + 1, for N = 0, 1, ...: an entry, once
// released, never changes. docs/store.md describes the tables.
std::span<const char* const> migrations();

struct OpenOptions {
  const char* vfs = nullptr;
  std::span<const char* const> migrations = records::migrations();
  // The integrity check reads the whole file; on a big one it stops, satisfied, after this time.
  std::chrono::milliseconds check_limit{1'500};
};

// Opens the store for writing, made if missing (its folders too, 0700; the file 0600), brought to
// the newest schema, and checked. What it can refuse, each with a message that says what to do:
// kCorruptStore for a file that is no database, no store, damaged, or of a newer schema; kIo for a
// folder, a read-only file, a place where nothing can be made; kBusy while another program holds
// it.
Result<std::unique_ptr<Connection>> open_checked(const std::string& path,
                                                 const OpenOptions& options);

// One more connection to a store that open_checked() has opened, for reading only.
Result<std::unique_ptr<Connection>> open_reader(const std::string& path,
                                                const OpenOptions& options);

}  // namespace longhand::records
