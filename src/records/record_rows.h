#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "records/blob.h"
#include "records/record.h"
#include "records/sqlite.h"
#include "records/store.h"

namespace longhand::records {

// Records as rows of the tables `records` and `contents`. What is read from rows is checked: a row
// that this code can't have written is kCorruptStore.

// A record as it goes into the rows.
struct EncodedRecord {
  Record record;
  Blob glyphs;
  Blob images;
  std::optional<Blob> strokes;

  std::size_t bytes() const;
};

// kInvalidArgument or kInvalidStrokes for a record that couldn't be read back: a number that is
// not finite, a picture of a glyph without all its pixels, a time outside of RFC 3339's years.
Result<EncodedRecord> encode(Record record);

// Keeps a record of the same id as it is. In a transaction.
Result<void> insert(Connection& db, const EncodedRecord& record);
// Looks at 20,000 rows at most; see Page. `list_sql` is the query that it runs.
std::string list_sql(const Query& query);
Result<Page> select_page(Connection& db, const Query& query);
Result<Summary> select_summary(Connection& db, const Uuid& id, const Viewer& viewer);
Result<Content> select_content(Connection& db, const Uuid& id, const Viewer& viewer);
Result<Summary> update_label(Connection& db, const Uuid& id, const Viewer& viewer,
                             const std::optional<std::string>& label);
// In a transaction.
Result<void> erase(Connection& db, const Uuid& id, const Viewer& viewer);

}  // namespace longhand::records
