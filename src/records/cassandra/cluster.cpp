#include "records/cassandra/cluster.h"

namespace longhand::records::cassandra {
namespace {

constexpr std::size_t kMostKeys = 100'000;

}  // namespace

Result<Admission::Ticket> Admission::enter(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  const bool room = operations_ < limits_.operations && bytes_ + bytes <= limits_.bytes;
  if (!room && operations_ > 0) {
    return fail(ErrorCode::kBusy, "too much is waiting for the store, try again");
  }
  ++operations_;
  bytes_ += bytes;
  return Ticket(*this, bytes);
}

void Admission::leave(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  --operations_;
  bytes_ -= bytes;
  // With the lock held: who waits takes this away as soon as it may go on.
  if (operations_ == 0) empty_.notify_all();
}

void Admission::wait_until_empty() {
  std::unique_lock lock(mutex_);
  empty_.wait(lock, [this] { return operations_ == 0; });
}

bool Written::contains(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return keys_.contains(key);
}

void Written::insert(std::string key) {
  const std::lock_guard lock(mutex_);
  if (keys_.size() >= kMostKeys) keys_.clear();
  keys_.insert(std::move(key));
}

Cluster::Cluster(std::unique_ptr<Session> session, const Statements& statements,
                 std::chrono::seconds retention)
    : statements_(statements), retention_(retention), session_(std::move(session)) {}

Cluster::~Cluster() {
  admission_.wait_until_empty();
}

}  // namespace longhand::records::cassandra
