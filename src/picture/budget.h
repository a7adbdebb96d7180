#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>

#include "base/result.h"

namespace longhand::picture {

// An amount of memory that the threads of the process share. A call takes the share that it needs
// or waits for it; who waits longest goes first, so that a large share can't starve. Thread-safe.
class MemoryBudget {
 public:
  // Gives its bytes back when it goes.
  class Share {
   public:
    Share(Share&& other) noexcept : budget_(other.budget_), bytes_(other.bytes_) {
      other.budget_ = nullptr;
    }
    Share& operator=(Share&&) = delete;
    ~Share() {
      if (budget_ != nullptr) budget_->give_back(bytes_);
    }

   private:
    friend class MemoryBudget;
    Share(MemoryBudget* budget, std::size_t bytes) : budget_(budget), bytes_(bytes) {}
    MemoryBudget* budget_;
    std::size_t bytes_;
  };

  MemoryBudget(std::size_t capacity, std::chrono::milliseconds patience)
      : capacity_(capacity), free_(capacity), patience_(patience) {}

  // kTooLarge for more than there is at all, kBusy when patience ran out.
  Result<Share> take(std::size_t bytes);

 private:
  struct Waiter {
    std::size_t bytes;
    std::condition_variable turn;
  };

  void give_back(std::size_t bytes);
  void wake_first();  // with the lock held

  const std::size_t capacity_;
  std::mutex mutex_;
  std::size_t free_;
  std::list<Waiter*> waiting_;
  const std::chrono::milliseconds patience_;
};

}  // namespace longhand::picture
