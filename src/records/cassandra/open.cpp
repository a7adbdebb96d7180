#include "records/cassandra/open.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>

#include "records/cassandra/schema.h"
#include "records/cassandra/stores.h"
#include "records/cassandra/url.h"
#include "records/late_stores.h"
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

Result<Stores> connect(const ClusterUrl& url, const std::stop_token& stop) {
  auto session = Session::connect(url, stop);
  if (!session) return tl::unexpected(session.error());
  if (auto made = prepare_schema(**session, url); !made) return tl::unexpected(made.error());
  const auto statements = prepare_statements(**session, url.keyspace);
  if (!statements) return tl::unexpected(statements.error());
  std::string warning = replication_warning(**session, url);
  const auto all = std::make_shared<Keyspace>(std::move(*session), *statements, url.retention);
  Stores stores{{all, &all->records}, {all, &all->models}, {all, &all->jobs}};
  if (!warning.empty()) stores.warnings.push_back(std::move(warning));
  return stores;
}

// Who waits at the start waits for `connecting`, whatever takes so long. The tries after the first are
// short, so that what is wrong is known while it is.
Result<Stores> connect_late(const ClusterUrl& url, const std::stop_token& stop) {
  static constexpr std::chrono::milliseconds kLongestTry{5'000};
  return open_late(
      [url = url, stop]() mutable {
        auto stores = connect(url, stop);
        url.connecting = std::min(url.connecting, kLongestTry);
        return stores;
      },
      url.connecting, stop);
}

}  // namespace

Result<Stores> open_cassandra_stores(const std::string& url, OutOfReach out_of_reach,
                                     std::stop_token stop) {
  const auto parsed = parse_url(url, variable);
  if (!parsed) return tl::unexpected(parsed.error());
  auto stores = out_of_reach == OutOfReach::kAwait ? connect_late(*parsed, stop)
                                                   : connect(*parsed, stop);
  if (!stores && stop.stop_requested()) {
    return fail(ErrorCode::kCancelled, "the store was closed before it was open");
  }
  if (!stores || parsed->spool.empty()) return stores;
  return with_spool(std::move(*stores), {parsed->spool, parsed->spool_bytes, {}});
}

}  // namespace longhand::records::cassandra
