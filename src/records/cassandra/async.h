#pragma once

#include <coroutine>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include "base/result.h"
#include "records/store.h"

namespace longhand::records::cassandra {

// A coroutine that gives a T to the one who awaits it, and starts when it is awaited. Parameters
// of coroutines go by value: they outlive the call.
template <typename T>
class [[nodiscard]] Async {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  struct promise_type {
    struct Final {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(Handle self) noexcept { return self.promise().next; }
      void await_resume() noexcept {}
    };

    Async get_return_object() { return Async(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    Final final_suspend() noexcept { return {}; }
    void return_value(T given) { value.emplace(std::move(given)); }
    void unhandled_exception() { error = std::current_exception(); }

    std::optional<T> value;
    std::exception_ptr error;
    std::coroutine_handle<> next;
  };

  Async(Async&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Async& operator=(Async&&) = delete;
  ~Async() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) noexcept {
    handle_.promise().next = waiting;
    return handle_;
  }
  T await_resume() {
    if (handle_.promise().error) std::rethrow_exception(handle_.promise().error);
    return std::move(*handle_.promise().value);
  }

 private:
  explicit Async(Handle handle) : handle_(handle) {}

  Handle handle_;
};

// A coroutine that nobody waits for.
struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

// Runs `work`, tells `done`, then lets go of `held`.
template <typename T, typename Held>
Detached start(Async<Result<T>> work, Done<T> done, Held held) {
  std::optional<Result<T>> result;
  try {
    result.emplace(co_await work);
  } catch (const std::bad_alloc&) {
    result.emplace(fail(ErrorCode::kBusy, "out of memory, try again"));
  }
  done(std::move(*result));
  static_cast<void>(held);
}

}  // namespace longhand::records::cassandra
