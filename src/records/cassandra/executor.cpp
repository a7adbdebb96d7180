#include "records/cassandra/executor.h"

#include <utility>

namespace longhand::records::cassandra {

Executor::Executor() : thread_([this] { loop(); }) {}

Executor::~Executor() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Executor::post(std::function<void()> work) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = queue_.empty();
    queue_.push_back(std::move(work));
  }
  if (was_empty) changed_.notify_one();
}

void Executor::loop() {
  std::vector<std::function<void()>> work;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
      if (queue_.empty()) return;
      work.swap(queue_);
    }
    for (auto& one : work) one();
    work.clear();
  }
}

}  // namespace longhand::records::cassandra
