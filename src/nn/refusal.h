#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace longhand::nn {

// Thrown where a model file can't be taken, and caught in Model::load, which turns it into an
// Error: it never leaves this folder. Reading a graph is hundreds of checks many calls deep, and
// protozero throws as well; one way out keeps the checks readable.
class Refusal {
 public:
  Refusal(ErrorCode code, std::string message) : error_{code, std::move(message)} {}
  const Error& error() const { return error_; }

 private:
  Error error_;
};

[[noreturn]] inline void refuse_corrupt(std::string message) {
  throw Refusal(ErrorCode::kCorruptModel, std::move(message));
}
[[noreturn]] inline void refuse_unsupported(std::string message) {
  throw Refusal(ErrorCode::kUnsupportedModel, std::move(message));
}
[[noreturn]] inline void refuse_large(std::string message) {
  throw Refusal(ErrorCode::kTooLarge, std::move(message));
}

// A name out of the file, fit for a message: in quotes, of bounded length, without control bytes.
std::string quoted(std::string_view name);

}  // namespace longhand::nn
