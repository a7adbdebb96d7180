#include <leptonica/allheaders.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

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
  Bytes picture;  // the chunk's body
  Bytes alpha;    // of ALPH, which a lossy picture may have beside it
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
  const std::size_t end = 8 + std::size_t{reader.u32(4)};
  if (end > bytes.size()) return truncated(kFormat);
  Side canvas;  // zero in the simple form
  Side picture;
  std::size_t at = 12;
  while (at + 8 <= end) {
    const std::size_t length = reader.u32(at + 4);
    const std::size_t body = at + 8;
    if (length > end - body) return truncated(kFormat);
    if (reader.is(at, "VP8X") && length >= 10) {
      if ((reader.u8(body) & 2) != 0)
        return unsupported("an animated WebP file is not taken", "send one picture of it");
      canvas = {std::uint64_t{reader.u24(body + 4)} + 1, std::uint64_t{reader.u24(body + 7)} + 1};
      if (auto size = check_size(canvas.width, canvas.height, limits); !size)
        return tl::unexpected(size.error());
    } else if (reader.is(at, "VP8L") || reader.is(at, "VP8 ")) {
      if (picture.width != 0) return corrupt(kFormat, "damaged: it has two pictures");
      file.lossless = reader.is(at, "VP8L");
      file.picture = bytes.subspan(body, length);
      picture = picture_size(reader, body, length, file.lossless);
      if (auto size = check_size(picture.width, picture.height, limits); !size)
        return tl::unexpected(size.error());
    } else if (reader.is(at, "ALPH")) {
      file.alpha = bytes.subspan(body, length);
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

void append(std::vector<std::uint8_t>& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

void append_chunk(std::vector<std::uint8_t>& out, const char* name, Bytes body) {
  out.insert(out.end(), name, name + 4);
  append(out, body.size(), 4);
  out.insert(out.end(), data_of(body), data_of(body) + body.size());
  if (body.size() % 2 != 0) out.push_back(0);
}

// A file of nothing but the picture and its opacities: the decoder guesses at what it doesn't know,
// and would read a size where we did not look.
std::vector<std::uint8_t> rebuild(const WebpFile& file) {
  std::vector<std::uint8_t> out;
  out.reserve(64 + file.picture.size() + file.alpha.size());
  for (const char c : std::string_view("RIFF\0\0\0\0WEBP", 12))
    out.push_back(static_cast<std::uint8_t>(c));
  if (!file.lossless && !file.alpha.empty()) {
    for (const char c : std::string_view("VP8X\x0A\0\0\0\x10\0\0\0", 12))
      out.push_back(static_cast<std::uint8_t>(c));
    append(out, static_cast<std::uint64_t>(file.width - 1), 3);
    append(out, static_cast<std::uint64_t>(file.height - 1), 3);
    append_chunk(out, "ALPH", file.alpha);
  }
  append_chunk(out, file.lossless ? "VP8L" : "VP8 ", file.picture);
  const std::size_t size = out.size() - 8;
  for (std::size_t i = 0; i < 4; ++i) out[4 + i] = static_cast<std::uint8_t>(size >> 8 * i);
  return out;
}

Result<ink::Raster> decode_file(const WebpFile& file) {
  silence_leptonica();
  PixPtr pix;
  {
    const auto plain = rebuild(file);
    pix.reset(pixReadMemWebP(plain.data(), plain.size()));
  }
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
  const std::size_t own = pixels * (file->lossless ? 4 : !file->alpha.empty() ? 5 : 0);
  plan.memory = std::max(4 * pixels + own, 4 * pixels + 3 * pixels) + bytes.size() + (2U << 20) +
                static_cast<std::size_t>(file->width) * 256;
  plan.decode = [parsed = *file] { return decode_file(parsed); };
  return plan;
}

}  // namespace longhand::picture
