#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace longhand::cli {

// A line on stderr that says how far a long work is: only on a terminal, and only once it has taken
// two seconds. Gone when the object is. Calls come from one thread at a time.
class Progress {
 public:
  explicit Progress(std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void at(std::size_t done, std::size_t total);

 private:
  using Clock = std::chrono::steady_clock;

  const std::string what_;
  const bool shown_;  // is there a terminal?
  const Clock::time_point started_ = Clock::now();
  Clock::time_point drawn_ = started_;
  bool anything_drawn_ = false;
};

}  // namespace longhand::cli
