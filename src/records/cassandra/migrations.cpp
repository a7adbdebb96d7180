#include <array>

#include "records/cassandra/schema.h"

namespace longhand::records::cassandra {
namespace {

// recognitions: what a list shows, a partition for an owner's hour, newest first; its last write
// makes a record be there. corrections: the newest of a record's counts, a null label takes it
// back. contents: what a list doesn't show, the picture in chunks, since a write has a limit.
// by_time: the operator's order, the hour of all owners in shards. buckets: the hours that hold
// anything, of an owner, and under 0x00 of all. lags: how far created_us is from the time in the
// id, in seconds away from zero to a power of two, where it is far. docs/store.md says more.
constexpr std::array kVersion1 = {
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.recognitions (
  owner blob, bucket int, id uuid, created_us bigint, name blob, mode text, alphabet text,
  text text, confidence float, rejected boolean, model_name text, model_version text,
  ink_us bigint, net_us bigint, glyphs blob,
  PRIMARY KEY ((owner, bucket), id)
) WITH CLUSTERING ORDER BY (id DESC) AND ID = {id:recognitions})cql",
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.corrections (
  owner blob, bucket int, id uuid, correction uuid, label text,
  PRIMARY KEY ((owner, bucket), id, correction)
) WITH CLUSTERING ORDER BY (id DESC, correction DESC) AND ID = {id:corrections})cql",
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.contents (
  id uuid, chunk int, owner blob, chunks int, normalization text, glyphs blob, strokes blob,
  media_type text, picture blob,
  PRIMARY KEY (id, chunk)
) WITH ID = {id:contents})cql",
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.by_time (
  bucket int, shard int, id uuid, owner blob,
  PRIMARY KEY ((bucket, shard), id)
) WITH CLUSTERING ORDER BY (id DESC) AND ID = {id:by_time})cql",
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.buckets (
  owner blob, bucket int,
  PRIMARY KEY (owner, bucket)
) WITH CLUSTERING ORDER BY (bucket DESC) AND ID = {id:buckets})cql",
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.lags (
  one int, lag_s bigint,
  PRIMARY KEY (one, lag_s)
) WITH ID = {id:lags})cql",
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.pings (
  writer uuid PRIMARY KEY, at_us bigint
) WITH ID = {id:pings})cql",
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.models (
  name text, version text, created_us bigint, bytes bigint, chunks int, sha256 blob,
  PRIMARY KEY ((name, version))
) WITH ID = {id:models})cql",
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.model_chunks (
  sha256 blob, chunk int, bytes blob,
  PRIMARY KEY ((sha256, chunk))
) WITH ID = {id:model_chunks})cql",
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.jobs (
  id uuid PRIMARY KEY, state int, recipe text, worker text, progress text, error text,
  created_us bigint, updated_us bigint
) WITH ID = {id:jobs})cql",
};

// model_choices: the version of a name that is served, '' where it is none of the store's.
constexpr std::array kVersion2 = {
    R"cql(CREATE TABLE IF NOT EXISTS {ks}.model_choices (
  name text PRIMARY KEY, version text, chosen_us bigint
) WITH ID = {id:model_choices})cql",
};

// jobs: how many attempts at it ended with the death of their worker; null where none was counted.
constexpr std::array kVersion3 = {"{unless jobs.attempts}ALTER TABLE {ks}.jobs ADD attempts int"};

constexpr std::array<Migration, 3> kMigrations = {Migration(kVersion1), Migration(kVersion2),
                                                  Migration(kVersion3)};

}  // namespace

std::span<const Migration> migrations() {
  return kMigrations;
}

}  // namespace longhand::records::cassandra
