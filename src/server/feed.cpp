#include "server/feed.h"

#include <utility>
#include <vector>

namespace longhand::server {

std::optional<std::string> Subscription::pop() {
  const std::lock_guard lock(mutex_);
  if (dropped_ != 0) {
    const std::uint64_t count = std::exchange(dropped_, 0);
    return "event: dropped\ndata: {\"count\":" + std::to_string(count) + "}\n\n";
  }
  if (queue_.empty()) return std::nullopt;
  std::string event = *queue_.front();
  queue_.pop_front();
  return event;
}

void Subscription::on_event(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

bool Subscription::push(std::shared_ptr<const std::string> event) {
  const std::lock_guard lock(mutex_);
  const bool was_empty = queue_.empty();
  const bool full = queue_.size() == kMaxQueued;
  if (full) {
    queue_.pop_front();
    ++dropped_;
  }
  queue_.push_back(std::move(event));
  if (was_empty && wake_) wake_();
  return full;
}

void Subscription::end() {
  const std::lock_guard lock(mutex_);
  over_ = true;
  if (wake_) wake_();
}

bool Subscription::is_over() {
  const std::lock_guard lock(mutex_);
  return over_ && queue_.empty() && dropped_ == 0;
}

void Subscription::lose() {
  const std::lock_guard lock(mutex_);
  const bool was_empty = queue_.empty() && dropped_ == 0;
  ++dropped_;
  if (was_empty && wake_) wake_();
}

std::shared_ptr<Subscription> Feed::subscribe(const records::Viewer& viewer) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const auto& entry) { return entry.second.expired(); });
  if (listeners_.size() >= max_listeners_) return nullptr;
  auto subscription = std::make_shared<Subscription>(viewer);
  listeners_.emplace(subscription.get(), subscription);
  return subscription;
}

std::size_t Feed::publish(const records::OwnerHash& owner, const std::string& id,
                          const std::string& data) {
  if (relay_) relay_(owner, id, data);
  return deliver(owner, id, data);
}

std::size_t Feed::deliver(const records::OwnerHash& owner, const std::string& id,
                          const std::string& data) {
  std::vector<std::shared_ptr<Subscription>> concerned;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [address, weak] : listeners_) {
      auto subscription = weak.lock();
      if (subscription &&
          (subscription->viewer_.is_operator || subscription->viewer_.owner == owner)) {
        concerned.push_back(std::move(subscription));
      }
    }
  }
  if (concerned.empty()) return 0;
  const auto event = std::make_shared<const std::string>(
      "id: " + id + "\nevent: recognition\ndata: " + data + "\n\n");
  std::size_t dropped = 0;
  for (const auto& subscription : concerned) dropped += subscription->push(event) ? 1U : 0U;
  return dropped;
}

void Feed::lose() {
  const std::lock_guard lock(mutex_);
  for (const auto& [address, weak] : listeners_) {
    if (const auto subscription = weak.lock()) subscription->lose();
  }
}

bool Feed::is_heard() const {
  return relay_ != nullptr || listeners() != 0;
}

std::size_t Feed::listeners() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [address, weak] : listeners_) count += weak.expired() ? 0U : 1U;
  return count;
}

}  // namespace longhand::server
