// What is said about a picture before it is decoded: no byte read beyond the data, a size within
// the limits, and the same answer for the same bytes.
#include <cstdlib>

#include "picture/picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace longhand::picture;
  const auto bytes = std::as_bytes(std::span(data, size));
  const Limits limits{1U << 20, 1'000'000};
  const auto header = read_header(bytes, limits);
  if (!header) {
    if (header.error().message.empty()) std::abort();
    return 0;
  }
  if (header->width < 1 || header->height < 1) std::abort();
  const auto pixels =
      static_cast<std::size_t>(header->width) * static_cast<std::size_t>(header->height);
  if (pixels > limits.max_pixels) std::abort();
  const auto again = read_header(bytes, limits);
  if (!again || again->width != header->width || again->format != header->format) std::abort();
  return 0;
}
