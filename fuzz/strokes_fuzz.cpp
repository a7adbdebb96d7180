// Strokes alone, under small limits so that these are met often.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/recognition_request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const longhand::ink::StrokeLimits limits{.max_strokes = 4, .max_points = 8, .max_coordinate = 1e6F};
  const auto strokes = longhand::api::parse_strokes(text, limits);
  if (!strokes) {
    if (strokes.error().message.empty()) std::abort();
    return 0;
  }
  if (!longhand::ink::check(*strokes, limits)) std::abort();
  return 0;
}
