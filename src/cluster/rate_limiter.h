#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "cluster/buckets.h"
#include "cluster/redis.h"

namespace longhand::cluster {

// Token buckets (a token a request) that all replicas share through Redis; each replica's own where
// there is none, or while it is down, slow or full. Thread-safe.
class RateLimiter {
 public:
  using Done = std::function<void(Verdict)>;

  // `redis` may be nullptr; else it must outlive the limiter.
  RateLimiter(RateRules rules, Redis* redis);

  // `owner` and `way` are short names of any bytes; see LocalBuckets::take(). `done` is called
  // exactly once, maybe before the call returns; it must neither block nor throw.
  void take(std::string owner, std::string way, Done done);

  bool is_on() const { return rules_.owner.per_second > 0 || rules_.newcomers.per_second > 0; }
  // Decided by this process alone although there should be a Redis.
  std::uint64_t fallbacks() const { return *fallbacks_; }

 private:
  const RateRules rules_;
  Redis* const redis_;
  // Shared with the answers that are still to come.
  const std::shared_ptr<LocalBuckets> local_;
  const std::shared_ptr<std::atomic<std::uint64_t>> fallbacks_;
};

}  // namespace longhand::cluster
