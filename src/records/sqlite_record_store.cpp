#include <chrono>
#include <memory>

#include "records/record_rows.h"
#include "records/sqlite_store.h"
#include "records/submit.h"

namespace longhand::records {
namespace {

// A write that succeeded so recently answers a ping too.
constexpr std::chrono::seconds kFresh{5};

constexpr auto kPing =
    "INSERT INTO pings (one, at_us) VALUES (1, ?1) "
    "ON CONFLICT (one) DO UPDATE SET at_us = excluded.at_us";

constexpr std::int64_t kNobody = -1;  // SQLite gives out rows from 1

// Takes as much room as a record of so many bytes, and gives it back.
Result<void> try_room(Connection& db, std::size_t bytes) {
  Statement take(db,
                 "INSERT INTO contents (record, normalization, glyphs, picture) "
                 "VALUES (?1, '', x'', zeroblob(?2))");
  take.bind(1, kNobody).bind(2, static_cast<std::int64_t>(bytes));
  if (auto taken = take.run(); !taken) return taken;
  return Statement(db, "DELETE FROM contents WHERE record = ?1").bind(1, kNobody).run();
}

}  // namespace

void SqliteRecordStore::add(Record record, Done<Stored> done) {
  auto encoded = encode(std::move(record));
  if (!encoded) return done(tl::unexpected(encoded.error()));
  const auto shared = std::make_shared<const EncodedRecord>(std::move(*encoded));
  const auto run = [shared](Connection& db) -> Result<Stored> {
    if (auto inserted = insert(db, *shared); !inserted) return tl::unexpected(inserted.error());
    return Stored::kDurable;
  };
  submit<Stored>(writer_, {shared->bytes()}, run, std::move(done));
}

void SqliteRecordStore::list(const Query& query, Done<Page> done) {
  const auto run = [query](Connection& db) { return select_page(db, query); };
  submit<Page>(readers_, {}, run, std::move(done));
}

void SqliteRecordStore::get(const Uuid& id, const Viewer& viewer, Done<Summary> done) {
  const auto run = [id, viewer](Connection& db) { return select_summary(db, id, viewer); };
  submit<Summary>(readers_, {}, run, std::move(done));
}

void SqliteRecordStore::content(const Uuid& id, const Viewer& viewer, Done<Content> done) {
  const auto run = [id, viewer](Connection& db) { return select_content(db, id, viewer); };
  submit<Content>(readers_, {}, run, std::move(done));
}

void SqliteRecordStore::set_label(const Uuid& id, const Viewer& viewer,
                                  std::optional<std::string> label, Done<Summary> done) {
  const std::size_t bytes = label ? label->size() : 0;
  const auto run = [id, viewer, label = std::move(label)](Connection& db) {
    return update_label(db, id, viewer, label);
  };
  submit<Summary>(writer_, {bytes}, run, std::move(done));
}

void SqliteRecordStore::remove(const Uuid& id, const Viewer& viewer, Done<void> done) {
  const auto run = [id, viewer](Connection& db) { return erase(db, id, viewer); };
  submit<void>(writer_, {.deletes = true}, run, std::move(done));
}

void SqliteRecordStore::ping(Done<void> done) {
  const std::size_t lacking = writer_.lacking_room();
  if (lacking == 0 && writer_.has_written_within(kFresh)) return done({});
  const auto run = [lacking](Connection& db) {
    auto pinged = Statement(db, kPing).bind(1, unix_micros()).run();
    return pinged && lacking > 0 ? try_room(db, lacking) : pinged;
  };
  submit<void>(writer_, {lacking}, run, std::move(done));
}

}  // namespace longhand::records
