#include "records/cassandra/statements.h"

#include "records/cassandra/schema.h"

namespace longhand::records::cassandra {
namespace {

struct Text {
  Prepared Statements::*statement;
  const char* cql;
  bool idempotent = true;  // false for those with a condition
};

using S = Statements;

constexpr Text kTexts[] = {
    {&S::add_recognition,
     "INSERT INTO {ks}.recognitions (owner, bucket, id, created_us, name, mode, alphabet, text, "
     "confidence, rejected, model_name, model_version, ink_us, net_us, glyphs) "
     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ? AND TIMESTAMP ?"},
    {&S::add_content,
     "INSERT INTO {ks}.contents (id, chunk, owner, chunks, normalization, glyphs, strokes, "
     "media_type, picture) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ? AND TIMESTAMP ?"},
    {&S::add_by_time,
     "INSERT INTO {ks}.by_time (bucket, shard, id, owner) VALUES (?, ?, ?, ?) "
     "USING TTL ? AND TIMESTAMP ?"},
    {&S::add_bucket, "INSERT INTO {ks}.buckets (owner, bucket) VALUES (?, ?) USING TTL ?"},
    {&S::add_lag, "INSERT INTO {ks}.lags (one, lag_s) VALUES (0, ?)"},
    {&S::add_correction,
     "INSERT INTO {ks}.corrections (owner, bucket, id, correction, label) VALUES (?, ?, ?, ?, ?) "
     "USING TTL ? AND TIMESTAMP ?"},

    {&S::get_recognition,
     "SELECT id, created_us, name, mode, alphabet, text, confidence, rejected, model_name, "
     "model_version, ink_us, net_us, glyphs FROM {ks}.recognitions "
     "WHERE owner = ? AND bucket = ? AND id = ?"},
    {&S::get_correction,
     "SELECT id, correction, label FROM {ks}.corrections "
     "WHERE owner = ? AND bucket = ? AND id = ? LIMIT 1"},
    {&S::get_content,
     "SELECT chunk, owner, chunks, normalization, glyphs, strokes, media_type, picture "
     "FROM {ks}.contents WHERE id = ?"},
    {&S::get_owner, "SELECT owner FROM {ks}.contents WHERE id = ? AND chunk = 0"},
    {&S::list_recognitions,
     "SELECT id, created_us, name, mode, alphabet, text, confidence, rejected, model_name, "
     "model_version, ink_us, net_us, glyphs FROM {ks}.recognitions "
     "WHERE owner = ? AND bucket = ? AND id >= ? AND id < ? LIMIT ?"},
    {&S::list_corrections,
     "SELECT id, correction, label FROM {ks}.corrections "
     "WHERE owner = ? AND bucket = ? AND id >= ? AND id <= ? GROUP BY owner, bucket, id"},
    {&S::list_by_time,
     "SELECT id, owner FROM {ks}.by_time "
     "WHERE bucket = ? AND shard = ? AND id >= ? AND id < ? LIMIT ?"},
    {&S::list_buckets,
     "SELECT bucket FROM {ks}.buckets WHERE owner = ? AND bucket >= ? AND bucket <= ? LIMIT ?"},
    {&S::list_lags, "SELECT min(lag_s), max(lag_s) FROM {ks}.lags WHERE one = 0"},

    {&S::remove_recognition,
     "DELETE FROM {ks}.recognitions USING TIMESTAMP ? WHERE owner = ? AND bucket = ? AND id = ?"},
    {&S::remove_corrections,
     "DELETE FROM {ks}.corrections USING TIMESTAMP ? WHERE owner = ? AND bucket = ? AND id = ?"},
    {&S::remove_content, "DELETE FROM {ks}.contents USING TIMESTAMP ? WHERE id = ?"},
    {&S::remove_by_time,
     "DELETE FROM {ks}.by_time USING TIMESTAMP ? WHERE bucket = ? AND shard = ? AND id = ?"},
    {&S::ping, "INSERT INTO {ks}.pings (writer, at_us) VALUES (?, ?) USING TTL 86400"},

    {&S::add_model,
     "INSERT INTO {ks}.models (name, version, created_us, bytes, chunks, sha256) "
     "VALUES (?, ?, ?, ?, ?, ?) IF NOT EXISTS",
     false},
    {&S::get_model, "SELECT bytes, chunks, sha256 FROM {ks}.models WHERE name = ? AND version = ?"},
    {&S::list_models, "SELECT name, version, created_us, bytes, sha256 FROM {ks}.models"},
    {&S::add_chunk, "INSERT INTO {ks}.model_chunks (sha256, chunk, bytes) VALUES (?, ?, ?)"},
    {&S::get_chunk, "SELECT bytes FROM {ks}.model_chunks WHERE sha256 = ? AND chunk = ?"},

    // The condition always holds but for the same choice again; it is there for the order of
    // choices, which must not be that of the replicas' clocks.
    {&S::choose_model,
     "UPDATE {ks}.model_choices SET version = ?, chosen_us = ? WHERE name = ? IF version != ?",
     false},
    {&S::list_choices, "SELECT name, version FROM {ks}.model_choices"},

    {&S::add_job,
     "INSERT INTO {ks}.jobs (id, state, recipe, worker, progress, error, created_us, updated_us, "
     "attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) IF NOT EXISTS",
     false},
    {&S::get_job,
     "SELECT id, state, recipe, worker, progress, error, created_us, updated_us, attempts "
     "FROM {ks}.jobs WHERE id = ?"},
    {&S::list_jobs,
     "SELECT id, state, recipe, worker, progress, error, created_us, updated_us, attempts "
     "FROM {ks}.jobs"},
    // Each changes the time that the condition of another names, so that a death is counted once.
    {&S::claim_job,
     "UPDATE {ks}.jobs SET state = 1, worker = ?, updated_us = ?, attempts = ? "
     "WHERE id = ? IF state = ? AND updated_us = ?",
     false},
    {&S::cancel_job,
     "UPDATE {ks}.jobs SET state = 4, updated_us = ? WHERE id = ? IF state IN (0, 1)", false},
    {&S::update_job,
     "UPDATE {ks}.jobs SET state = ?, progress = ?, error = ?, updated_us = ?, worker = ? "
     "WHERE id = ? IF worker = ? AND state IN (0, 1)",
     false},
};

}  // namespace

Result<Statements> prepare_statements(Session& session, const std::string& keyspace) {
  Statements statements;
  for (const Text& text : kTexts) {
    const auto prepared = session.prepare(fill_in(text.cql, keyspace), text.idempotent);
    if (!prepared) return tl::unexpected(prepared.error());
    statements.*text.statement = *prepared;
  }
  return statements;
}

}  // namespace longhand::records::cassandra
