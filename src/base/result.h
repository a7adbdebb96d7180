#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace longhand {

// What kind of thing went wrong: enough for a caller to act on (an HTTP status, an exit code, a
// retry). The message says the rest to a person.
enum class ErrorCode {
  kInvalidArgument,   // the request or an option makes no sense; nothing was read
  kInvalidStrokes,    // strokes with too many points, coordinates that are no finite numbers, ...
  kUnsupportedImage,  // no picture, or of a format that is not taken
  kCorruptImage,      // the format is known, the data is truncated or damaged
  kTooLarge,          // over a limit; the message names the limit
  kBusy,              // a shared budget is spent; the same call may do later
  kNotFound,
  kConflict,          // something else is there already under that name, or in that state
  kUnauthorized,
  kUnsupportedModel,  // a good file that asks for what is not built here
  kCorruptModel,      // not a model, truncated, inconsistent or hostile
  kCorruptData,       // a data set or recipe that can't be read
  kCorruptStore,      // the store's file is damaged, or is no store at all
  kDiskFull,
  kIo,                // the system refused to read or write
  kUnavailable,       // a service that is needed is out of reach
  kCancelled,
};

// The code's name on the wire and in `--json` output: "unsupported_image" for kUnsupportedImage.
std::string_view to_string(ErrorCode code);

// An error that outside input can cause. The message is one sentence for a person: what was wrong,
// where, and what would be right; no trailing full stop, no line breaks.
struct Error {
  ErrorCode code;
  std::string message;
};

// What comes back where input can be wrong. Exceptions are left for bugs and for resources.
template <typename T>
using Result = tl::expected<T, Error>;

// `return fail(ErrorCode::kTooLarge, "...")` from a function that gives a Result<T>.
inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace longhand
