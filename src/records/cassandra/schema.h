#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "records/cassandra/session.h"
#include "records/cassandra/url.h"

namespace longhand::records::cassandra {

// CQL by schema version: the entry N brings a keyspace from version N to N + 1 and, once released,
// never changes. Each statement may run twice. `{ks}` stands for the keyspace, `{id:NAME}` for a
// table's id, the same from every replica: two that make a table at once then make one table. One
// that begins with `{unless TABLE.COLUMN}` is left out where the table has the column, since
// Cassandra 4.0 has no ADD IF NOT EXISTS.
// docs/store.md describes the tables.
using Migration = std::span<const char* const>;
std::span<const Migration> migrations();

// Makes the keyspace where it is missing and brings it to the newest version; any number of
// replicas may do so at once. kCorruptStore for a keyspace of a newer version.
Result<void> prepare_schema(Session& session, const ClusterUrl& url,
                            std::span<const Migration> steps = migrations());

// What to tell of a keyspace whose copies are so few that the loss of one node ends a quorum of them;
// "" where all is well or nothing can be found out.
std::string replication_warning(Session& session, const ClusterUrl& url);

// The statement with its placeholders filled in.
std::string fill_in(const char* cql, const std::string& keyspace);

}  // namespace longhand::records::cassandra
