#include <leptonica/allheaders.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "picture/orientation.h"
#include "picture/pix.h"
#include "picture/plan.h"

namespace longhand::picture {
namespace {

constexpr char kFormat[] = "JPEG";
// Each scan of a progressive file is a pass over the whole picture; encoders make about ten.
constexpr int kMaxScans = 100;

enum Marker : unsigned {
  kSof0 = 0xC0,
  kSof2 = 0xC2,
  kSof15 = 0xCF,
  kDht = 0xC4,
  kJpg = 0xC8,
  kDac = 0xCC,
  kRst0 = 0xD0,
  kRst7 = 0xD7,
  kSoi = 0xD8,
  kEoi = 0xD9,
  kSos = 0xDA,
  kApp1 = 0xE1,
  kTem = 0x01,
};

struct Component {
  unsigned h = 1;
  unsigned v = 1;
};

struct JpegFile {
  int width = 0;
  int height = 0;
  unsigned count = 0;  // of components
  std::array<Component, 4> components;
  // Whether the decoder must hold the coefficients of the whole picture.
  bool buffered = false;
  int scans = 0;
  std::size_t end = 0;  // after EOI
  Bytes exif;
};

bool is_frame(unsigned marker) {
  return marker >= kSof0 && marker <= kSof15 && marker != kDht && marker != kJpg && marker != kDac;
}

class Parser {
 public:
  Parser(Bytes bytes, const Limits& limits) : bytes_(bytes), reader_(bytes), limits_(limits) {}

  Result<JpegFile> parse() {
    std::size_t at = 2;  // after SOI
    while (true) {
      if (!reader_.has(at, 2)) return truncated(kFormat);
      if (reader_.u8(at) != 0xFF)
        return corrupt(kFormat, "damaged: there is no marker where one must be");
      const unsigned marker = reader_.u8(at + 1);
      if (marker == 0xFF) {  // a fill byte
        ++at;
        continue;
      }
      at += 2;
      if (marker == kEoi) break;
      if (marker == kTem || (marker >= kRst0 && marker <= kRst7)) continue;
      const std::size_t length = reader_.u16(at);
      if (!reader_.has(at, 2) || !reader_.has(at, length)) return truncated(kFormat);
      if (length < 2 || marker == kSoi || marker == 0)
        return corrupt(kFormat, "damaged: it has a marker where none can be");
      if (auto read = segment(marker, at, length); !read) return tl::unexpected(read.error());
      at += length;
      if (marker == kSos) at = end_of_scan(at);
    }
    if (file_.scans == 0) return corrupt(kFormat, "damaged: it has no picture data");
    file_.end = at;
    if (possible_scans() > kMaxScans) return too_many_scans();
    return std::move(file_);
  }

 private:
  Result<void> segment(unsigned marker, std::size_t at, std::size_t length) {
    if (is_frame(marker)) return frame(marker, at, length);
    if (marker == kSos) return scan(at, length);
    if (marker == kApp1 && file_.exif.empty() &&
        reader_.is(at + 2, std::string_view("Exif\0\0", 6)))
      file_.exif = bytes_.subspan(at + 2, length - 2);
    return {};
  }

  Result<void> frame(unsigned marker, std::size_t at, std::size_t length) {
    if (marker > kSof2)
      return unsupported("lossless, hierarchical and arithmetic-coded JPEG files are not taken",
                         "send a baseline or progressive one");
    if (length < 8) return corrupt(kFormat, "damaged: its header is too short");
    if (reader_.u8(at + 2) != 8)
      return unsupported("JPEG files of 12 bits a sample are not taken", "send one of 8 bits");
    if (file_.count != 0) return corrupt(kFormat, "damaged: it has two headers");
    const std::size_t height = reader_.u16(at + 3);
    const std::size_t width = reader_.u16(at + 5);
    if (auto size = check_size(width, height, limits_); !size) return size;
    file_.width = static_cast<int>(width);
    file_.height = static_cast<int>(height);
    file_.count = reader_.u8(at + 7);
    if ((file_.count != 1 && file_.count != 3 && file_.count != 4) ||
        length != 8 + 3 * std::size_t{file_.count})
      return corrupt(kFormat, "damaged: it has neither 1, 3 nor 4 components");
    file_.buffered = marker == kSof2;
    for (unsigned i = 0; i < file_.count; ++i) {
      const unsigned sampling = reader_.u8(at + 8 + 3 * i + 1);
      file_.components[i] = {sampling >> 4, sampling & 15};
      if (sampling >> 4 < 1 || sampling >> 4 > 4 || (sampling & 15) < 1 || (sampling & 15) > 4)
        return corrupt(kFormat, "damaged: its sampling factors are not 1 to 4");
    }
    return {};
  }

  Result<void> scan(std::size_t at, std::size_t length) {
    if (file_.count == 0) return corrupt(kFormat, "damaged: picture data comes before the header");
    const unsigned count = reader_.u8(at + 2);
    if (length < 3 || count < 1 || count > file_.count)
      return corrupt(kFormat, "damaged: a scan of components that are not there");
    if (count < file_.count) file_.buffered = true;
    if (file_.scans++ == 0) first_scan_ = at;
    if (file_.scans > kMaxScans) return too_many_scans();
    return {};
  }

