#pragma once

#include <string>

#include "base/result.h"
#include "records/cassandra/session.h"

namespace longhand::records::cassandra {

// Every statement that the stores run, prepared once. Markers are in the order in which they stand
// in the text; statements.cpp has the texts.
struct Statements {
  // Records
  Prepared add_recognition, add_content, add_by_time, add_bucket, add_lag, add_correction;
  Prepared get_recognition, get_correction, get_content, get_owner;
  Prepared list_recognitions, list_corrections, list_by_time, list_buckets, list_lags;
  Prepared remove_recognition, remove_corrections, remove_content, remove_by_time;
  Prepared ping;
  // Models
  Prepared add_model, get_model, list_models, add_chunk, get_chunk;
  Prepared choose_model, list_choices;
  // Jobs
  Prepared add_job, get_job, list_jobs, claim_job, update_job, cancel_job;
};

Result<Statements> prepare_statements(Session& session, const std::string& keyspace);

}  // namespace longhand::records::cassandra
