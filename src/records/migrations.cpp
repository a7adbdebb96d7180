#include <array>

#include "records/schema.h"

namespace longhand::records {
namespace {

// records: one small row a recognition, all that a list shows. `lag_us` is created_us less the time
// in the id; it is nearly always nearly zero, so that a filter by time can be turned into a range
// of ids, the order of every list, with the few exceptions in an index of their own.
// contents: what a list doesn't show, big, hence apart; the picture last, so that the other
// columns are read without walking its pages.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE records (
  row INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  owner BLOB NOT NULL,
  created_us INTEGER NOT NULL,
  lag_us INTEGER NOT NULL,
  name TEXT NOT NULL,
  mode TEXT NOT NULL,
  alphabet TEXT NOT NULL,
  text TEXT NOT NULL,
  confidence REAL NOT NULL,
  rejected INTEGER NOT NULL,
  model_name TEXT NOT NULL,
  model_version TEXT NOT NULL,
  ink_us INTEGER NOT NULL,
  net_us INTEGER NOT NULL,
  label TEXT,
  glyphs BLOB NOT NULL
) STRICT;
CREATE INDEX records_of_owner ON records (owner, id);
CREATE INDEX records_of_owner_by_text ON records (owner, coalesce(label, text), id);
CREATE INDEX records_by_text ON records (coalesce(label, text), id);
CREATE INDEX corrected_of_owner ON records (owner, id) WHERE label IS NOT NULL;
CREATE INDEX corrected ON records (id) WHERE label IS NOT NULL;
CREATE INDEX lagging ON records (lag_us) WHERE abs(lag_us) > 10000000;

CREATE TABLE contents (
  record INTEGER PRIMARY KEY,
  normalization TEXT NOT NULL,
  glyphs BLOB NOT NULL,
  strokes BLOB,
  media_type TEXT,
  picture BLOB
) STRICT;

CREATE TABLE models (
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  onnx BLOB NOT NULL,
  PRIMARY KEY (name, version)
) STRICT;

CREATE TABLE jobs (
  id BLOB PRIMARY KEY NOT NULL,
  state INTEGER NOT NULL,
  recipe TEXT NOT NULL,
  worker TEXT NOT NULL,
  progress TEXT NOT NULL,
  error TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  updated_us INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, created_us, id);

CREATE TABLE pings (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  at_us INTEGER NOT NULL
) STRICT;
)sql";

// models: with their checksums; nothing wrote any into the table before. model_choices: the version
// of a name that is served, '' where it is none of these.
constexpr const char* kVersion2 = R"sql(
DROP TABLE models;
CREATE TABLE models (
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  onnx BLOB NOT NULL,
  PRIMARY KEY (name, version)
) STRICT;
CREATE TABLE model_choices (
  name TEXT PRIMARY KEY NOT NULL,
  version TEXT NOT NULL,
  chosen_us INTEGER NOT NULL
) STRICT;
)sql";

// jobs: how many attempts at it ended with the death of their worker.
constexpr const char* kVersion3 = R"sql(
ALTER TABLE jobs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr std::array kMigrations = {kVersion1, kVersion2, kVersion3};

}  // namespace

std::span<const char* const> migrations() {
  return kMigrations;
}

}  // namespace longhand::records
