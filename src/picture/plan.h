#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"
#include "ink/image.h"
#include "picture/bytes.h"
#include "picture/picture.h"

namespace longhand::picture {

// What our own parser learned about a file before any decoder saw it.
struct Plan {
  int width = 0;  // as stored, before a turn
  int height = 0;
  // The most that decoding holds at a time, the Raster included, in bytes.
  std::size_t memory = 0;
  // Decodes; to be called once, while the bytes that the plan was made from are there, and with
  // `memory` bytes of the budget in hand.
  std::function<Result<ink::Raster>()> decode;
};

// One for each format, in the file of its name: `bytes` begin with the format's signature. They
// walk the whole structure of the file, so that what is cut short is refused without decoding.
Result<Plan> plan_png(Bytes bytes, const Limits& limits);
Result<Plan> plan_jpeg(Bytes bytes, const Limits& limits);
Result<Plan> plan_webp(Bytes bytes, const Limits& limits);
Result<Plan> plan_bmp(Bytes bytes, const Limits& limits);
Result<Plan> plan_gif(Bytes bytes, const Limits& limits);
Result<Plan> plan_tiff(Bytes bytes, const Limits& limits);
Result<Plan> plan_pnm(Bytes bytes, const Limits& limits);

// kCorruptImage for a side of zero, kTooLarge for more pixels or a longer side than allowed.
Result<void> check_size(std::uint64_t width, std::uint64_t height, const Limits& limits);

// kCorruptImage with "the FORMAT file is WHAT".
tl::unexpected<Error> corrupt(const char* format, const std::string& what);
inline tl::unexpected<Error> truncated(const char* format) {
  return corrupt(format, "truncated; send the whole file");
}
// kUnsupportedImage with "WHAT; REMEDY".
tl::unexpected<Error> unsupported(const std::string& what, const std::string& remedy);

inline std::size_t area(int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}

}  // namespace longhand::picture
