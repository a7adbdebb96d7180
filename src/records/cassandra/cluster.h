#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/result.h"
#include "base/uuid.h"
#include "records/cassandra/async.h"
#include "records/cassandra/session.h"
#include "records/cassandra/statements.h"
#include "records/record.h"

namespace longhand::records::cassandra {

// Counts what is under way: a limit on how much, and someone to wait for its end. Thread-safe.
class Admission {
 public:
  struct Limits {
    std::size_t operations = 1024;
    std::size_t bytes = std::size_t{64} << 20;  // one alone may be bigger
  };

  // A place among what is under way; given back when it is gone.
  class Ticket {
   public:
    Ticket(Ticket&& other) noexcept
        : from_(std::exchange(other.from_, nullptr)), bytes_(other.bytes_) {}
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket() {
      if (from_ != nullptr) from_->leave(bytes_);
    }

   private:
    friend class Admission;
    Ticket(Admission& from, std::size_t bytes) : from_(&from), bytes_(bytes) {}
    Admission* from_;
    std::size_t bytes_;
  };

  Admission() = default;
  explicit Admission(Limits limits) : limits_(limits) {}

  // kBusy when too much is under way already.
  Result<Ticket> enter(std::size_t bytes);
  void wait_until_empty();

 private:
  void leave(std::size_t bytes);

  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t operations_ = 0;
  std::size_t bytes_ = 0;
};

// What was written once and needn't be again, by its key: forgets all when it has grown too long.
// Thread-safe.
class Written {
 public:
  bool contains(const std::string& key);
  void insert(std::string key);

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> keys_;
};

// The cluster as the three stores of a keyspace share it.
class Cluster {
 public:
  Cluster(std::unique_ptr<Session> session, const Statements& statements,
          std::chrono::seconds retention);
  // Waits until everything under way has been told; each has its deadline.
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // Runs `work` and tells `done`, or tells it at once that there is too much.
  template <typename T>
  void run(std::size_t bytes, Async<Result<T>> work, Done<T> done) {
    auto ticket = admission_.enter(bytes);
    if (!ticket) return done(tl::unexpected(ticket.error()));
    start<T>(std::move(work), std::move(done), std::move(*ticket));
  }

  Session& session() { return *session_; }
  const Statements& statements() const { return statements_; }
  Written& written() { return written_; }
  std::chrono::seconds retention() const { return retention_; }

 private:
  const Statements statements_;
  const std::chrono::seconds retention_;
  std::unique_ptr<Session> session_;
  Written written_;
  Admission admission_;
};

}  // namespace longhand::records::cassandra
