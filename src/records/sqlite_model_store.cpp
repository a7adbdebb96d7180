#include <memory>

#include "records/sqlite_store.h"
#include "records/submit.h"

namespace longhand::records {
namespace {

Result<void> insert_model(Connection& db, const std::string& name, const std::string& version,
                          const std::vector<std::byte>& onnx) {
  return Statement(db,
                   "INSERT INTO models (name, version, created_us, bytes, onnx) "
                   "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")
      .bind(1, std::string_view(name))
      .bind(2, std::string_view(version))
      .bind(3, unix_micros())
      .bind(4, static_cast<std::int64_t>(onnx.size()))
      .bind(5, std::span<const std::byte>(onnx))
      .run();
}

Result<std::vector<std::byte>> select_model(Connection& db, const std::string& name,
                                            const std::string& version) {
  Statement select(db, "SELECT onnx FROM models WHERE name = ?1 AND version = ?2");
  const auto row = select.bind(1, std::string_view(name)).bind(2, std::string_view(version)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) {
    return fail(ErrorCode::kNotFound, "there is no model " + name + " of version " + version);
  }
  const auto onnx = select.blob(0);
  if (select.well_typed()) return std::vector<std::byte>(onnx.begin(), onnx.end());
  return tl::unexpected(damaged_store(db.path(), "model " + name + " makes no sense"));
}

Result<std::vector<ModelStore::Entry>> select_models(Connection& db) {
  Statement select(db,
                   "SELECT name, version, created_us, bytes FROM models "
                   "ORDER BY name, created_us, version");
  std::vector<ModelStore::Entry> entries;
  for (;;) {
    const auto row = select.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return entries;
    const auto bytes = select.integer(3);
    entries.push_back(
        {select.text(0), select.text(1), select.integer(2), static_cast<std::size_t>(bytes)});
    if (!select.well_typed() || bytes < 0) {
      return tl::unexpected(damaged_store(db.path(), "the row of a model makes no sense"));
    }
  }
}

}  // namespace

void SqliteModelStore::put(std::string name, std::string version, std::vector<std::byte> onnx,
                           Done<void> done) {
  const std::size_t bytes = onnx.size();
  // Shared, since a std::function may copy what it holds.
  const auto shared = std::make_shared<const std::vector<std::byte>>(std::move(onnx));
  const auto run = [name = std::move(name), version = std::move(version), shared](Connection& db) {
    return insert_model(db, name, version, *shared);
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

void SqliteModelStore::list(Done<std::vector<Entry>> done) {
  submit<std::vector<Entry>>(readers_, {}, select_models, std::move(done));
}

}  // namespace longhand::records
