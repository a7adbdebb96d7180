#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "records/store.h"

namespace longhand::server {

// One listener's queue of events, bounded: a listener that is too slow loses the oldest ones and is
// told so by the event "dropped". Thread-safe.
class Subscription {
 public:
  static constexpr std::size_t kMaxQueued = 64;

  explicit Subscription(records::Viewer viewer) : viewer_(viewer) {}

  // The next event as the lines of text/event-stream; nullopt when there is none now.
  std::optional<std::string> pop();
  // `wake` is called, on the publisher's thread, whenever an event came into an empty queue; it
  // must be quick and must not call back. nullptr takes it away.
  void on_event(std::function<void()> wake);
  // Adds an event, as the lines of text/event-stream. Whether one was dropped for it.
  bool push(std::shared_ptr<const std::string> event);
  // No event follows: the stream ends with those that wait.
  void end();
  bool is_over();

 private:
  friend class Feed;
  void lose();

  const records::Viewer viewer_;
  std::mutex mutex_;
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::uint64_t dropped_ = 0;
  bool over_ = false;
  std::function<void()> wake_;
};

// Hands each event to every listener who may see it. Thread-safe.
class Feed {
 public:
  explicit Feed(std::size_t max_listeners) : max_listeners_(max_listeners) {}

  // nullptr when there are too many listeners already. It listens until the last copy is gone.
  std::shared_ptr<Subscription> subscribe(const records::Viewer& viewer);
  // Tells the listeners here and, where there is a relay, those of other replicas. `data` is one
  // line of JSON. Gives how many events were dropped for slow listeners.
  std::size_t publish(const records::OwnerHash& owner, const std::string& id,
                      const std::string& data);
  // Tells the listeners here only: what another replica published.
  std::size_t deliver(const records::OwnerHash& owner, const std::string& id,
                      const std::string& data);
  // Events of other replicas may have been lost: every listener is told so, as of one dropped.
  void lose();
  // Whether an event would reach anybody.
  bool is_heard() const;
  std::size_t listeners() const;

  using Relay = std::function<void(const records::OwnerHash& owner, const std::string& id,
                                   const std::string& data)>;
  // Set before the first event; nullptr: there is none.
  void set_relay(Relay relay) { relay_ = std::move(relay); }

 private:
  const std::size_t max_listeners_;
  Relay relay_;
  mutable std::mutex mutex_;
  std::unordered_map<Subscription*, std::weak_ptr<Subscription>> listeners_;
};

}  // namespace longhand::server
