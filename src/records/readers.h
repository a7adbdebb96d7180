#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "records/task.h"

namespace longhand::records {

// A few threads that read from a store, each on a connection of its own; none waits for the writer.
class Readers {
 public:
  Readers(std::vector<std::unique_ptr<Connection>> connections, TaskQueue::Limits limits);
  // Answers what is queued first. Not to be called on one of its own threads.
  ~Readers();
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  bool push(std::unique_ptr<Task>& task) { return queue_.push(task); }

 private:
  void loop(Connection& db);

  std::vector<std::unique_ptr<Connection>> connections_;
  TaskQueue queue_;
  std::vector<std::thread> threads_;
};

}  // namespace longhand::records
