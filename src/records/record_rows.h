#pragma once

#include <optional>
#include <string>

#include "records/encoded_record.h"
#include "records/record.h"
#include "records/sqlite.h"
#include "records/store.h"

namespace longhand::records {

// Records as rows of the tables `records` and `contents`. What is read from rows is checked: a row
// that this code can't have written is kCorruptStore.

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
