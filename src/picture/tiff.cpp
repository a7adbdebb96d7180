#include <leptonica/allheaders.h>
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "picture/orientation.h"
#include "picture/pix.h"
#include "picture/plan.h"

namespace longhand::picture {
namespace {

constexpr char kFormat[] = "TIFF";

enum Tag : unsigned {
  kWidth = 256,
  kHeight = 257,
  kBitsPerSample = 258,
  kCompression = 259,
  kPhotometric = 262,
  kStripOffsets = 273,
  kOrientation = 274,
  kSamplesPerPixel = 277,
  kRowsPerStrip = 278,
  kStripByteCounts = 279,
  kPlanarConfig = 284,
  kTileWidth = 322,
  kTileOffsets = 324,
  kSampleFormat = 339,
};

enum Photometric : unsigned { kWhiteIsZero = 0, kPalette = 3 };

// Field types whose values are whole numbers without sign.
enum Type : unsigned { kByte = 1, kShort = 3, kLong = 4 };

struct TiffFile {
  int width = 0;
  int height = 0;
  unsigned bits = 1;
  unsigned samples = 1;
  unsigned photometric = 1;
  int orientation = 1;
  std::size_t orientation_at = 0;  // of its value in the file, 0 when there is none
  std::size_t strip = 0;           // bytes of an unpacked strip
  bool big_endian = false;
};

// The values of a field, which stand in its entry or, when they don't fit, elsewhere.
struct Field {
  unsigned type = 0;
  std::size_t count = 0;
  std::size_t at = 0;
};

std::size_t type_size(unsigned type) {
  constexpr std::array<std::size_t, 13> kSizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
  return type < kSizes.size() ? kSizes[type] : 0;
}

class Parser {
 public:
  Parser(Bytes bytes, const Limits& limits)
      : reader_(bytes, Reader(bytes).u8(0) == 'M'), limits_(limits) {
    file_.big_endian = Reader(bytes).u8(0) == 'M';
  }

  Result<TiffFile> parse() {
    if (!reader_.has(0, 8)) return truncated(kFormat);
    directory_ = reader_.u32(4);
    if (!reader_.has(directory_, 2)) return truncated(kFormat);
    entries_ = reader_.u16(directory_);
    if (!reader_.has(directory_ + 2, entries_ * 12 + 4) || !has_all_fields())
      return truncated(kFormat);
    if (auto size = check_size(number(kWidth, 0), number(kHeight, 0), limits_); !size)
      return tl::unexpected(size.error());
    file_.width = static_cast<int>(number(kWidth, 0));
    file_.height = static_cast<int>(number(kHeight, 0));
    if (auto form = read_form(); !form) return tl::unexpected(form.error());
    if (auto strips = check_strips(); !strips) return tl::unexpected(strips.error());
    if (const Field found = find(kOrientation); found.type == kShort && found.count == 1) {
      const std::uint32_t value = reader_.u16(found.at);
      file_.orientation = value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
      file_.orientation_at = found.at;
    }
    return std::move(file_);
  }

 private:
  Field field(std::size_t index) const {
    const std::size_t at = directory_ + 2 + index * 12;
    Field found{reader_.u16(at + 2), reader_.u32(at + 4), at + 8};
    if (found.count * type_size(found.type) > 4) found.at = reader_.u32(at + 8);
    return found;
  }

  bool has_all_fields() const {
    for (std::size_t i = 0; i < entries_; ++i) {
      const Field found = field(i);
      if (!reader_.has(found.at, found.count * type_size(found.type))) return false;
    }
    return true;
  }

  Field find(unsigned tag) const {
    for (std::size_t i = 0; i < entries_; ++i)
      if (reader_.u16(directory_ + 2 + i * 12) == tag) return field(i);
    return {};
  }

  std::uint32_t value(const Field& field, std::size_t index) const {
    switch (field.type) {
      case kByte:
        return reader_.u8(field.at + index);
      case kShort:
        return reader_.u16(field.at + 2 * index);
      case kLong:
        return reader_.u32(field.at + 4 * index);
      default:
        return 0;
    }
  }

  std::uint32_t number(unsigned tag, std::uint32_t otherwise) const {
    const Field found = find(tag);
    return found.count >= 1 ? value(found, 0) : otherwise;
  }

  Result<void> read_form() {
    file_.samples = number(kSamplesPerPixel, 1);
    file_.bits = number(kBitsPerSample, 1);
    file_.photometric = number(kPhotometric, 1);
    if (find(kTileWidth).count > 0 || find(kTileOffsets).count > 0)
      return unsupported("tiled TIFF files are not taken", "save it in strips, or as a PNG");
    // None, CCITT, LZW, JPEG, deflate, PackBits: what scanners and editors write.
    constexpr std::array<std::uint32_t, 9> kTaken = {1, 2, 3, 4, 5, 7, 8, 32773, 32946};
    const std::uint32_t compression = number(kCompression, 1);
    if (std::find(kTaken.begin(), kTaken.end(), compression) == kTaken.end())
      return unsupported(
          "TIFF files of compression " + std::to_string(compression) + " are not taken",
          "save it with LZW or deflate, or as a PNG");
    const unsigned bits = file_.bits;
    const bool grey =
        file_.samples == 1 && (bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16);
    const bool color = (file_.samples == 3 || file_.samples == 4) && (bits == 8 || bits == 16);
    if (number(kSampleFormat, 1) != 1 || !(grey || color || (file_.samples == 2 && bits == 8)))
      return unsupported("TIFF files of " + std::to_string(file_.samples) + " samples of " +
                             std::to_string(bits) + " bits in this form are not taken",
                         "save it with 8 bits a sample, or as a PNG");
    if (file_.samples > 1 && number(kPlanarConfig, 1) != 1)
      return unsupported("TIFF files with a plane for each channel are not taken",
                         "save it with the channels of a pixel together, or as a PNG");
    return {};
  }

