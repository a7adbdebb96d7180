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
  if (writer_.has_written_within(kFresh)) return done({});
  const auto run = [](Connection& db) { return Statement(db, kPing).bind(1, unix_micros()).run(); };
  submit<void>(writer_, {}, run, std::move(done));
}

}  // namespace longhand::records
