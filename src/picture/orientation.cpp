#include "picture/orientation.h"

#include <libexif/exif-data.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace longhand::picture {
namespace {

void turn(ink::GreyImage& image, int orientation) {
  if (image.empty()) return;
  const bool swap = orientation >= 5;
  const bool mirror_x =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool mirror_y =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  if (!swap && !mirror_x) {  // 4: rows in place
    for (int y = 0; y < image.height / 2; ++y)
      std::swap_ranges(&image.at(0, y), &image.at(0, y) + image.width,
                       &image.at(0, image.height - 1 - y));
    return;
  }
  ink::GreyImage turned(swap ? image.height : image.width, swap ? image.width : image.height);
  for (int y = 0; y < turned.height; ++y)
    for (int x = 0; x < turned.width; ++x) {
      const int u = swap ? y : x;
      const int v = swap ? x : y;
      turned.at(x, y) =
          image.at(mirror_x ? image.width - 1 - u : u, mirror_y ? image.height - 1 - v : v);
    }
  image = std::move(turned);
}

}  // namespace

int exif_orientation(Bytes exif) {
  constexpr std::size_t kMaxExif = 65536;  // what a JPEG file can hold
  constexpr std::array<std::byte, 6> kName = {std::byte{'E'}, std::byte{'x'}, std::byte{'i'},
                                              std::byte{'f'}, std::byte{0},   std::byte{0}};
  if (exif.empty() || exif.size() > kMaxExif) return 1;
  std::vector<std::byte> named;
  if (exif.size() < kName.size() || !std::equal(kName.begin(), kName.end(), exif.begin())) {
    named.assign(kName.begin(), kName.end());
    named.insert(named.end(), exif.begin(), exif.end());
    exif = named;
  }
  const std::unique_ptr<ExifData, decltype(&exif_data_unref)> data(
      exif_data_new_from_data(data_of(exif), static_cast<unsigned>(exif.size())), exif_data_unref);
  if (!data) return 1;
  const ExifEntry* const entry =
      exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->components < 1 ||
      entry->size < 2)
    return 1;
  const int value = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return value >= 1 && value <= 8 ? value : 1;
}

void apply_orientation(ink::Raster& raster, int orientation) {
  if (orientation <= 1 || orientation > 8) return;
  turn(raster.grey, orientation);
  turn(raster.alpha, orientation);
}

}  // namespace longhand::picture
