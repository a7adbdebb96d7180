#include "cluster/buckets.h"

#include <algorithm>
#include <cmath>

namespace longhand::cluster {
namespace {

std::chrono::milliseconds until_one(double level, const Rate& rate) {
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(std::ceil((1 - level) * 1'000 / rate.per_second)));
}

// The level after what flowed in since `at`.
double refilled(double level, std::chrono::duration<double> passed, const Rate& rate) {
  return std::min(rate.burst, level + std::max(0.0, passed.count()) * rate.per_second);
}

}  // namespace

Verdict LocalBuckets::take(const std::string& owner, const std::string& way,
                           Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  // Owners are told from ways, so that nobody drains another's bucket by a well chosen name.
  const std::string owner_key = "o" + owner;
  Bucket* bucket = find(owner_key, now);
  if (bucket == nullptr && rules_.newcomers.per_second > 0) {
    const std::string way_key = "w" + way;
    Bucket* const known = find(way_key, now);
    Bucket& gate = known != nullptr ? *known : add(way_key, rules_.newcomers.burst, now);
    gate.level = refilled(gate.level, now - gate.at, rules_.newcomers);
    gate.at = now;
    if (gate.level < 1) return {false, true, until_one(gate.level, rules_.newcomers)};
    gate.level -= 1;
  }
  if (bucket == nullptr) bucket = &add(owner_key, rules_.owner.burst, now);
  if (rules_.owner.per_second <= 0) {
    bucket->at = now;
    return {};
  }
  bucket->level = refilled(bucket->level, now - bucket->at, rules_.owner);
  bucket->at = now;
  if (bucket->level < 1) return {false, false, until_one(bucket->level, rules_.owner)};
  bucket->level -= 1;
  return {};
}

void LocalBuckets::know(const std::string& owner, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const std::string key = "o" + owner;
  if (Bucket* const bucket = find(key, now); bucket != nullptr) {
    bucket->level = refilled(bucket->level, now - bucket->at, rules_.owner);
    bucket->at = now;
  } else {
    add(key, rules_.owner.burst, now);
  }
}

std::size_t LocalBuckets::size() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

// nullptr for one that is not there or was not used for too long.
LocalBuckets::Bucket* LocalBuckets::find(const std::string& key, Clock::time_point now) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  if (now - found->second->at > rules_.memory) {
    buckets_.erase(found->second);
    by_key_.erase(found);
    return nullptr;
  }
  buckets_.splice(buckets_.begin(), buckets_, found->second);
  return &*found->second;
}

LocalBuckets::Bucket& LocalBuckets::add(const std::string& key, double level,
                                        Clock::time_point now) {
  if (buckets_.size() >= kMostBuckets) {
    by_key_.erase(buckets_.back().key);
    buckets_.pop_back();
  }
  buckets_.push_front({key, level, now});
  by_key_[key] = buckets_.begin();
  return buckets_.front();
}

}  // namespace longhand::cluster
