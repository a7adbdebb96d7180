#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "records/store.h"

namespace longhand::server {

namespace asio = boost::asio;
using asio::awaitable;

// Waits for a callback. `start` is called at once with a function to be called exactly once, on any
// thread, with the value (or an exception); the coroutine goes on where it ran before.
template <typename T, typename Start>
awaitable<T> await_callback(Start start) {
  using Outcome = std::optional<T>;
  auto initiate = [&start](auto handler) {
    using Bound = decltype(handler);
    // Callbacks are std::functions, which must be copyable; handlers can only be moved.
    auto shared = std::make_shared<Bound>(std::move(handler));
    auto executor = asio::get_associated_executor(*shared);
    auto work = asio::make_work_guard(executor);
    start([shared, executor, work](std::exception_ptr error, Outcome outcome) {
      asio::post(executor, [shared, error, outcome = std::move(outcome)]() mutable {
        (*shared)(error, std::move(outcome));
      });
    });
  };
  Outcome outcome = co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                                  void(std::exception_ptr, Outcome)>(
      initiate, asio::use_awaitable);
  co_return std::move(*outcome);
}

// What await_callback's function is, as a store wants it.
template <typename T>
auto to_done(auto callback) {
  return records::Done<T>([callback](Result<T> result) {
    callback(nullptr, std::optional<Result<T>>(std::move(result)));
  });
}

// Runs `work` on `executor` and waits for what it gives; exceptions come through.
template <typename T, typename Executor, typename Work>
awaitable<T> run_on(Executor executor, Work work) {
  auto start = [&executor, &work](auto done) {
    asio::post(executor, [work = std::move(work), done]() mutable {
      try {
        done(nullptr, std::optional<T>(work()));
      } catch (...) {
        done(std::current_exception(), std::nullopt);
      }
    });
  };
  co_return co_await await_callback<T>(std::move(start));
}

}  // namespace longhand::server
