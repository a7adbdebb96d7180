#include <algorithm>
#include <memory>

#include "base/sha256.h"
#include "records/sqlite_store.h"
#include "records/submit.h"

namespace longhand::records {
namespace {

Result<void> insert_model(Connection& db, const std::string& name, const std::string& version,
                          std::int64_t created_us, const std::vector<std::byte>& onnx) {
  const auto digest = sha256(onnx);
  return Statement(db,
                   "INSERT INTO models (name, version, created_us, bytes, sha256, onnx) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING")
      .bind(1, std::string_view(name))
      .bind(2, std::string_view(version))
      .bind(3, created_us)
      .bind(4, static_cast<std::int64_t>(onnx.size()))
      .bind(5, std::span<const std::uint8_t>(digest))
      .bind(6, std::span<const std::byte>(onnx))
      .run();
}

Result<std::vector<std::byte>> select_model(Connection& db, const std::string& name,
                                            const std::string& version) {
  Statement select(db, "SELECT onnx, sha256 FROM models WHERE name = ?1 AND version = ?2");
  const auto row = select.bind(1, std::string_view(name)).bind(2, std::string_view(version)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) {
    return fail(ErrorCode::kNotFound, "there is no model " + name + " of version " + version);
  }
  const auto onnx = select.blob(0);
  const auto wanted = select.blob(1);
  const auto digest = sha256(onnx);
  const auto found = std::as_bytes(std::span(digest));
  if (select.well_typed() && std::equal(found.begin(), found.end(), wanted.begin(), wanted.end())) {
    return std::vector<std::byte>(onnx.begin(), onnx.end());
  }
  return tl::unexpected(
      damaged_store(db.path(), "model " + name + " of version " + version + " is damaged"));
}

Result<std::vector<ModelStore::Entry>> select_models(Connection& db) {
  Statement select(db,
                   "SELECT name, version, created_us, bytes, sha256 FROM models "
                   "ORDER BY name, created_us, version");
  std::vector<ModelStore::Entry> entries;
  for (;;) {
    const auto row = select.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return entries;
    const auto bytes = select.integer(3);
    const auto digest = select.blob(4);
    const auto* const octets = reinterpret_cast<const std::uint8_t*>(digest.data());
    entries.push_back({select.text(0), select.text(1), select.integer(2),
                       static_cast<std::size_t>(bytes), to_hex({octets, digest.size()})});
    if (!select.well_typed() || bytes < 0) {
      return tl::unexpected(damaged_store(db.path(), "the row of a model makes no sense"));
    }
  }
}

Result<std::vector<ModelStore::Choice>> select_choices(Connection& db) {
  Statement select(db, "SELECT name, version FROM model_choices ORDER BY name");
  std::vector<ModelStore::Choice> choices;
  for (;;) {
    const auto row = select.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return choices;
    choices.push_back({select.text(0), select.text(1)});
    if (!select.well_typed()) {
      return tl::unexpected(damaged_store(db.path(), "the choice of a model makes no sense"));
    }
  }
}

Result<ModelStore::Listing> select_listing(Connection& db) {
  auto entries = select_models(db);
  if (!entries) return tl::unexpected(entries.error());
  auto choices = select_choices(db);
  if (!choices) return tl::unexpected(choices.error());
  return ModelStore::Listing{std::move(*entries), std::move(*choices)};
}

Result<void> upsert_choice(Connection& db, const std::string& name, const std::string& version) {
  return Statement(db,
                   "INSERT INTO model_choices (name, version, chosen_us) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT DO UPDATE SET version = excluded.version, "
                   "chosen_us = excluded.chosen_us")
      .bind(1, std::string_view(name))
      .bind(2, std::string_view(version))
      .bind(3, unix_micros())
      .run();
}

}  // namespace

void SqliteModelStore::put(std::string name, std::string version, std::int64_t created_us,
                           std::vector<std::byte> onnx, Done<void> done) {
  const std::size_t bytes = onnx.size();
  // Shared, since a std::function may copy what it holds.
  const auto shared = std::make_shared<const std::vector<std::byte>>(std::move(onnx));
  const auto run = [name = std::move(name), version = std::move(version), created_us,
                    shared](Connection& db) {
    return insert_model(db, name, version, created_us, *shared);
  };
  submit<void>(writer_, {bytes}, run, std::move(done));
}

void SqliteModelStore::get(std::string name, std::string version,
                           Done<std::vector<std::byte>> done) {
  const auto run = [name = std::move(name), version = std::move(version)](Connection& db) {
    return select_model(db, name, version);
  };
  submit<std::vector<std::byte>>(readers_, {}, run, std::move(done));
}

void SqliteModelStore::list(Done<Listing> done) {
  submit<Listing>(readers_, {}, select_listing, std::move(done));
}

void SqliteModelStore::choose(std::string name, std::string version, Done<void> done) {
  const auto run = [name = std::move(name), version = std::move(version)](Connection& db) {
    return upsert_choice(db, name, version);
  };
  submit<void>(writer_, {}, run, std::move(done));
}

}  // namespace longhand::records
