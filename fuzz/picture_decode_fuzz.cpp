// The whole way from bytes to a raster, with small limits so that every run is short: the raster is
// of the size that the header said, turned or not.
#include <cstdlib>

#include "picture/picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace longhand::picture;
  const auto bytes = std::as_bytes(std::span(data, size));
  const Limits limits{1U << 18, 1U << 16};
  const auto raster = decode(bytes, limits);
  if (!raster) {
    if (raster.error().message.empty()) std::abort();
    return 0;
  }
  const auto header = read_header(bytes, limits);
  if (!header) std::abort();
  const auto& grey = raster->grey;
  const bool upright = grey.width == header->width && grey.height == header->height;
  const bool turned = grey.width == header->height && grey.height == header->width;
  if (!upright && !turned) std::abort();
  if (grey.pixels.size() !=
      static_cast<std::size_t>(grey.width) * static_cast<std::size_t>(grey.height))
    std::abort();
  if (!raster->alpha.empty() &&
      (raster->alpha.width != grey.width || raster->alpha.height != grey.height))
    std::abort();
  return 0;
}
