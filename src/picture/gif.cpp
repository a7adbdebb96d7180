#include <leptonica/allheaders.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "picture/pix.h"
#include "picture/plan.h"

namespace longhand::picture {
namespace {

constexpr char kFormat[] = "GIF";
constexpr std::size_t kScreen = 13;      // the signature and the screen's description
constexpr std::size_t kDescriptor = 10;  // of a frame, its separator included

struct GifFile {
  int width = 0;  // of the screen, or of the frame where that reaches beyond
  int height = 0;
  int left = 0;  // the frame
  int top = 0;
  int frame_width = 0;
  int frame_height = 0;
  Bytes palette;
  Bytes frame;     // descriptor, palette of its own and data
  Bytes screen;    // signature, screen, palette for all frames
  int clear = -1;  // index of the transparent colour
};

std::size_t palette_bytes(unsigned flags) {
  return (flags & 0x80) != 0 ? 3 * (std::size_t{2} << (flags & 7)) : 0;
}

// The end of a chain of blocks that each say their length; nullopt when the file ends before.
std::optional<std::size_t> skip_blocks(const Reader& reader, std::size_t at) {
  while (reader.has(at, 1)) {
    const std::size_t length = reader.u8(at);
    at += 1 + length;
    if (length == 0) return at;
  }
  return std::nullopt;
}

// Takes the first frame in; `at` is its descriptor. Gives where it ends.
Result<std::size_t> parse_frame(Bytes bytes, const Reader& reader, std::size_t at, GifFile& file) {
  if (!reader.has(at, kDescriptor)) return truncated(kFormat);
  const std::size_t own_palette = palette_bytes(reader.u8(at + 9));
  const std::size_t data = at + kDescriptor + own_palette;
  if (!reader.has(data, 1)) return truncated(kFormat);
  const auto end = skip_blocks(reader, data + 1);
  if (!end) return truncated(kFormat);
  if (!file.frame.empty()) return *end;
  file.frame = bytes.subspan(at, *end - at);
  file.left = static_cast<int>(reader.u16(at + 1));
  file.top = static_cast<int>(reader.u16(at + 3));
  file.frame_width = static_cast<int>(reader.u16(at + 5));
  file.frame_height = static_cast<int>(reader.u16(at + 7));
  if (own_palette > 0) file.palette = bytes.subspan(at + kDescriptor, own_palette);
  return *end;
}

Result<GifFile> parse(Bytes bytes, const Limits& limits) {
  const Reader reader(bytes, false);
  if (!reader.has(0, kScreen)) return truncated(kFormat);
  GifFile file;
  const std::size_t palette = palette_bytes(reader.u8(10));
  if (!reader.has(kScreen, palette)) return truncated(kFormat);
  file.screen = bytes.subspan(0, kScreen + palette);
  file.palette = bytes.subspan(kScreen, palette);
  if (auto size = check_size(reader.u16(6), reader.u16(8), limits); !size)
    return tl::unexpected(size.error());
  std::size_t at = kScreen + palette;
  while (reader.u8(at) != ';') {
    std::optional<std::size_t> end;
    if (!reader.has(at, 2)) return truncated(kFormat);
    if (reader.u8(at) == ',') {
      const auto frame = parse_frame(bytes, reader, at, file);
      if (!frame) return tl::unexpected(frame.error());
      end = *frame;
    } else if (reader.u8(at) == '!') {
      const bool is_control = reader.u8(at + 1) == 0xF9 && reader.u8(at + 2) == 4;
      if (is_control && file.frame.empty())
        file.clear = (reader.u8(at + 3) & 1) != 0 ? reader.u8(at + 6) : -1;
      end = skip_blocks(reader, at + 2);
    } else {
      return corrupt(kFormat, "damaged: there is no block where one must be");
    }
    if (!end) return truncated(kFormat);
    at = *end;
  }
  if (file.frame.empty()) return corrupt(kFormat, "damaged: it has no picture data");
  if (file.palette.empty()) return corrupt(kFormat, "damaged: it has no colours");
  if (file.frame_width == 0 || file.frame_height == 0)
    return corrupt(kFormat, "damaged: its first frame is empty");
  file.width = std::max(static_cast<int>(reader.u16(6)), file.left + file.frame_width);
  file.height = std::max(static_cast<int>(reader.u16(8)), file.top + file.frame_height);
  if (auto size = check_size(static_cast<std::uint64_t>(file.width),
                             static_cast<std::uint64_t>(file.height), limits);
      !size)
    return tl::unexpected(size.error());
  return file;
}

std::array<Shade, 256> shades_of(const GifFile& file) {
  std::array<Shade, 256> shades;
  const Reader colors(file.palette);
  for (std::size_t i = 0; i < file.palette.size() / 3; ++i)
    shades[i].color = {colors.u8(3 * i), colors.u8(3 * i + 1), colors.u8(3 * i + 2)};
  if (file.clear >= 0) shades[static_cast<std::size_t>(file.clear)].alpha = 0;
  return shades;
}

// The frame on its screen, which is clear around it.
ink::GreyImage on_screen(const ink::GreyImage& plane, const GifFile& file, std::uint8_t around) {
  ink::GreyImage screen(file.width, file.height, around);
  for (int y = 0; y < file.frame_height; ++y)
    for (int x = 0; x < file.frame_width; ++x)
      screen.at(file.left + x, file.top + y) = plane.empty() ? 255 : plane.at(x, y);
  return screen;
}

Result<ink::Raster> decode_file(const GifFile& file) {
  silence_leptonica();
  // The decoder would unpack every frame of the file: it gets the first one only.
  PixPtr pix;
  {
    std::vector<std::uint8_t> first(data_of(file.screen),
                                    data_of(file.screen) + file.screen.size());
    first.insert(first.end(), data_of(file.frame), data_of(file.frame) + file.frame.size());
    first.push_back(';');
    pix.reset(pixReadMemGif(first.data(), first.size()));
  }
  if (!pix || pixGetWidth(pix.get()) != file.frame_width ||
      pixGetHeight(pix.get()) != file.frame_height || pixGetDepth(pix.get()) > 8)
    return corrupt(kFormat, "damaged; send it whole and unchanged");
  ink::GreyImage samples = samples_of(std::move(pix));
  ink::Raster raster = apply_shades(std::move(samples), shades_of(file));
  if (file.frame_width == file.width && file.frame_height == file.height) return raster;
  raster.alpha = on_screen(raster.alpha, file, 0);
  raster.grey = on_screen(raster.grey, file, 0);
  return raster;
}

}  // namespace

Result<Plan> plan_gif(Bytes bytes, const Limits& limits) {
  const auto file = parse(bytes, limits);
  if (!file) return tl::unexpected(file.error());
  Plan plan;
  plan.width = file->width;
  plan.height = file->height;
  plan.memory = 4 * area(file->width, file->height) + bytes.size() + (1U << 20);
  plan.decode = [parsed = *file] { return decode_file(parsed); };
  return plan;
}

}  // namespace longhand::picture
