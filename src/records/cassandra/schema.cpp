#include "records/cassandra/schema.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>

#include "base/sha256.h"
#include "base/uuid.h"

namespace longhand::records::cassandra {
namespace {

constexpr int kUsualReplicas = 3;
constexpr int kLockSeconds = 120;  // a replica that dies while it migrates is waited for so long
constexpr std::chrono::milliseconds kPollEvery{250};

// The table that tells the others' versions, and the lock of those who change it.
constexpr const char* kVersions =
    "CREATE TABLE IF NOT EXISTS {ks}.schema_versions (one int, version int, at_us bigint, "
    "PRIMARY KEY (one, version)) WITH ID = {id:schema_versions}";
constexpr const char* kLock =
    "CREATE TABLE IF NOT EXISTS {ks}.schema_lock (one int PRIMARY KEY, holder uuid) "
    "WITH ID = {id:schema_lock}";

std::string table_id(const std::string& keyspace, std::string_view table) {
  const std::string name = "longhand " + keyspace + "." + std::string(table);
  const auto digest = sha256(std::as_bytes(std::span(name)));
  Uuid id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x80);  // version 8: own making
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id.to_string();
}

void replace_all(std::string& text, std::string_view what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
}

// The local data centre, and how many nodes of it there are.
struct Datacenter {
  std::string name;
  int nodes = 0;
};

Result<Datacenter> find_datacenter(Session& session, const ClusterUrl& url) {
  auto local = session.query("SELECT data_center FROM system.local");
  if (!local) return tl::unexpected(local.error());
  auto peers = session.query("SELECT data_center FROM system.peers");
  if (!peers) return tl::unexpected(peers.error());
  std::vector<std::string> all;
  while (local->next()) all.push_back(local->text(0));
  while (peers->next()) all.push_back(peers->text(0));
  if (all.empty()) return fail(ErrorCode::kUnavailable, "Cassandra doesn't say its data centre");
  Datacenter datacenter;
  datacenter.name = url.datacenter.empty() ? all.front() : url.datacenter;
  datacenter.nodes = static_cast<int>(std::count(all.begin(), all.end(), datacenter.name));
  if (datacenter.nodes > 0) return datacenter;
  return fail(
      ErrorCode::kInvalidArgument,
      "dc=" + url.datacenter + ": the cluster has no such data centre; there is " + all.front());
}

// Names of data centres come from the cluster, or from the URL: as a literal.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

Result<void> make_keyspace(Session& session, const ClusterUrl& url, const Datacenter& datacenter) {
  auto there =
      session.query("SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = " +
                    quoted(url.keyspace));
  if (!there) return tl::unexpected(there.error());
  if (there->next()) return {};  // its maker may have had more rights than we have
  const int factor = url.replication.factor.value_or(std::min(kUsualReplicas, datacenter.nodes));
  const bool simple = url.replication.strategy == "SimpleStrategy";
  const std::string where = simple ? "'replication_factor'" : quoted(datacenter.name);
  const auto made = session.query("CREATE KEYSPACE IF NOT EXISTS " + url.keyspace +
                                  " WITH replication = {'class': '" + url.replication.strategy +
                                  "', " + where + ": " + std::to_string(factor) + "}");
  return made ? session.await_schema() : tl::unexpected(made.error());
}

Result<void> make_version_tables(Session& session, const std::string& keyspace) {
  // Asked for by their use: Cassandra lists a table a little before it can be used, and who may not
  // make tables does for those that are there.
  const auto versions = session.query("SELECT one FROM " + keyspace + ".schema_versions LIMIT 1");
  const auto lock = session.query("SELECT one FROM " + keyspace + ".schema_lock LIMIT 1");
  if (versions && lock) return {};
  for (const char* table : {kVersions, kLock}) {
    auto made = session.query(fill_in(table, keyspace));
    if (!made) return tl::unexpected(made.error());
  }
  return session.await_schema();
}

Result<std::int32_t> current_version(Session& session, const std::string& keyspace) {
  auto rows =
      session.query("SELECT max(version) FROM " + keyspace + ".schema_versions WHERE one = 0");
  if (!rows) return tl::unexpected(rows.error());
  return rows->next() && !rows->null(0) ? rows->integer(0) : 0;
}

// Does a conditional statement's answer say that it was applied?
bool applied(Rows& rows) {
  return rows.next() && rows.boolean(0);
}

Result<bool> take_lock(Session& session, const std::string& keyspace, const Uuid& holder) {
  auto rows = session.query("INSERT INTO " + keyspace + ".schema_lock (one, holder) VALUES (0, " +
                            holder.to_string() + ") IF NOT EXISTS USING TTL " +
                            std::to_string(kLockSeconds));
  if (!rows) return tl::unexpected(rows.error());
  return applied(*rows);
}

// Also by who is told to end meanwhile: the next one would wait for the lock until it expires.
Result<void> release_lock(Session& session, const std::string& keyspace, const Uuid& holder) {
  return session
      .query_at_parting("DELETE FROM " + keyspace +
                        ".schema_lock WHERE one = 0 IF holder = " + holder.to_string())
      .map([](const Rows&) {});
}

// Runs one statement of a migration, unless it begins with what says that it has been run.
Result<void> run_step(Session& session, const std::string& keyspace, std::string_view cql) {
  constexpr std::string_view kUnless = "{unless ";
  if (cql.starts_with(kUnless)) {
    const std::size_t dot = cql.find('.'), end = cql.find('}');
    const std::string table(cql.substr(kUnless.size(), dot - kUnless.size()));
    const std::string column(cql.substr(dot + 1, end - dot - 1));
    auto there = session.query(
        "SELECT column_name FROM system_schema.columns WHERE keyspace_name = " + quoted(keyspace) +
        " AND table_name = " + quoted(table) + " AND column_name = " + quoted(column));
    if (!there) return tl::unexpected(there.error());
    if (there->next()) return {};
    cql.remove_prefix(end + 1);
  }
  return session.query(fill_in(std::string(cql).c_str(), keyspace)).map([](const Rows&) {});
}

Result<void> migrate(Session& session, const std::string& keyspace,
                     std::span<const Migration> steps) {
  auto version = current_version(session, keyspace);
  if (!version) return tl::unexpected(version.error());
  for (auto next = static_cast<std::size_t>(*version); next < steps.size(); ++next) {
    for (const char* cql : steps[next]) {
      if (auto done = run_step(session, keyspace, cql); !done) return done;
    }
    if (auto agreed = session.await_schema(); !agreed) return agreed;
    auto noted = session.query(
        "INSERT INTO " + keyspace + ".schema_versions (one, version, at_us) VALUES (0, " +
        std::to_string(next + 1) + ", " + std::to_string(unix_micros()) + ")");
    if (!noted) return tl::unexpected(noted.error());
  }
  return {};
}

// Migrates, or waits until another replica has.
Result<void> bring_up_to_date(Session& session, const std::string& keyspace,
                              std::span<const Migration> steps) {
  const auto newest = static_cast<std::int32_t>(steps.size());
  const Uuid self = make_uuid7();
  for (;;) {
    const auto version = current_version(session, keyspace);
    if (!version) return tl::unexpected(version.error());
    if (*version == newest) return {};
    if (*version > newest) {
      return fail(ErrorCode::kCorruptStore,
                  "keyspace " + keyspace + " is of schema version " + std::to_string(*version) +
                      ", from a newer Longhand; this one knows up to " + std::to_string(newest));
    }
    const auto mine = take_lock(session, keyspace, self);
    if (!mine) {
      release_lock(session, keyspace, self);  // it may have been taken before the answer was lost
      return tl::unexpected(mine.error());
    }
    if (*mine) {
      const auto done = migrate(session, keyspace, steps);
      const auto released = release_lock(session, keyspace, self);
      if (!done) return done;
      return released;
    }
    std::this_thread::sleep_for(kPollEvery);
  }
}

// Of the keyspace, in the data centre that is asked; nullopt where it can't be found out.
std::optional<int> copies(Session& session, const ClusterUrl& url) {
  const auto datacenter = find_datacenter(session, url);
  if (!datacenter) return std::nullopt;
  auto rows = session.query("SELECT replication[" + quoted(datacenter->name) +
                            "], replication['replication_factor'] FROM system_schema.keyspaces "
                            "WHERE keyspace_name = " +
                            quoted(url.keyspace));
  if (!rows || !rows->next()) return std::nullopt;
  const std::size_t column = rows->null(0) ? 1 : 0;
  if (rows->null(column)) return std::nullopt;
  const std::string text = rows->text(column);
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() ? std::optional(count) : std::nullopt;
}

}  // namespace