  static tl::unexpected<Error> too_many_scans() {
    return fail(ErrorCode::kTooLarge, "the JPEG file has more than " + std::to_string(kMaxScans) +
                                          " scans, the limit; save it again as a baseline file");
  }

  // From the first scan on, every pair of bytes that could pass for the start of one: a decoder
  // that lost its way in damaged data can't find more.
  int possible_scans() const {
    int count = 1;
    const auto* const end = bytes_.data() + file_.end;
    constexpr std::array<std::byte, 2> kStart = {std::byte{0xFF}, std::byte{kSos}};
    for (auto at = bytes_.data() + first_scan_;
         (at = std::search(at, end, kStart.begin(), kStart.end())) != end; at += 2)
      ++count;
    return count;
  }

  // The first marker after `at` that is neither a restart nor a stuffed 0xFF; the size if none.
  std::size_t end_of_scan(std::size_t at) const {
    while (at + 1 < bytes_.size()) {
      const void* const found = std::memchr(bytes_.data() + at, 0xFF, bytes_.size() - 1 - at);
      if (found == nullptr) break;
      at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes_.data());
      const unsigned next = reader_.u8(at + 1);
      if (next != 0 && next != 0xFF && (next < kRst0 || next > kRst7)) return at;
      at += next == 0xFF ? 1 : 2;
    }
    return bytes_.size();
  }

  Bytes bytes_;
  Reader reader_;
  const Limits& limits_;
  JpegFile file_;
  std::size_t first_scan_ = 0;
};

std::size_t round_up(std::size_t value, std::size_t step) {
  return (value + step - 1) / step * step;
}

// The decoder's coefficients: for each component a picture of 8x8 blocks of 16-bit numbers.
std::size_t coefficient_bytes(const JpegFile& file) {
  unsigned max_h = 1;
  unsigned max_v = 1;
  for (unsigned i = 0; i < file.count; ++i) {
    max_h = std::max(max_h, file.components[i].h);
    max_v = std::max(max_v, file.components[i].v);
  }
  const std::size_t across =
      round_up(static_cast<std::size_t>(file.width), 8 * max_h) / (8 * max_h);
  const std::size_t down = round_up(static_cast<std::size_t>(file.height), 8 * max_v) / (8 * max_v);
  std::size_t blocks = 0;
  for (unsigned i = 0; i < file.count; ++i)
    blocks += across * file.components[i].h * down * file.components[i].v;
  return blocks * 64 * 2;
}

// What hardly differs in luma may differ in colour, as red on a green as dark. Only pictures of
// this size at most are looked at for that, so that it takes little memory.
constexpr std::size_t kMostRecolored = 2'000'000;

bool may_be_recolored(const JpegFile& file) {
  return file.count == 3 && area(file.width, file.height) <= kMostRecolored;
}

bool is_flat(const ink::GreyImage& grey) {
  constexpr int kLeast = 48;  // grey levels between the darkest and the lightest
  const auto [least, most] = std::minmax_element(grey.pixels.begin(), grey.pixels.end());
  return *most - *least < kLeast;
}

Result<ink::Raster> decode_as(Bytes bytes, const JpegFile& file, int hint) {
  PixPtr pix(pixReadMemJpeg(data_of(bytes), file.end, 0, 1, nullptr, hint));
  if (!pix || pixGetWidth(pix.get()) != file.width || pixGetHeight(pix.get()) != file.height)
    return corrupt(kFormat, "damaged or truncated; send it whole and unchanged");
  return to_raster(std::move(pix));
}

Result<ink::Raster> decode_file(Bytes bytes, const JpegFile& file) {
  silence_leptonica();
  // Of three components the first is mostly all that is needed; inks must be mixed to know their
  // luma.
  auto raster = decode_as(bytes, file, file.count == 4 ? 0 : L_JPEG_READ_LUMINANCE);
  if (raster && may_be_recolored(file) && is_flat(raster->grey)) {
    raster->grey = {};
    raster = decode_as(bytes, file, 0);
  }
  if (raster) apply_orientation(*raster, exif_orientation(file.exif));
  return raster;
}

}  // namespace

Result<Plan> plan_jpeg(Bytes bytes, const Limits& limits) {
  auto file = Parser(bytes, limits).parse();
  if (!file) return tl::unexpected(file.error());
  const std::size_t pixels = area(file->width, file->height);
  Plan plan;
  plan.width = file->width;
  plan.height = file->height;
  const std::size_t decoded = pixels * (file->count == 4 || may_be_recolored(*file) ? 4 : 1);
  const std::size_t rows =
      static_cast<std::size_t>(file->width) * 512;  // the decoder's row buffers
  plan.memory = std::max((file->buffered ? coefficient_bytes(*file) : 0) + rows + decoded,
                         decoded + 2 * pixels) +
                (1U << 20);
  plan.decode = [bytes, parsed = *file] { return decode_file(bytes, parsed); };
  return plan;
}

}  // namespace longhand::picture
