#pragma once

#include <chrono>
#include <functional>
#include <stop_token>

#include "records/store.h"

namespace longhand::records {

// Opens stores that may be out of reach. Where `open` answers kUnavailable, or nothing within
// `patience`, there are stores all the same: they answer kUnavailable, with the reason, while a
// thread of theirs calls `open` again and again, and pass on to what it opened from then on. Every
// other error of the first try is given. Once `stop` is requested nothing is tried any more, and
// who still waits for the first try is told kCancelled. Letting go of the last of the stores waits
// for the `open` under way, which should heed `stop` too.
Result<Stores> open_late(std::function<Result<Stores>()> open, std::chrono::milliseconds patience,
                         std::stop_token stop = {});

}  // namespace longhand::records
