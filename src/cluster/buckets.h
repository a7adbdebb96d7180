#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace longhand::cluster {

// So many a second in the long run, and so many at once.
struct Rate {
  double per_second = 0;  // 0: no limit
  double burst = 1;
};

struct RateRules {
  Rate owner;      // for each owner
  Rate newcomers;  // owners not seen lately, all that come by one way (an address) together
  // How long an owner who asks nothing is still known.
  std::chrono::milliseconds memory{std::chrono::hours(1)};
};

struct Verdict {
  bool allowed = true;
  bool newcomer = false;                    // refused as one of too many new owners
  std::chrono::milliseconds retry_after{};  // when refused: how soon it may be allowed
};

// Token buckets in this process' memory: what holds when there is no Redis. Bounded: the bucket
// that was asked for longest ago goes first. Thread-safe.
class LocalBuckets {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kMostBuckets = 100'000;

  explicit LocalBuckets(RateRules rules) : rules_(rules) {}

  // Takes one token of the owner's bucket, and if the owner is not known yet one of the way's.
  Verdict take(const std::string& owner, const std::string& way, Clock::time_point now);
  // The owner was let through by others: known here as well, should it come to that.
  void know(const std::string& owner, Clock::time_point now);
  std::size_t size() const;

 private:
  struct Bucket {
    std::string key;
    double level;
    Clock::time_point at;
  };
  using Buckets = std::list<Bucket>;  // the latest used first

  Bucket* find(const std::string& key, Clock::time_point now);
  Bucket& add(const std::string& key, double level, Clock::time_point now);

  const RateRules rules_;
  mutable std::mutex mutex_;
  Buckets buckets_;
  std::unordered_map<std::string, Buckets::iterator> by_key_;
};

}  // namespace longhand::cluster
