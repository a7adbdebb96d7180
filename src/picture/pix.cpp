#include "picture/pix.h"

#include <leptonica/allheaders.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <numeric>
#include <optional>
#include <vector>

namespace longhand::picture {
namespace {

const l_uint32* row_of(Pix* pix, int y) {
  return pixGetData(pix) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix);
}

// Sample x of a row; Leptonica's words hold the leftmost pixel in the highest bits.
unsigned sample(const l_uint32* row, int x, int depth) {
  const auto bit = static_cast<unsigned>(x) * static_cast<unsigned>(depth);
  const unsigned shift = 32 - static_cast<unsigned>(depth) - bit % 32;
  const std::uint32_t mask = depth == 32 ? ~0U : (1U << depth) - 1;
  return row[bit / 32] >> shift & mask;
}

Color color_of(std::uint32_t word) {
  return {static_cast<std::uint8_t>(word >> 24), static_cast<std::uint8_t>(word >> 16),
          static_cast<std::uint8_t>(word >> 8)};
}

// The grey of each value of up to eight bits.
std::vector<std::uint8_t> greys_of(Pix* pix) {
  const int depth = pixGetDepth(pix);
  const unsigned max = (1U << depth) - 1;
  std::vector<std::uint8_t> greys(max + 1);
  PIXCMAP* const map = pixGetColormap(pix);
  for (unsigned value = 0; value <= max; ++value) {
    l_int32 red = 0;
    l_int32 green = 0;
    l_int32 blue = 0;
    if (map == nullptr)
      greys[value] = to_eight_bits(depth == 1 ? 1 - value : value, max);
    else if (static_cast<int>(value) < pixcmapGetCount(map) &&
             pixcmapGetColor(map, static_cast<int>(value), &red, &green, &blue) == 0)
      greys[value] = Tones().of(static_cast<unsigned>(red), static_cast<unsigned>(green),
                                static_cast<unsigned>(blue));
  }
  return greys;
}

// Of words with a colour each. By value, so that what is written can't be the tones: it vectorises.
void copy_row(const l_uint32* row, int width, Tones tones, std::uint8_t* out) {
  for (int x = 0; x < width; ++x) out[x] = tones.of(color_of(row[x]));
}

void copy_grey(Pix* pix, ink::GreyImage& grey) {
  const int depth = pixGetDepth(pix);
  const auto greys = depth <= 8 ? greys_of(pix) : std::vector<std::uint8_t>();
  const bool may_be_clear = pixGetSpp(pix) == 4;
  const auto color_at = [&](int x, int y) -> std::optional<Color> {
    const l_uint32 word = row_of(pix, y)[x];
    if (may_be_clear && (word & 255) == 0) return std::nullopt;
    return color_of(word);
  };
  const Tones tones = depth == 32 ? tones_of(grey.width, grey.height, color_at) : Tones();
  std::uint8_t* out = grey.pixels.data();
  for (int y = 0; y < grey.height; ++y) {
    const l_uint32* const row = row_of(pix, y);
    if (depth == 32) copy_row(row, grey.width, tones, out);
    for (int x = 0; x < grey.width && depth < 32; ++x) {
      const unsigned value = sample(row, x, depth);
      out[x] = depth <= 8 ? greys[value] : static_cast<std::uint8_t>(value >> 8);
    }
    out += grey.width;
  }
}

}  // namespace

void DestroyPix::operator()(Pix* pix) const {
  pixDestroy(&pix);
}

void silence_leptonica() {
  static std::once_flag once;
  std::call_once(once, [] { setMsgSeverity(L_SEVERITY_NONE); });
}

ink::Raster to_raster(PixPtr pix) {
  ink::Raster raster;
  raster.grey = ink::GreyImage(pixGetWidth(pix.get()), pixGetHeight(pix.get()));
  copy_grey(pix.get(), raster.grey);
  if (pixGetDepth(pix.get()) != 32 || pixGetSpp(pix.get()) != 4) return raster;
  bool opaque = true;
  for (int y = 0; y < raster.grey.height && opaque; ++y) {
    const l_uint32* const row = row_of(pix.get(), y);
    opaque =
        std::all_of(row, row + raster.grey.width, [](auto word) { return (word & 255) == 255; });
  }
  if (opaque) return raster;
  raster.alpha = ink::GreyImage(raster.grey.width, raster.grey.height);
  std::uint8_t* out = raster.alpha.pixels.data();
  for (int y = 0; y < raster.grey.height; ++y) {
    const l_uint32* const row = row_of(pix.get(), y);
    for (int x = 0; x < raster.grey.width; ++x) *out++ = static_cast<std::uint8_t>(row[x] & 255);
  }
  return raster;
}

ink::GreyImage samples_of(PixPtr pix) {
  ink::GreyImage image(pixGetWidth(pix.get()), pixGetHeight(pix.get()));
  const int depth = pixGetDepth(pix.get());
  if (depth == 8) {
    pixEndianByteSwap(pix.get());  // the leftmost pixel to the lowest address
    for (int y = 0; y < image.height; ++y)
      std::memcpy(&image.at(0, y), row_of(pix.get(), y), static_cast<std::size_t>(image.width));
    return image;
  }
  const unsigned flip = depth == 1 && pixGetColormap(pix.get()) == nullptr ? 1 : 0;
  std::uint8_t* out = image.pixels.data();
  for (int y = 0; y < image.height; ++y) {
    const l_uint32* const row = row_of(pix.get(), y);
    for (int x = 0; x < image.width; ++x)
      *out++ = static_cast<std::uint8_t>(sample(row, x, depth) ^ flip);
  }
  return image;
}

ink::Raster apply_shades(ink::GreyImage samples, const std::array<Shade, 256>& shades) {
  ink::Raster raster;
  // What holds for all shades needs no look at the samples.
  const auto is_opaque = [](const Shade& shade) { return shade.alpha == 255; };
  const auto is_grey = [](const Shade& shade) {
    return shade.color.red == shade.color.green && shade.color.green == shade.color.blue;
  };
  const bool opaque = std::all_of(shades.begin(), shades.end(), is_opaque) ||
                      std::all_of(samples.pixels.begin(), samples.pixels.end(),
                                  [&](auto value) { return is_opaque(shades[value]); });
  if (!opaque) {
    raster.alpha = samples;
    for (auto& value : raster.alpha.pixels) value = shades[value].alpha;
  }
  const auto color_at = [&](int x, int y) -> std::optional<Color> {
    const Shade& shade = shades[samples.at(x, y)];
    if (shade.alpha == 0) return std::nullopt;
    return shade.color;
  };
  // Greys differ in luma by as much as in any direction.
  const Tones tones = std::all_of(shades.begin(), shades.end(), is_grey)
                          ? Tones()
                          : tones_of(samples.width, samples.height, color_at);
  std::array<std::uint8_t, 256> greys{}, same{};
  std::iota(same.begin(), same.end(), std::uint8_t{0});
  std::transform(shades.begin(), shades.end(), greys.begin(),
                 [&](const Shade& shade) { return tones.of(shade.color); });
  if (greys != same) {
    for (auto& value : samples.pixels) value = greys[value];
  }
  raster.grey = std::move(samples);
  return raster;
}

void drop_opaque_alpha(ink::Raster& raster) {
  const auto& alpha = raster.alpha.pixels;
  if (std::all_of(alpha.begin(), alpha.end(), [](auto value) { return value == 255; }))
    raster.alpha = {};
}

}  // namespace longhand::picture
