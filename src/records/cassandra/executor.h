#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace longhand::records::cassandra {

// A thread of our own on which requests go on once they are answered, so that the driver's thread
// only hands over. Thread-safe.
class Executor {
 public:
  Executor();
  // Runs what is queued first. Not to be called on its own thread.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // `work` mustn't throw.
  void post(std::function<void()> work);

 private:
  void loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void()>> queue_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace longhand::records::cassandra
