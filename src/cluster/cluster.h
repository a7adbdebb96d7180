#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/redis.h"
#include "cluster/subscriber.h"

namespace longhand::cluster {

// Something that a replica tells its listeners, so that those of the others hear it too.
struct Event {
  std::string owner;  // who may see it, in hexadecimal
  std::string id;
  std::string data;  // one line
};

// A replica among the others: what it tells them through Redis, and what it hears. Nothing of this
// is needed to answer requests rightly, and nothing waits for it. Thread-safe.
class Cluster {
 public:
  // All are called on threads of the cluster's; they must neither block nor throw.
  struct Handlers {
    std::function<void(Event)> on_event;
    // The models in the store have changed.
    std::function<void()> on_models;
    // Something may have been said that was not heard.
    std::function<void()> on_gap;
    // What others shall see of this replica, one line of JSON; asked for every second.
    std::function<std::string()> presence;
    std::function<void(RedisState, const std::string& reason)> on_change;
  };
  using Done = std::function<void(Result<std::vector<std::string>>)>;

  // `instance` names this process and no other: it tells its own words from the others'.
  Cluster(RedisAddress address, Patience patience, std::string instance, Handlers handlers);

  void publish(const Event& event);
  void announce_models();
  // The presence of each replica that was heard of in the last five seconds, this one included.
  void replicas(Done done);

  Redis& redis() { return redis_; }
  RedisState state() const { return redis_.state(); }
  bool is_listening() const { return subscriber_.is_listening(); }

 private:
  void say(const std::string& channel, const std::string& what);
  void hear(const std::string& channel, std::string_view message);

  const std::string instance_;
  const Handlers handlers_;
  Redis redis_;
  Subscriber subscriber_;
};

// An event as it travels, from one instance; from_wire gives nullopt for what is none.
std::string to_wire(const Event& event);
std::optional<Event> from_wire(std::string_view text);

}  // namespace longhand::cluster
