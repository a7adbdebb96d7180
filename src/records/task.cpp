#include "records/task.h"

#include <iterator>

namespace longhand::records {

bool TaskQueue::push(std::unique_ptr<Task>& task) {
  {
    const std::lock_guard lock(mutex_);
    const bool room =
        tasks_.size() < limits_.tasks && bytes_ + task->traits().bytes <= limits_.bytes;
    if (!room && !tasks_.empty()) return false;
    bytes_ += task->traits().bytes;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
  return true;
}

std::vector<std::unique_ptr<Task>> TaskQueue::pop_all(
    std::optional<std::chrono::milliseconds> patience) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return closed_ || !tasks_.empty(); };
  if (patience) {
    changed_.wait_for(lock, *patience, ready);
  } else {
    changed_.wait(lock, ready);
  }
  std::vector<std::unique_ptr<Task>> all(std::make_move_iterator(tasks_.begin()),
                                         std::make_move_iterator(tasks_.end()));
  tasks_.clear();
  bytes_ = 0;
  return all;
}

std::unique_ptr<Task> TaskQueue::pop() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || !tasks_.empty(); });
  if (tasks_.empty()) return nullptr;
  auto task = std::move(tasks_.front());
  tasks_.pop_front();
  bytes_ -= task->traits().bytes;
  return task;
}

void TaskQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool TaskQueue::drained() {
  const std::lock_guard lock(mutex_);
  return closed_ && tasks_.empty();
}

}  // namespace longhand::records
