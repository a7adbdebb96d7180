#pragma once

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "records/cassandra/cql.h"
#include "records/cassandra/executor.h"
#include "records/cassandra/url.h"

namespace longhand::records::cassandra {

// A prepared statement of a session.
struct Prepared {
  std::size_t number = 0;
};

struct Request {
  Prepared statement;
  Values values;
};

// What goes to the cluster as one request: a statement alone, or several writes in one logged
// batch, of which in the end all are applied or, where it fails before the cluster has noted it,
// none; a reader may see some before the others. For small ones: Cassandra warns of batches over
// 5 KiB and refuses those over 50 (batch_size_fail_threshold).
using Batch = std::vector<Request>;

// A connection to a cluster. Errors are kUnavailable where a node, the way to it, or the time was
// wanting, and then a write may have been applied; kIo where the cluster refuses. Thread-safe.
//
// After a failed statement only the error of its last attempt is known, so that every statement but
// the conditional ones must be one that may be applied twice: it is tried again until the deadline.
class Session {
 public:
  // Blocks until the cluster answers. kUnavailable where no node does, kUnauthorized for a user,
  // a password or a certificate that is refused, kInvalidArgument for files that make no sense and
  // for TLS or a data centre that isn't there.
  // Once `stop` is requested, on whatever thread, this and those that block return within moments,
  // and requests under way, and all later ones, are told that they were cancelled (kUnavailable).
  static Result<std::unique_ptr<Session>> connect(const ClusterUrl& url, std::stop_token stop = {});
  // Requests under way are told that they were cancelled. Not to be called on the executor.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // These block; they are for opening a store. What is said at parting has a second after `stop`.
  Result<Rows> query(const std::string& cql);
  Result<Rows> query_at_parting(const std::string& cql);
  // Not idempotent is a statement with a condition: it is not tried again where it may have been
  // applied.
  Result<Prepared> prepare(const std::string& cql, bool idempotent = true);
  Result<void> await_schema();

  using Told = std::function<void(Result<Rows>)>;
  // `told` is called on the executor's thread, once.
  void execute(const Batch& batch, Told told);

  // Requests that were tried again, all together.
  std::uint64_t retries() const;

 private:
  struct Driver;

  explicit Session(std::unique_ptr<Driver> driver, std::uint64_t deadline_ms);

  const std::uint64_t deadline_ms_;
  Executor executor_;  // after the driver's last word
  std::unique_ptr<Driver> driver_;
};

// Several requests at once: `co_await` goes on once all are answered, on the executor, and gives
// their rows in order, or the first error of them.
class Asked {
 public:
  Asked(Session& session, std::vector<Batch> batches)
      : session_(session), batches_(std::move(batches)), answers_(batches_.size()) {}
  Asked(Session& session, std::vector<Request> requests);  // each alone
  Asked(Session& session, Request request);
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  bool await_ready() const noexcept { return batches_.empty(); }
  bool await_suspend(std::coroutine_handle<> waiting);
  Result<std::vector<Rows>> await_resume();

 private:
  Session& session_;
  std::vector<Batch> batches_;
  std::vector<std::optional<Result<Rows>>> answers_;
  std::atomic<std::size_t> missing_{0};
};

}  // namespace longhand::records::cassandra
