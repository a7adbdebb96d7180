#pragma once

#include <future>
#include <memory>
#include <utility>

#include "records/store.h"

namespace longhand::records {

// Calls `start` with a Done and waits until it was called: a store's method as a plain function.
template <typename T, typename Start>
Result<T> wait_for(Start&& start) {
  // Shared, since the store's thread may still be inside set_value() when this one goes on.
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto future = promise->get_future();
  std::forward<Start>(start)(
      Done<T>([promise](Result<T> result) { promise->set_value(std::move(result)); }));
  return future.get();
}

}  // namespace longhand::records
