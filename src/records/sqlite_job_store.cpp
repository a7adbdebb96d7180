#include <limits>

#include "records/sqlite_store.h"
#include "records/submit.h"
#include "records/summary_row.h"

namespace longhand::records {
namespace {

// States as stored: their order in Job::State is part of the format.
static_assert(static_cast<int>(Job::State::kQueued) == 0 &&
              static_cast<int>(Job::State::kRunning) == 1 &&
              static_cast<int>(Job::State::kDone) == 2 &&
              static_cast<int>(Job::State::kFailed) == 3 &&
              static_cast<int>(Job::State::kCancelled) == 4);

std::int64_t number_of(Job::State state) {
  return static_cast<std::int64_t>(state);
}

std::size_t bytes_of(const Job& job) {
  return job.recipe.size() + job.worker.size() + job.progress.size() + job.error.size();
}

// A row of: id, state, recipe, worker, progress, error, created_us, updated_us, attempts.
Result<Job> read_job(Connection& db, Statement& row) {
  Job job;
  const bool sized = copy_exactly(row.blob(0), job.id.bytes);
  const auto state = row.integer(1);
  job.recipe = row.text(2);
  job.worker = row.text(3);
  job.progress = row.text(4);
  job.error = row.text(5);
  job.created_us = row.integer(6);
  job.updated_us = row.integer(7);
  const auto attempts = row.integer(8);
  if (!sized || !row.well_typed() || state < 0 || state > number_of(Job::State::kCancelled) ||
      attempts < 0 || attempts > std::numeric_limits<int>::max()) {
    return tl::unexpected(
        damaged_store(db.path(), "the row of job " + job.id.to_string() + " makes no sense"));
  }
  job.state = static_cast<Job::State>(state);
  job.attempts = static_cast<int>(attempts);
  return job;
}

Result<void> insert_job(Connection& db, const Job& job) {
  return Statement(db,
                   "INSERT INTO jobs (id, state, recipe, worker, progress, error, created_us, "
                   "updated_us, attempts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
                   "ON CONFLICT DO NOTHING")
      .bind(1, std::span<const std::uint8_t>(job.id.bytes))
      .bind(2, number_of(job.state))
      .bind(3, std::string_view(job.recipe))
      .bind(4, std::string_view(job.worker))
      .bind(5, std::string_view(job.progress))
      .bind(6, std::string_view(job.error))
      .bind(7, job.created_us)
      .bind(8, job.updated_us)
      .bind(9, std::int64_t{job.attempts})
      .run();
}

Result<Job> select_job(Connection& db, const Uuid& id) {
  Statement select(db,
                   "SELECT id, state, recipe, worker, progress, error, created_us, updated_us, "
                   "attempts FROM jobs WHERE id = ?1");
  const auto row = select.bind(1, std::span<const std::uint8_t>(id.bytes)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return fail(ErrorCode::kNotFound, "there is no job " + id.to_string());
  return read_job(db, select);
}

Result<std::vector<Job>> select_jobs(Connection& db) {
  Statement select(db,
                   "SELECT id, state, recipe, worker, progress, error, created_us, updated_us, "
                   "attempts FROM jobs ORDER BY id DESC");
  std::vector<Job> jobs;
  for (;;) {
    const auto row = select.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return jobs;
    auto job = read_job(db, select);
    if (!job) return tl::unexpected(job.error());
    jobs.push_back(std::move(*job));
  }
}

Result<std::optional<Job>> claim_job(Connection& db, const std::string& worker,
                                     std::int64_t stale_us) {
  Statement claim(db,
                  "UPDATE jobs SET state = 1, worker = ?1, updated_us = ?2, "
                  "attempts = attempts + CASE state WHEN 1 THEN 1 ELSE 0 END WHERE id = "
                  "(SELECT id FROM jobs WHERE state = 0 OR (state = 1 AND updated_us < ?3) "
                  "ORDER BY created_us, id LIMIT 1) "
                  "RETURNING id, state, recipe, worker, progress, error, created_us, updated_us, "
                  "attempts");
  const auto row =
      claim.bind(1, std::string_view(worker)).bind(2, unix_micros()).bind(3, stale_us).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<Job>();
  auto job = read_job(db, claim);
  if (!job) return tl::unexpected(job.error());
  if (auto end = claim.run(); !end) return tl::unexpected(end.error());
  return std::optional(std::move(*job));
}

// A job that has ended stays as it ended; one given back to the queue has no worker.
Result<void> update_job(Connection& db, const Job& job) {
  {
    Statement update(db,
                     "UPDATE jobs SET state = ?3, progress = ?4, error = ?5, updated_us = ?6, "
                     "worker = CASE ?3 WHEN 0 THEN '' ELSE worker END "
                     "WHERE id = ?1 AND worker = ?2 AND state IN (0, 1)");
    auto done = update.bind(1, std::span<const std::uint8_t>(job.id.bytes))
                    .bind(2, std::string_view(job.worker))
                    .bind(3, number_of(job.state))
                    .bind(4, std::string_view(job.progress))
                    .bind(5, std::string_view(job.error))
                    .bind(6, unix_micros())
                    .run();
    if (!done) return done;
  }
  if (db.changes() == 1) return {};
  return fail(ErrorCode::kNotFound,
              "no job " + job.id.to_string() + " is held by worker \"" + job.worker + "\"");
}

// One that has ended, or that is not there, is left alone.
Result<Job> cancel_job(Connection& db, const Uuid& id) {
  {
    Statement cancel(
        db, "UPDATE jobs SET state = 4, updated_us = ?2 WHERE id = ?1 AND state IN (0, 1)");
    auto done =
        cancel.bind(1, std::span<const std::uint8_t>(id.bytes)).bind(2, unix_micros()).run();
    if (!done) return tl::unexpected(done.error());
  }
  return select_job(db, id);
}

}  // namespace

void SqliteJobStore::add(Job job, Done<void> done) {
  const auto bytes = bytes_of(job);
  const auto run = [job = std::move(job)](Connection& db) { return insert_job(db, job); };
  submit<void>(writer_, {bytes}, run, std::move(done));
}

void SqliteJobStore::get(const Uuid& id, Done<Job> done) {
  const auto run = [id](Connection& db) { return select_job(db, id); };
  submit<Job>(readers_, {}, run, std::move(done));
}

void SqliteJobStore::list(Done<std::vector<Job>> done) {
  submit<std::vector<Job>>(readers_, {}, select_jobs, std::move(done));
}

void SqliteJobStore::claim(std::string worker, std::int64_t stale_us,
                           Done<std::optional<Job>> done) {
  const auto run = [worker = std::move(worker), stale_us](Connection& db) {
    return claim_job(db, worker, stale_us);
  };
  submit<std::optional<Job>>(writer_, {}, run, std::move(done));
}

void SqliteJobStore::cancel(const Uuid& id, Done<Job> done) {
  const auto run = [id](Connection& db) { return cancel_job(db, id); };
  submit<Job>(writer_, {}, run, std::move(done));
}

void SqliteJobStore::update(Job job, Done<void> done) {
  const auto bytes = bytes_of(job);
  const auto run = [job = std::move(job)](Connection& db) { return update_job(db, job); };
  submit<void>(writer_, {bytes}, run, std::move(done));
}

}  // namespace longhand::records
