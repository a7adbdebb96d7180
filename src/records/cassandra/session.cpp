#include "records/cassandra/session.h"

#include "longhand-cassandra/src/lib.rs.h"
#include "records/cassandra/completion.h"
#include "rust/cxx.h"

namespace longhand::records::cassandra {
namespace {

constexpr std::uint64_t kSchemaMs = 60'000;  // a change of the schema, on a busy small machine
constexpr std::uint64_t kSpeculateMs = 400;

std::string text_of(const rust::String& text) {
  return {text.data(), text.size()};
}

Result<Rows> rows_of(bridge::Outcome outcome) {
  switch (outcome.fault) {
    case bridge::Fault::None:
      return Rows(outcome.columns, {outcome.values.begin(), outcome.values.end()});
    case bridge::Fault::Refused:
    case bridge::Fault::Senseless:
      return fail(ErrorCode::kIo, "Cassandra refuses: " + text_of(outcome.message));
    case bridge::Fault::Cancelled:
    case bridge::Fault::Unreachable:
    case bridge::Fault::Failed:
    case bridge::Fault::TimedOut:
      break;
  }
  return fail(ErrorCode::kUnavailable,
              "Cassandra can't be reached or is too slow: " + text_of(outcome.message));
}

Result<void> done_of(bridge::Outcome outcome) {
  return rows_of(std::move(outcome)).map([](const Rows&) {});
}

bridge::Config config_of(const ClusterUrl& url) {
  bridge::Config config;
  for (const std::string& host : url.hosts) config.hosts.push_back(host);
  config.datacenter = url.datacenter;
  config.keyspace = url.keyspace;
  config.user = url.user;
  config.password = url.password;
  config.tls = url.tls;
  config.ca_file = url.ca_file;
  config.certificate_file = url.certificate_file;
  config.key_file = url.key_file;
  config.consistency = url.consistency;
  config.connect_ms = static_cast<std::uint64_t>(url.connecting.count());
  const auto deadline_ms = static_cast<std::uint64_t>(url.deadline.count());
  config.attempt_ms = std::max<std::uint64_t>(deadline_ms / 2, 1);
  config.speculate_ms = std::min(kSpeculateMs, config.attempt_ms);
  return config;
}

Result<void> connected(const bridge::Outcome& outcome, const ClusterUrl& url) {
  switch (outcome.fault) {
    case bridge::Fault::None:
      return {};
    case bridge::Fault::Refused:
      return fail(ErrorCode::kUnauthorized, text_of(outcome.message));
    case bridge::Fault::Senseless:
      return fail(ErrorCode::kInvalidArgument, text_of(outcome.message));
    case bridge::Fault::Cancelled:
      return fail(ErrorCode::kCancelled, "the store was closed before a node answered");
    case bridge::Fault::Unreachable:
    case bridge::Fault::Failed:
    case bridge::Fault::TimedOut:
      break;
  }
  return fail(ErrorCode::kUnavailable, "no node of the cluster answers at " + url.hosts.front() +
                                           (url.hosts.size() > 1 ? " and the others" : "") + ": " +
                                           text_of(outcome.message));
}

}  // namespace

struct Session::Driver {
  Driver(rust::Box<bridge::Client> made, std::stop_token stop)
      : client(std::move(made)), cancelling(std::move(stop), [this] { client->cancel(); }) {}
  rust::Box<bridge::Client> client;
  const std::stop_callback<std::function<void()>> cancelling;
};

Session::Session(std::unique_ptr<Driver> driver, std::uint64_t deadline_ms)
    : deadline_ms_(deadline_ms), driver_(std::move(driver)) {}

Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::connect(const ClusterUrl& url,
                                                  std::stop_token stop) {
  std::unique_ptr<Driver> driver;
  try {
    driver = std::make_unique<Driver>(bridge::make_client(), std::move(stop));
  } catch (const rust::Error& error) {
    return fail(ErrorCode::kIo, std::string("Cassandra's driver can't start: ") + error.what());
  }
  if (auto done = connected(driver->client->connect(config_of(url)), url); !done) {
    return tl::unexpected(done.error());
  }
  const auto deadline_ms = static_cast<std::uint64_t>(url.deadline.count());
  return std::unique_ptr<Session>(new Session(std::move(driver), deadline_ms));
}

Result<Rows> Session::query(const std::string& cql) {
  return rows_of(driver_->client->query(cql, kSchemaMs, false));
}

Result<Rows> Session::query_at_parting(const std::string& cql) {
  return rows_of(driver_->client->query(cql, kSchemaMs, true));
}

Result<Prepared> Session::prepare(const std::string& cql, bool idempotent) {
  Prepared prepared;
  auto outcome = driver_->client->prepare(cql, idempotent, prepared.number);
  if (auto done = done_of(std::move(outcome)); !done) return tl::unexpected(done.error());
  return prepared;
}

Result<void> Session::await_schema() {
  return done_of(driver_->client->await_schema());
}

void Session::execute(const Batch& batch, Told told) {
  const auto on_driver = [this, told = std::move(told)](bridge::Outcome outcome) {
    // Shared, since a std::function must be copyable.
    auto rows = std::make_shared<Result<Rows>>(rows_of(std::move(outcome)));
    executor_.post([told, rows] { told(std::move(*rows)); });
  };
  std::vector<bridge::Bound> bound;
  bound.reserve(batch.size());
  for (const Request& request : batch) {
    const auto values = request.values.bytes();
    bound.push_back({request.statement.number, {values.data(), values.size()}});
  }
  driver_->client->execute({bound.data(), bound.size()}, deadline_ms_,
                           std::make_unique<bridge::Completion>(on_driver));
}

std::uint64_t Session::retries() const {
  return driver_->client->retries();
}

Asked::Asked(Session& session, std::vector<Request> requests)
    : session_(session), answers_(requests.size()) {
  batches_.reserve(requests.size());
  for (Request& request : requests) batches_.emplace_back().push_back(std::move(request));
}

Asked::Asked(Session& session, Request request) : session_(session), answers_(1) {
  batches_.emplace_back().push_back(std::move(request));
}

bool Asked::await_suspend(std::coroutine_handle<> waiting) {
  // One more than there are, so that nothing goes on, and takes this away, before the loop's end.
  missing_ = batches_.size() + 1;
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    session_.execute(batches_[i], [this, i, waiting](Result<Rows> rows) {
      answers_[i].emplace(std::move(rows));
      if (missing_.fetch_sub(1) == 1) waiting.resume();
    });
  }
  return missing_.fetch_sub(1) != 1;
}

Result<std::vector<Rows>> Asked::await_resume() {
  std::vector<Rows> all;
  for (auto& answer : answers_) {
    if (!*answer) return tl::unexpected(std::move(answer->error()));
    all.push_back(std::move(**answer));
  }
  return all;
}

}  // namespace longhand::records::cassandra
