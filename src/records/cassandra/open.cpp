#include "records/cassandra/open.h"

#include <cstdlib>
#include <memory>

#include "records/cassandra/schema.h"
#include "records/cassandra/stores.h"
#include "records/cassandra/url.h"
#include "records/spooling_store.h"

namespace longhand::records::cassandra {
namespace {

// The cluster and all that works on it; the stores go first.
struct Keyspace {
  Keyspace(std::unique_ptr<Session> session, const Statements& statements,
           std::chrono::seconds retention)
      : cluster(std::move(session), statements, retention) {}

  Cluster cluster;
  CassandraRecordStore records{cluster};
  CassandraModelStore models{cluster};
  CassandraJobStore jobs{cluster};
};

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Result<Stores> open_cassandra_stores(const std::string& url) {
  const auto parsed = parse_url(url, variable);
  if (!parsed) return tl::unexpected(parsed.error());
  auto session = Session::connect(*parsed);
  if (!session) return tl::unexpected(session.error());
  if (auto made = prepare_schema(**session, *parsed); !made) return tl::unexpected(made.error());
  const auto statements = prepare_statements(**session, parsed->keyspace);
  if (!statements) return tl::unexpected(statements.error());
  const auto all = std::make_shared<Keyspace>(std::move(*session), *statements, parsed->retention);
  Stores stores{{all, &all->records}, {all, &all->models}, {all, &all->jobs}};
  if (parsed->spool.empty()) return stores;
  return with_spool(std::move(stores), {parsed->spool, parsed->spool_bytes, {}});
}

}  // namespace longhand::records::cassandra
