#include "picture/budget.h"

#include <string>

namespace longhand::picture {

Result<MemoryBudget::Share> MemoryBudget::take(std::size_t bytes) {
  if (bytes > capacity_)
    return fail(ErrorCode::kTooLarge,
                "decoding this picture takes " + std::to_string((bytes >> 20) + 1) +
                    " MB of memory, and all pictures together may take " +
                    std::to_string(capacity_ >> 20) + " MB; send a smaller picture");
  std::unique_lock lock(mutex_);
  if (!waiting_.empty() || bytes > free_) {
    Waiter waiter{bytes, {}};
    const auto place = waiting_.insert(waiting_.end(), &waiter);
    const bool served = waiter.turn.wait_for(
        lock, patience_, [&] { return waiting_.front() == &waiter && bytes <= free_; });
    waiting_.erase(place);
    if (!served) {
      wake_first();  // it may have waited for us only
      return fail(ErrorCode::kBusy,
                  "the memory for decoding pictures is in use by others; try again in a moment");
    }
  }
  free_ -= bytes;
  wake_first();
  return Share(this, bytes);
}

void MemoryBudget::give_back(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  free_ += bytes;
  wake_first();
}

void MemoryBudget::wake_first() {
  if (!waiting_.empty()) waiting_.front()->turn.notify_one();
}

}  // namespace longhand::picture
