// PNM and PAM are read here and not by Leptonica, whose reader takes any largest value but a few
// for another than it is, and reads numbers past the end of the data.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "picture/pix.h"
#include "picture/plan.h"
#include "picture/shade.h"

namespace longhand::picture {
namespace {

constexpr char kFormat[] = "PNM";

struct PnmFile {
  int width = 0;
  int height = 0;
  unsigned channels = 1;  // grey, grey and alpha, colour, colour and alpha
  unsigned max = 1;       // the value of white
  bool bits = false;      // one bit a pixel, 1 being black
  bool text = false;      // numbers as decimals
  Bytes pixels;
};

bool is_space(unsigned c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

class Tokens {
 public:
  Tokens(Bytes bytes, std::size_t at) : bytes_(bytes), reader_(bytes), at_(at) {}

  std::size_t at() const { return at_; }
  bool at_end() const { return at_ >= bytes_.size(); }

  // The next word, comments from # to the end of the line left out; empty at the end.
  std::string_view word() {
    skip();
    const std::size_t start = at_;
    while (!at_end() && !is_space(reader_.u8(at_)) && reader_.u8(at_) != '#') ++at_;
    return {reinterpret_cast<const char*>(bytes_.data()) + start, at_ - start};
  }
  std::optional<std::uint32_t> number() {
    const std::string_view text = word();
    std::uint32_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    return value;
  }
  // A digit 0 or 1, which may stand without spaces between.
  std::optional<std::uint32_t> bit() {
    skip();
    const unsigned c = reader_.u8(at_);
    if (at_end() || (c != '0' && c != '1')) return std::nullopt;
    ++at_;
    return c - '0';
  }
  // To after the end of the line.
  void skip_line() {
    while (!at_end() && reader_.u8(at_) != '\n') ++at_;
    if (!at_end()) ++at_;
  }

 private:
  void skip() {
    while (!at_end()) {
      if (reader_.u8(at_) == '#')
        skip_line();
      else if (is_space(reader_.u8(at_)))
        ++at_;
      else
        break;
    }
  }

  Bytes bytes_;
  Reader reader_;
  std::size_t at_;
};

tl::unexpected<Error> bad_header() {
  return corrupt(kFormat, "truncated or damaged: its header is not complete");
}

Result<void> set_size(PnmFile& file, std::uint32_t width, std::uint32_t height,
                      const Limits& limits) {
  if (auto size = check_size(width, height, limits); !size) return size;
  file.width = static_cast<int>(width);
  file.height = static_cast<int>(height);
  return {};
}

// P7: lines of a name and a value up to ENDHDR.
Result<PnmFile> parse_pam(Bytes bytes, const Limits& limits) {
  Tokens tokens(bytes, 2);
  PnmFile file;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  file.channels = 0;
  file.max = 0;
  while (true) {
    const std::string_view name = tokens.word();
    if (name.empty()) return bad_header();
    if (name == "ENDHDR") break;
    if (name == "TUPLTYPE") {
      tokens.skip_line();
      continue;
    }
    const auto value = tokens.number();
    if (!value) return bad_header();
    if (name == "WIDTH") width = *value;
    if (name == "HEIGHT") height = *value;
    if (name == "DEPTH") file.channels = *value;
    if (name == "MAXVAL") file.max = *value;
  }
  tokens.skip_line();
  if (auto size = set_size(file, width, height, limits); !size) return tl::unexpected(size.error());
  if (file.channels < 1 || file.channels > 4)
    return unsupported("a PAM file of " + std::to_string(file.channels) + " channels is not taken",
                       "send one of 1 to 4");
  file.pixels = bytes.subspan(tokens.at());
  return file;
}

Result<PnmFile> parse_classic(Bytes bytes, const Limits& limits) {
  const unsigned kind = Reader(bytes).u8(1) - '0';
  PnmFile file;
  file.text = kind <= 3;
  file.channels = kind % 3 == 0 ? 3 : 1;
  file.bits = kind == 1 || kind == 4;
  Tokens tokens(bytes, 2);
  const auto width = tokens.number();
  const auto height = tokens.number();
  const auto max = file.bits ? std::optional<std::uint32_t>(1) : tokens.number();
  if (!width || !height || !max || tokens.at_end()) return bad_header();
  if (auto size = set_size(file, *width, *height, limits); !size)
    return tl::unexpected(size.error());
  file.max = *max;
  file.pixels = bytes.subspan(tokens.at() + 1);  // one space ends the header
  return file;
}

std::size_t bytes_needed(const PnmFile& file) {
  const auto width = static_cast<std::size_t>(file.width);
  const auto height = static_cast<std::size_t>(file.height);
  if (file.bits) return (width + 7) / 8 * height;
  return width * height * file.channels * (file.max > 255 ? 2 : 1);
}

Result<PnmFile> parse(Bytes bytes, const Limits& limits) {
  auto file = Reader(bytes).u8(1) == '7' ? parse_pam(bytes, limits) : parse_classic(bytes, limits);
  if (!file) return file;
  if (file->max < 1 || file->max > 65535)
    return corrupt(kFormat, "damaged: its largest value is not 1 to 65535");
  // A decimal takes a byte and, but for bits, a space.
  const std::size_t samples = area(file->width, file->height) * file->channels;
  const std::size_t least = !file->text  ? bytes_needed(*file)
                            : file->bits ? samples
                                         : 2 * samples - 1;
  if (file->pixels.size() < least) return truncated(kFormat);
  return file;
}

// The samples of a file one after the other; nullopt where there is none or it is too large.
class Samples {
 public:
  explicit Samples(const PnmFile& file)
      : file_(file), tokens_(file.pixels, 0), reader_(file.pixels) {}

  std::optional<unsigned> next() {
    if (file_.text) {
      const auto value = file_.bits ? tokens_.bit() : tokens_.number();
      if (!value || *value > file_.max) return std::nullopt;
      return *value;
    }
    const std::size_t size = file_.max > 255 ? 2 : 1;
    const unsigned value = size == 2 ? reader_.u16(at_) : reader_.u8(at_);
    at_ += size;
    return std::min(value, file_.max);
  }

 private:
  const PnmFile& file_;
  Tokens tokens_;
  Reader reader_;
  std::size_t at_ = 0;
};

ink::Raster decode_packed_bits(const PnmFile& file) {
  ink::Raster raster;
  raster.grey = ink::GreyImage(file.width, file.height);
  const Reader reader(file.pixels);
  const std::size_t stride = (static_cast<std::size_t>(file.width) + 7) / 8;
  for (int y = 0; y < file.height; ++y)
    for (int x = 0; x < file.width; ++x) {
      const auto column = static_cast<std::size_t>(x);
      const unsigned byte = reader.u8(static_cast<std::size_t>(y) * stride + column / 8);
      raster.grey.at(x, y) = (byte >> (7 - column % 8) & 1) != 0 ? 0 : 255;
    }
  return raster;
}

using Pixel = std::array<std::uint8_t, 4>;

Color color_of(const Pixel& values) {
  return {values[0], values[1], values[2]};
}

template <typename Visit>
Result<void> for_each_pixel(const PnmFile& file, const Visit& visit) {
  Samples samples(file);
  const std::size_t count = area(file.width, file.height);
  for (std::size_t i = 0; i < count; ++i) {
    Pixel values{};
    for (unsigned channel = 0; channel < file.channels; ++channel) {
      const auto value = samples.next();
      if (!value)
        return corrupt(kFormat, "truncated or damaged: a pixel is missing or no number in range");
      values[channel] = to_eight_bits(*value, file.max);
    }
    visit(i, values);
  }
  return {};
}

Result<ink::Raster> decode_file(const PnmFile& file) {
  if (file.bits && !file.text) return decode_packed_bits(file);
  ink::Raster raster;
  raster.grey = ink::GreyImage(file.width, file.height);
  const bool has_alpha = file.channels % 2 == 0;
  const unsigned colors = has_alpha ? file.channels - 1 : file.channels;
  if (has_alpha) raster.alpha = ink::GreyImage(file.width, file.height);
  Tones tones;
  if (colors == 3) {
    Colors all;
    std::optional<Color> before;
    const auto read = for_each_pixel(file, [&](std::size_t, const Pixel& values) {
      const Color color = color_of(values);
      all.add(color, before.value_or(color));
      before = color;
    });
    if (!read) return tl::unexpected(read.error());
    tones = all.tones();
  }
  const auto read = for_each_pixel(file, [&](std::size_t i, const Pixel& values) {
    raster.grey.pixels[i] = file.bits     ? static_cast<std::uint8_t>(255 - values[0])
                            : colors == 3 ? tones.of(color_of(values))
                                          : values[0];
    if (has_alpha) raster.alpha.pixels[i] = values[colors];
  });
  if (!read) return tl::unexpected(read.error());
  drop_opaque_alpha(raster);
  return raster;
}

}  // namespace

Result<Plan> plan_pnm(Bytes bytes, const Limits& limits) {
  const auto file = parse(bytes, limits);
  if (!file) return tl::unexpected(file.error());
  Plan plan;
  plan.width = file->width;
  plan.height = file->height;
  plan.memory = 2 * area(file->width, file->height) + (1U << 16);
  plan.decode = [parsed = *file] { return decode_file(parsed); };
  return plan;
}

}  // namespace longhand::picture