std::string replication_warning(Session& session, const ClusterUrl& url) {
  constexpr int kSurvivesOne = 3;
  if (url.consistency != "quorum" && url.consistency != "local_quorum") return "";
  const auto kept = copies(session, url);
  if (!kept || *kept >= kSurvivesOne) return "";
  return "keyspace " + url.keyspace + " keeps " + std::to_string(*kept) +
         (*kept == 1 ? " copy" : " copies") +
         " of a record: without one of the nodes that have it, it can be neither written nor "
         "read; " +
         "three copies survive the loss of one node";
}

std::string fill_in(const char* cql, const std::string& keyspace) {
  std::string text = cql;
  replace_all(text, "{ks}", keyspace);
  constexpr std::string_view kId = "{id:";
  for (std::size_t at = 0; (at = text.find(kId)) != std::string::npos;) {
    const std::size_t end = text.find('}', at);
    const std::string table = text.substr(at + kId.size(), end - at - kId.size());
    text.replace(at, end + 1 - at, table_id(keyspace, table));
  }
  return text;
}

Result<void> prepare_schema(Session& session, const ClusterUrl& url,
                            std::span<const Migration> steps) {
  const auto datacenter = find_datacenter(session, url);
  if (!datacenter) return tl::unexpected(datacenter.error());
  auto done = make_keyspace(session, url, *datacenter);
  if (done) done = make_version_tables(session, url.keyspace);
  if (done) done = bring_up_to_date(session, url.keyspace, steps);
  return done;
}

}  // namespace longhand::records::cassandra
