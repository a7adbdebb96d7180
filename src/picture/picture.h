#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ink/image.h"

namespace longhand::picture {

enum class Format { kPng, kJpeg, kWebp, kBmp, kGif, kTiff, kPnm };

// "image/png" and so on.
const char* media_type(Format format);

struct Limits {
  std::size_t max_bytes = 16U << 20;    // of the file; "16 MB" in messages
  std::size_t max_pixels = 40'000'000;  // width times height
};

// What the first bytes say, read by our own code without decoding anything.
struct Header {
  Format format;
  int width = 0;
  int height = 0;
};

// Format by signature and the dimensions as stored, before any turn. kUnsupportedImage names what
// is taken; kCorruptImage for a size of zero and for a file whose parts, walked but not decoded, do
// not reach its end; kTooLarge names the limit that was passed.
Result<Header> read_header(std::span<const std::byte> bytes, const Limits& limits = {});

// Decodes: grey as displayed (luma by BT.601, or what tells the colours apart where that hardly
// does: tones.h), EXIF turn applied, first frame or page, alpha kept apart
// where any pixel is not opaque. The pixels in flight of all calls together stay within one budget
// of memory of the process: a call waits a few seconds for its share, then answers kBusy; what
// alone would take more is kTooLarge. Damaged data is kCorruptImage, never half a picture.
// Thread-safe. Prints nothing, but for a line on stderr that the PNG and JPEG libraries below
// Leptonica write for damaged data.
Result<ink::Raster> decode(std::span<const std::byte> bytes, const Limits& limits = {});

// An 8-bit grey PNG; nothing for an empty image. Thread-safe.
std::vector<std::byte> encode_png(const ink::GreyImage& image);

}  // namespace longhand::picture
