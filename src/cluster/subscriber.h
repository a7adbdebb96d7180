#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "cluster/connection.h"

namespace longhand::cluster {

// Listens to channels of Redis on a connection and a thread of its own, for as long as it lives.
// What is said while the connection is broken is lost: `on_gap` tells so, once it stands again.
class Subscriber {
 public:
  struct Handlers {
    // Both are called on the subscriber's thread and must neither block nor throw.
    std::function<void(const std::string& channel, const std::string& message)> on_message;
    std::function<void()> on_gap;
  };

  Subscriber(RedisAddress address, Patience patience, std::vector<std::string> channels,
             Handlers handlers);
  // No handler runs after it returns.
  ~Subscriber();
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  bool is_listening() const { return listening_; }

 private:
  void run();
  void listen(redisContext& context);
  // Takes what was received; false when the connection is of no use any more.
  bool take_replies(redisContext& context);
  bool is_stopping() const;
  // Waits until there is something to read, the time is over or the object ends; whether there is
  // something to read (-1: no connection).
  bool wait(int descriptor, std::chrono::milliseconds time) const;

  const RedisAddress address_;
  const Patience patience_;
  const std::vector<std::string> channels_;
  const Handlers handlers_;
  std::atomic<bool> listening_{false};
  std::atomic<bool> stopping_{false};
  bool once_ = false;  // it has listened before
  int wake_ = -1;      // an eventfd
  std::thread thread_;
};

}  // namespace longhand::cluster
