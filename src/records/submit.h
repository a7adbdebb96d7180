#pragma once

#include <memory>
#include <utility>

#include "records/task.h"

namespace longhand::records {

// Hands `run` to `worker` (a Writer or Readers), or tells `done` that it is too busy. `run` may be
// run more than once.
template <typename T, typename Worker, typename Run>
void submit(Worker& worker, Task::Traits traits, Run run, Done<T> done) {
  std::unique_ptr<Task> task = std::make_unique<TaskOf<T>>(traits, std::move(run), std::move(done));
  if (!worker.push(task)) {
    task->finish(fail(ErrorCode::kBusy, "too much is waiting for the store, try again"));
  }
}

}  // namespace longhand::records
