#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cluster/redis.h"

namespace longhand::cluster {

// The trainings that wait, as a stream of Redis that one group of workers reads: each entry goes to
// one of them, who says so again and again while at it, or it goes to another. Only news: what
// there is to do, and who does it, stands in the store of jobs, and whoever misses an entry finds
// it there. Thread-safe.
class JobStream {
 public:
  struct Entry {
    std::string id;   // Redis'
    std::string job;  // as given
  };

  // `worker` names this process and no other.
  JobStream(Redis& redis, std::string worker) : redis_(redis), worker_(std::move(worker)) {}

  // Doesn't wait.
  void add(const std::string& job);
  // An entry that nobody has taken or, where there is none, one whose worker was silent for as long
  // as `dead`. Blocks as long as Redis may take; nullopt also while it is out of reach.
  std::optional<Entry> take(std::chrono::milliseconds dead);
  // Still at it. Doesn't wait.
  void keep(const Entry& entry);
  // Nobody needs to take it any more. Doesn't wait.
  void done(const Entry& entry);

 private:
  Redis& redis_;
  const std::string worker_;
};

}  // namespace longhand::cluster
