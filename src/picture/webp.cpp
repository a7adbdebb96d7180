#include <leptonica/allheaders.h>

#include <algorithm>
#include <utility>

#include "picture/orientation.h"
#include "picture/pix.h"
#include "picture/plan.h"

namespace longhand::picture {
namespace {

constexpr char kFormat[] = "WebP";

struct WebpFile {
  int width = 0;
  int height = 0;
  bool lossless = false;
  bool has_alpha = false;  // or may have
  std::size_t end = 0;
  Bytes exif;
};

struct Side {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
};

// The size in a chunk of picture data, zero where it is none. Chunks are of little-endian numbers.
Side picture_size(const Reader& reader, std::size_t at, std::size_t length, bool lossless) {
  if (lossless) {
    if (length < 5 || reader.u8(at) != 0x2F) return {};
    const std::uint32_t bits = reader.u32(at + 1);
    return {(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
  }
  if (length < 10 || reader.u24(at + 3) != 0x2A019D) return {};
  return {reader.u16(at + 6) & 0x3FFF, reader.u16(at + 8) & 0x3FFF};
}

Result<WebpFile> parse(Bytes bytes, const Limits& limits) {
  const Reader reader(bytes, false);
  if (!reader.has(0, 20)) return truncated(kFormat);
  WebpFile file;
  file.end = 8 + std::size_t{reader.u32(4)};
  if (file.end > bytes.size()) return truncated(kFormat);
  Side canvas;  // zero in the simple form
  Side picture;
  std::size_t at = 12;
  while (at + 8 <= file.end) {
    const std::size_t length = reader.u32(at + 4);
    const std::size_t body = at + 8;
    if (length > file.end - body) return truncated(kFormat);
    if (reader.is(at, "VP8X") && length >= 10) {
      if ((reader.u8(body) & 2) != 0)
        return unsupported("an animated WebP file is not taken", "send one picture of it");
      canvas = {std::uint64_t{reader.u24(body + 4)} + 1, std::uint64_t{reader.u24(body + 7)} + 1};
      file.has_alpha = (reader.u8(body) & 16) != 0;
      if (auto size = check_size(canvas.width, canvas.height, limits); !size)
        return tl::unexpected(size.error());
    } else if (reader.is(at, "VP8L") || reader.is(at, "VP8 ")) {
      if (picture.width != 0) return corrupt(kFormat, "damaged: it has two pictures");
      file.lossless = reader.is(at, "VP8L");
      picture = picture_size(reader, body, length, file.lossless);
      if (auto size = check_size(picture.width, picture.height, limits); !size)
        return tl::unexpected(size.error());
    } else if (reader.is(at, "EXIF")) {
      file.exif = bytes.subspan(body, length);
    }
    at = body + length + length % 2;
  }
  if (picture.width == 0) return corrupt(kFormat, "truncated or damaged: it has no picture data");
  if (canvas.width != 0 && (canvas.width != picture.width || canvas.height != picture.height))
    return corrupt(kFormat, "damaged: its picture is not of the size of its canvas");
  file.width = static_cast<int>(picture.width);
  file.height = static_cast<int>(picture.height);
  return file;
}

Result<ink::Raster> decode_file(Bytes bytes, const WebpFile& file) {
  silence_leptonica();
  PixPtr pix(pixReadMemWebP(data_of(bytes), file.end));
  if (!pix || pixGetWidth(pix.get()) != file.width || pixGetHeight(pix.get()) != file.height)
    return corrupt(kFormat, "damaged or truncated; send it whole and unchanged");
  ink::Raster raster = to_raster(std::move(pix));
  apply_orientation(raster, exif_orientation(file.exif));
  return raster;
}

}  // namespace

Result<Plan> plan_webp(Bytes bytes, const Limits& limits) {
  const auto file = parse(bytes, limits);
  if (!file) return tl::unexpected(file.error());
  const std::size_t pixels = area(file->width, file->height);
  Plan plan;
  plan.width = file->width;
  plan.height = file->height;
  // Leptonica's picture beside the decoder's own: all of a lossless one, or the opacities, which
  // may be coded like a lossless picture; then Leptonica's and our planes.
  const std::size_t own = pixels * (file->lossless ? 4 : file->has_alpha ? 5 : 0);
  plan.memory = std::max(4 * pixels + own, 4 * pixels + 2 * pixels) + (2U << 20) +
                static_cast<std::size_t>(file->width) * 256;
  plan.decode = [bytes, parsed = *file] { return decode_file(bytes, parsed); };
  return plan;
}

}  // namespace longhand::picture
