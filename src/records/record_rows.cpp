#include "records/record_rows.h"

#include "records/summary_row.h"

namespace longhand::records {
namespace {

constexpr auto kInsertRecord =
    "INSERT INTO records (id, owner, created_us, name, mode, alphabet, text, confidence, rejected, "
    "model_name, model_version, ink_us, net_us, label, glyphs, lag_us) VALUES (?1, ?2, ?3, ?4, ?5, "
    "?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) "
    "ON CONFLICT (id) DO NOTHING";
constexpr auto kInsertContent =
    "INSERT INTO contents (record, normalization, glyphs, strokes, media_type, picture) "
    "VALUES (last_insert_rowid(), ?1, ?2, ?3, ?4, ?5)";

// ?1 the id, ?2 whether the viewer sees all, ?3 the viewer.
const std::string& select_summary_sql() {
  static const std::string sql = "SELECT " + std::string(kSummaryColumns) +
                                 " FROM records WHERE id = ?1 AND (?2 OR owner = ?3)";
  return sql;
}
constexpr auto kSelectContent =
    "SELECT c.normalization, c.glyphs, c.strokes, c.media_type, c.picture "
    "FROM records AS r LEFT JOIN contents AS c ON c.record = r.row "
    "WHERE r.id = ?1 AND (?2 OR r.owner = ?3)";
constexpr auto kUpdateLabel = "UPDATE records SET label = ?4 WHERE id = ?1 AND (?2 OR owner = ?3)";
constexpr auto kDeleteContent =
    "DELETE FROM contents WHERE record = "
    "(SELECT row FROM records WHERE id = ?1 AND (?2 OR owner = ?3))";
constexpr auto kDeleteRecord = "DELETE FROM records WHERE id = ?1 AND (?2 OR owner = ?3)";

std::span<const std::uint8_t> span_of(const Uuid& id) {
  return id.bytes;
}

std::int64_t lag_of(const Summary& summary) {
  return summary.created_us - summary.id.unix_ms() * 1000;
}

Statement& bind_key(Statement& statement, const Uuid& id, const Viewer& viewer) {
  return statement.bind(1, span_of(id))
      .bind(2, std::int64_t{viewer.is_operator})
      .bind(3, std::span<const std::uint8_t>(viewer.owner));
}

tl::unexpected<Error> not_found(const Uuid& id) {
  return fail(ErrorCode::kNotFound, "there is no record " + id.to_string());
}

}  // namespace

Result<Summary> read_summary(Connection& db, Statement& row) {
  Summary summary;
  const bool sized = copy_exactly(row.blob(kIdColumn), summary.id.bytes) &&
                     copy_exactly(row.blob(1), summary.owner);
  summary.created_us = row.integer(kCreatedColumn);
  summary.name = row.text(3);
  summary.mode = row.text(4);
  auto& reading = summary.reading;
  reading.alphabet = row.text(kAlphabetColumn);
  reading.text = row.text(6);
  reading.confidence = row.real(7);
  reading.rejected = row.integer(8) != 0;
  reading.model = {row.text(9), row.text(10)};
  reading.ink_us = row.integer(11);
  reading.net_us = row.integer(12);
  summary.label = row.optional_text(kLabelColumn);
  const bool dated = summary.created_us >= 0 && summary.created_us <= kLastTime;
  auto glyphs = decode_glyphs(row.blob(14));
  if (!sized || !dated || !row.well_typed() || !glyphs) {
    return tl::unexpected(damaged_store(
        db.path(), "the row of record " + summary.id.to_string() + " makes no sense"));
  }
  reading.glyphs = std::move(*glyphs);
  return summary;
}

Result<void> insert(Connection& db, const EncodedRecord& encoded) {
  const auto& summary = encoded.record.summary;
  const auto& reading = summary.reading;
  Statement row(db, kInsertRecord);
  row.bind(1, span_of(summary.id))
      .bind(2, std::span<const std::uint8_t>(summary.owner))
      .bind(3, summary.created_us)
      .bind(4, std::string_view(summary.name))
      .bind(5, std::string_view(summary.mode))
      .bind(6, std::string_view(reading.alphabet))
      .bind(7, std::string_view(reading.text))
      .bind(8, double{reading.confidence})
      .bind(9, std::int64_t{reading.rejected})
      .bind(10, std::string_view(reading.model.name))
      .bind(11, std::string_view(reading.model.version))
      .bind(12, reading.ink_us)
      .bind(13, reading.net_us)
      .bind(15, std::span<const std::byte>(encoded.glyphs))
      .bind(16, lag_of(summary));
  if (summary.label) row.bind(14, std::string_view(*summary.label));
  if (auto done = row.run(); !done) return done;
  if (db.changes() == 0) return {};  // it is there already

  const auto& content = encoded.record.content;
  Statement more(db, kInsertContent);
  more.bind(1, std::string_view(content.normalization))
      .bind(2, std::span<const std::byte>(encoded.images));
  if (encoded.strokes) more.bind(3, std::span<const std::byte>(*encoded.strokes));
  if (content.picture) {
    more.bind(4, std::string_view(content.picture->media_type))
        .bind(5, std::span<const std::byte>(content.picture->bytes));
  }
  return more.run();
}

Result<Summary> select_summary(Connection& db, const Uuid& id, const Viewer& viewer) {
  Statement select(db, select_summary_sql());
  const auto row = bind_key(select, id, viewer).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return not_found(id);
  return read_summary(db, select);
}

Result<Content> select_content(Connection& db, const Uuid& id, const Viewer& viewer) {
  Statement select(db, kSelectContent);
  const auto row = bind_key(select, id, viewer).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return not_found(id);

  Content content;
  content.normalization = select.text(0);
  auto images = decode_images(select.blob(1));
  bool sound = images.has_value();
  if (sound) content.glyphs = std::move(*images);
  if (!select.null(2)) {
    auto strokes = decode_strokes(select.blob(2));
    sound = sound && strokes;
    if (strokes) content.strokes = std::move(*strokes);
  }
  if (!select.null(4)) {
    const auto bytes = select.blob(4);
    content.picture = Picture{select.text(3), {bytes.begin(), bytes.end()}};
  }
  if (sound && select.well_typed()) return content;
  return tl::unexpected(
      damaged_store(db.path(), "the content of record " + id.to_string() + " makes no sense"));
}

Result<Summary> update_label(Connection& db, const Uuid& id, const Viewer& viewer,
                             const std::optional<std::string>& label) {
  {
    Statement update(db, kUpdateLabel);
    bind_key(update, id, viewer);
    if (label) update.bind(4, std::string_view(*label));
    if (auto done = update.run(); !done) return tl::unexpected(done.error());
  }
  if (db.changes() == 0) return not_found(id);
  return select_summary(db, id, viewer);
}

Result<void> erase(Connection& db, const Uuid& id, const Viewer& viewer) {
  {
    Statement content(db, kDeleteContent);
    if (auto done = bind_key(content, id, viewer).run(); !done) return done;
  }
  Statement record(db, kDeleteRecord);
  if (auto done = bind_key(record, id, viewer).run(); !done) return done;
  if (db.changes() == 0) return not_found(id);
  return {};
}

}  // namespace longhand::records
