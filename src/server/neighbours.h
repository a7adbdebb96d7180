#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cluster/cluster.h"
#include "cluster/job_stream.h"
#include "cluster/rate_limiter.h"
#include "server/feed.h"
#include "server/models.h"

namespace spdlog {
class logger;
}

namespace longhand::server {

struct ServeOptions;

// The other replicas, as far as there are any: with a Redis the feed, the news of models and the
// rate limits are shared with them, without one this process is alone. All methods are thread-safe.
class Neighbours {
 public:
  using Replicas = cluster::Cluster::Done;

  // `presence` gives what the others shall see of this replica, one line of JSON; it is called from
  // a thread of its own until leave() returns.
  Neighbours(const ServeOptions& options, Feed& feed, Models& models,
             std::function<std::string()> presence, std::shared_ptr<spdlog::logger> logger);

  // Nothing is called, and nothing waits, once it returns. Nothing may be asked after it.
  void leave();

  // Names this process and no other.
  const std::string& instance() const { return instance_; }
  // The trainings that wait, as replicas tell each other of them; nullptr without a Redis.
  cluster::JobStream* jobs() { return jobs_.get(); }
  cluster::RateLimiter& limiter() { return *limiter_; }
  // What each replica says of itself; see `presence`. kUnavailable while Redis is out of reach.
  void replicas(Replicas done);
  // "" when all is well or there is no Redis; else what is wrong and what follows from it.
  std::string trouble() const;
  // Appends what /metrics shows of Redis; nothing when there is none.
  void write_metrics(std::string& out) const;

 private:
  const std::string instance_;
  const std::function<std::string()> presence_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<cluster::JobStream> jobs_;
  std::unique_ptr<cluster::RateLimiter> limiter_;
};

}  // namespace longhand::server
