// The JSON body of a request for a recognition.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/recognition_request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto request = longhand::api::parse_recognition_request(text);
  if (!request) {
    if (request.error().message.empty()) std::abort();
    return 0;
  }
  // One of the two, and strokes that keep to the limits.
  if (request->picture.has_value() == request->strokes.has_value()) std::abort();
  if (request->strokes && !longhand::ink::check(*request->strokes)) std::abort();
  return 0;
}
