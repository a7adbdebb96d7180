#pragma once

#include <atomic>
#include <cstddef>

namespace longhand::server {

// Counts in an atomic number while it lives.
template <typename Number>
class Counting {
 public:
  explicit Counting(std::atomic<Number>& number) : number_(number) { number_.fetch_add(1); }
  ~Counting() { number_.fetch_sub(1); }
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;

 private:
  std::atomic<Number>& number_;
};

// The bytes that a request's body takes of what all bodies together may take.
class BodyShare {
 public:
  BodyShare(std::atomic<std::size_t>& taken, std::size_t limit) : taken_(taken), limit_(limit) {}
  ~BodyShare() { taken_.fetch_sub(mine_); }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;

  // Whether `size` fits.
  bool grow_to(std::size_t size) {
    if (size <= mine_) return true;
    const std::size_t more = size - mine_;
    if (taken_.fetch_add(more) + more > limit_) {
      taken_.fetch_sub(more);
      return false;
    }
    mine_ = size;
    return true;
  }

 private:
  std::atomic<std::size_t>& taken_;
  std::size_t limit_;
  std::size_t mine_ = 0;
};

}  // namespace longhand::server
