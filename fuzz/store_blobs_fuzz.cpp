// The blobs of a store's file: whatever the bytes, a value or an error. What is taken is written
// again and must read as the same.

#include <cstdlib>
#include <span>

#include "records/blob.h"

namespace {

using namespace longhand::records;

template <typename Decode, typename Encode>
void check(std::span<const std::byte> blob, Decode decode, Encode encode) {
  const auto value = decode(blob);
  if (!value) return;
  const auto again = encode(*value);
  const auto second = decode(again);
  if (!second || encode(*second) != again) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto blob = std::as_bytes(std::span(data, size));
  check(blob, decode_strokes, encode_strokes);
  check(blob, decode_glyphs, encode_glyphs);
  check(blob, decode_images, encode_images);
  return 0;
}
