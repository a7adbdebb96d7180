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

 private:
  friend class Feed;
  // Whether one was dropped for it.
  bool push(std::shared_ptr<const std::string> event);

  const records::Viewer viewer_;
  std::mutex mutex_;
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::uint64_t dropped_ = 0;
  std::function<void()> wake_;
};

// Hands each event to every listener who may see it. Thread-safe.
class Feed {
 public:
  explicit Feed(std::size_t max_listeners) : max_listeners_(max_listeners) {}

  // nullptr when there are too many listeners already. It listens until the last copy is gone.
  std::shared_ptr<Subscription> subscribe(const records::Viewer& viewer);
  // `data` is one line of JSON. Gives how many events were dropped for slow listeners.
  std::size_t publish(const records::OwnerHash& owner, const std::string& id,
                      const std::string& data);
  std::size_t listeners() const;

 private:
  const std::size_t max_listeners_;
  mutable std::mutex mutex_;
  std::unordered_map<Subscription*, std::weak_ptr<Subscription>> listeners_;
};

}  // namespace longhand::server
