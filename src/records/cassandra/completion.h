#pragma once

#include <functional>

namespace longhand::records::bridge {

struct Outcome;

// Who is to be told how a request ended: exactly once, by complete() or, where the client was
// closed with the request under way, by the destructor. `told` is called on the driver's thread,
// mustn't block there, and doesn't throw.
class Completion {
 public:
  using Told = std::function<void(Outcome)>;

  explicit Completion(Told told);
  ~Completion();
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

  void complete(Outcome outcome) noexcept;

 private:
  Told told_;  // empty once called
};

}  // namespace longhand::records::bridge
