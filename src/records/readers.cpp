#include "records/readers.h"

#include <new>

namespace longhand::records {

Readers::Readers(std::vector<std::unique_ptr<Connection>> connections, TaskQueue::Limits limits)
    : connections_(std::move(connections)), queue_(limits) {
  for (const auto& db : connections_) {
    threads_.emplace_back([this, &connection = *db] { loop(connection); });
  }
}

Readers::~Readers() {
  queue_.close();
  for (auto& thread : threads_) thread.join();
}

void Readers::loop(Connection& db) {
  while (auto task = queue_.pop()) {
    Result<void> done;
    try {
      done = task->run(db);
    } catch (const std::bad_alloc&) {
      done = fail(ErrorCode::kBusy, "the store " + db.path() + " is out of memory, try again");
    }
    task->finish(std::move(done));
  }
}

}  // namespace longhand::records