  Result<void> check_strips() {
    const Field offsets = find(kStripOffsets);
    const Field counts = find(kStripByteCounts);
    const std::size_t rows = std::min<std::size_t>(number(kRowsPerStrip, 0xFFFFFFFF),
                                                   static_cast<std::size_t>(file_.height));
    if (rows == 0) return corrupt(kFormat, "damaged: its strips have no rows");
    const std::size_t strips = (static_cast<std::size_t>(file_.height) + rows - 1) / rows;
    if (offsets.count < strips || counts.count < strips)
      return corrupt(kFormat, "truncated or damaged: some of its picture data is missing");
    for (std::size_t i = 0; i < strips; ++i) {
      const std::size_t count = value(counts, i);
      if (count == 0 || !reader_.has(value(offsets, i), count)) return truncated(kFormat);
    }
    file_.strip =
        (static_cast<std::size_t>(file_.width) * file_.bits * file_.samples + 7) / 8 * rows;
    return {};
  }

  Reader reader_;
  const Limits& limits_;
  std::size_t directory_ = 0;
  std::size_t entries_ = 0;
  TiffFile file_;
};

// Whether libtiff said of this thread's picture that it is damaged: of a strip of colours that it
// can't unpack Leptonica keeps what there is and says nothing.
thread_local bool found_damage = false;

void listen_to_libtiff() {
  static std::once_flag once;
  std::call_once(once, [] {
    TIFFSetErrorHandlerExt(
        [](thandle_t, const char*, const char*, va_list) { found_damage = true; });
  });
}

// Leptonica turns pictures by the orientation in a way of its own for some forms: it gets a copy
// that asks for none, and the turn is ours.
PixPtr read_unturned(Bytes bytes, const TiffFile& file) {
  if (file.orientation == 1) return PixPtr(pixReadMemTiff(data_of(bytes), bytes.size(), 0));
  std::vector<std::uint8_t> copy(data_of(bytes), data_of(bytes) + bytes.size());
  copy[file.orientation_at] = file.big_endian ? 0 : 1;
  copy[file.orientation_at + 1] = file.big_endian ? 1 : 0;
  return PixPtr(pixReadMemTiff(copy.data(), copy.size(), 0));
}

// libtiff multiplies colours by their opacity; a Raster's luma stands for itself.
void divide_by_alpha(ink::Raster& raster) {
  for (std::size_t i = 0; i < raster.alpha.pixels.size(); ++i) {
    const unsigned alpha = raster.alpha.pixels[i];
    if (alpha != 0) raster.grey.pixels[i] = to_eight_bits(raster.grey.pixels[i], alpha);
  }
}

Result<ink::Raster> decode_file(Bytes bytes, const TiffFile& file) {
  silence_leptonica();
  listen_to_libtiff();
  found_damage = false;
  PixPtr pix = read_unturned(bytes, file);
  if (!pix || found_damage || pixGetWidth(pix.get()) != file.width ||
      pixGetHeight(pix.get()) != file.height)
    return corrupt(kFormat, "damaged or truncated; send it whole and unchanged");
  // Of the depths where white may be zero Leptonica inverts 1 and 8 bits only.
  const int depth = pixGetDepth(pix.get());
  const bool invert = file.photometric == kWhiteIsZero && (depth == 2 || depth == 4 || depth == 16);
  ink::Raster raster = to_raster(std::move(pix));
  if (invert)
    for (auto& grey : raster.grey.pixels) grey = static_cast<std::uint8_t>(255 - grey);
  if (file.samples == 4) divide_by_alpha(raster);
  apply_orientation(raster, file.orientation);
  return raster;
}

}  // namespace

Result<Plan> plan_tiff(Bytes bytes, const Limits& limits) {
  const auto file = Parser(bytes, limits).parse();
  if (!file) return tl::unexpected(file.error());
  const std::size_t pixels = area(file->width, file->height);
  Plan plan;
  plan.width = file->width;
  plan.height = file->height;
  // Colour goes through libtiff's own picture of 32 bits a pixel into Leptonica's, and needs whole
  // strips at a time.
  const bool color = file->samples > 2;
  const std::size_t decoded = pixels * (file->samples > 1 ? 4 : file->bits == 16 ? 2 : 1);
  plan.memory = std::max(decoded + (color ? 4 * pixels + file->strip : 0), decoded + 3 * pixels) +
                2 * bytes.size() + (1U << 20);
  plan.decode = [bytes, parsed = *file] { return decode_file(bytes, parsed); };
  return plan;
}

}  // namespace longhand::picture
