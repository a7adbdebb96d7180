#include <algorithm>
#include <tuple>

#include "records/cassandra/stores.h"

namespace longhand::records::cassandra {
namespace {

// States as stored: their order in Job::State is part of the format.
static_assert(static_cast<int>(Job::State::kQueued) == 0 &&
              static_cast<int>(Job::State::kRunning) == 1 &&
              static_cast<int>(Job::State::kDone) == 2 &&
              static_cast<int>(Job::State::kFailed) == 3 &&
              static_cast<int>(Job::State::kCancelled) == 4);

constexpr std::size_t kSmall = 1024;

std::size_t bytes_of(const Job& job) {
  return kSmall + job.recipe.size() + job.worker.size() + job.progress.size() + job.error.size();
}

// A row of get_job or list_jobs.
Result<Job> read_job(Rows& row) {
  Job job;
  job.id = row.uuid(0);
  const std::int32_t state = row.integer(1);
  job.recipe = row.text(2);
  job.worker = row.text(3);
  job.progress = row.text(4);
  job.error = row.text(5);
  job.created_us = row.bigint(6);
  job.updated_us = row.bigint(7);
  job.attempts = row.null(8) ? 0 : row.integer(8);  // null: of a Longhand that didn't count
  if (!row.well_typed() || state < 0 || state > static_cast<int>(Job::State::kCancelled) ||
      job.attempts < 0) {
    return fail(ErrorCode::kCorruptStore, "the row of job " + job.id.to_string() +
                                              " makes no sense: something else has written into "
                                              "the keyspace");
  }
  job.state = static_cast<Job::State>(state);
  return job;
}

Async<Result<void>> add_job(Cluster& cluster, Job job) {
  Request request{cluster.statements().add_job, {}};
  request.values.uuid(job.id)
      .integer(static_cast<std::int32_t>(job.state))
      .text(job.recipe)
      .text(job.worker)
      .text(job.progress)
      .text(job.error)
      .bigint(job.created_us)
      .bigint(job.updated_us)
      .integer(job.attempts);
  Asked asked(cluster.session(), std::move(request));
  const auto done = co_await asked;
  if (!done) co_return tl::unexpected(done.error());
  co_return Result<void>();
}

Async<Result<Job>> get_job(Cluster& cluster, Uuid id) {
  Request request{cluster.statements().get_job, {}};
  request.values.uuid(id);
  Asked asked(cluster.session(), std::move(request));
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  if (!rows->front().next()) {
    co_return fail(ErrorCode::kNotFound, "there is no job " + id.to_string());
  }
  co_return read_job(rows->front());
}

// Jobs are few: a training takes minutes at the least.
Async<Result<std::vector<Job>>> list_jobs(Cluster& cluster) {
  Asked asked(cluster.session(), Request{cluster.statements().list_jobs, {}});
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  std::vector<Job> jobs;
  while (rows->front().next()) {
    auto job = read_job(rows->front());
    if (!job) co_return tl::unexpected(job.error());
    jobs.push_back(std::move(*job));
  }
  std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.id > b.id; });
  co_return jobs;
}

bool can_be_claimed(const Job& job, std::int64_t stale_us) {
  return job.state == Job::State::kQueued ||
         (job.state == Job::State::kRunning && job.updated_us < stale_us);
}

// Asks for each in turn, on the condition that it is still as it was seen. An answer that is lost
// may have been a yes: the job itself tells then.
Async<Result<std::optional<Job>>> claim_job(Cluster& cluster, std::string worker,
                                            std::int64_t stale_us) {
  auto listing = list_jobs(cluster);
  auto jobs = co_await listing;
  if (!jobs) co_return tl::unexpected(jobs.error());
  std::sort(jobs->begin(), jobs->end(), [](const Job& a, const Job& b) {
    return std::tie(a.created_us, a.id) < std::tie(b.created_us, b.id);
  });
  for (Job& job : *jobs) {
    if (!can_be_claimed(job, stale_us)) continue;
    const std::int64_t now = unix_micros();
    const int attempts = job.attempts + (job.state == Job::State::kRunning ? 1 : 0);
    Request request{cluster.statements().claim_job, {}};
    request.values.text(worker)
        .bigint(now)
        .integer(attempts)
        .uuid(job.id)
        .integer(static_cast<std::int32_t>(job.state))
        .bigint(job.updated_us);
    Asked asked(cluster.session(), std::move(request));
    auto answer = co_await asked;
    bool mine = answer && answer->front().next() && answer->front().boolean(0);
    if (!answer) {
      auto getting = get_job(cluster, job.id);
      const auto found = co_await getting;
      if (!found) co_return tl::unexpected(answer.error());
      mine = found->state == Job::State::kRunning && found->worker == worker &&
             found->updated_us == now;
    }
    if (!mine) continue;
    job.state = Job::State::kRunning;
    job.worker = worker;
    job.updated_us = now;
    job.attempts = attempts;
    co_return std::optional(std::move(job));
  }
  co_return std::optional<Job>();
}

// A job that has ended stays as it ended; one given back to the queue has no worker.
Async<Result<void>> update_job(Cluster& cluster, Job job) {
  Request request{cluster.statements().update_job, {}};
  request.values.integer(static_cast<std::int32_t>(job.state))
      .text(job.progress)
      .text(job.error)
      .bigint(unix_micros())
      .text(job.state == Job::State::kQueued ? "" : job.worker)
      .uuid(job.id)
      .text(job.worker);
  Asked asked(cluster.session(), std::move(request));
  auto answer = co_await asked;
  if (!answer) co_return tl::unexpected(answer.error());
  if (answer->front().next() && answer->front().boolean(0)) co_return Result<void>();
  co_return fail(ErrorCode::kNotFound,
                 "no job " + job.id.to_string() + " is held by worker \"" + job.worker + "\"");
}

Async<Result<Job>> cancel_job(Cluster& cluster, Uuid id) {
  Request request{cluster.statements().cancel_job, {}};
  request.values.bigint(unix_micros()).uuid(id);
  // Not applied: it has ended, or is none.
  Asked asked(cluster.session(), std::move(request));
  const auto answer = co_await asked;
  if (!answer) co_return tl::unexpected(answer.error());
  auto getting = get_job(cluster, id);
  co_return co_await getting;
}

}  // namespace

void CassandraJobStore::add(Job job, Done<void> done) {
  const std::size_t bytes = bytes_of(job);
  cluster_.run<void>(bytes, add_job(cluster_, std::move(job)), std::move(done));
}

void CassandraJobStore::get(const Uuid& id, Done<Job> done) {
  cluster_.run<Job>(kSmall, get_job(cluster_, id), std::move(done));
}

void CassandraJobStore::list(Done<std::vector<Job>> done) {
  cluster_.run<std::vector<Job>>(kSmall, list_jobs(cluster_), std::move(done));
}

void CassandraJobStore::claim(std::string worker, std::int64_t stale_us,
                              Done<std::optional<Job>> done) {
  cluster_.run<std::optional<Job>>(kSmall, claim_job(cluster_, std::move(worker), stale_us),
                                   std::move(done));
}

void CassandraJobStore::cancel(const Uuid& id, Done<Job> done) {
  cluster_.run<Job>(kSmall, cancel_job(cluster_, id), std::move(done));
}

void CassandraJobStore::update(Job job, Done<void> done) {
  const std::size_t bytes = bytes_of(job);
  cluster_.run<void>(bytes, update_job(cluster_, std::move(job)), std::move(done));
}

}  // namespace longhand::records::cassandra
