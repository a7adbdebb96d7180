#include <charconv>
#include <map>

#include "data/dataset.h"
#include "recognizer/card.h"

namespace longhand::data {
namespace {

constexpr std::size_t kMaxMapBytes = 1 << 20;

using LabelMap = std::map<std::uint32_t, std::string>;

// The next number of the line, which is cut by it.
std::optional<std::uint32_t> take_number(std::string_view& line) {
  const auto start = line.find_first_not_of(" \t,");
  if (start == std::string_view::npos) return std::nullopt;
  line.remove_prefix(start);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (error != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  return value;
}

Result<LabelMap> read_label_map(const std::filesystem::path& file) {
  const auto bytes = read_maybe_gzip(file, kMaxMapBytes);
  if (!bytes) return tl::unexpected(bytes.error());
  LabelMap map;
  std::string_view rest(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  for (int number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto bad = [&](const std::string& what) {
      return fail(ErrorCode::kCorruptData,
                  file.string() + ", line " + std::to_string(number) + ": " + what);
    };
    const auto index = take_number(line);
    const auto code_point = index ? take_number(line) : std::nullopt;
    if (!code_point) return bad("an index and a code point are needed, as in \"10 65\"");
    if (*code_point > 0x10FFFF || (*code_point >= 0xD800 && *code_point <= 0xDFFF))
      return bad(std::to_string(*code_point) + " is no Unicode code point");
    if (!map.emplace(*index, recognizer::to_utf8(static_cast<char32_t>(*code_point))).second)
      return bad("index " + std::to_string(*index) + " stands there a second time");
  }
  if (map.empty()) return fail(ErrorCode::kCorruptData, file.string() + ": the map is empty");
  return map;
}

Result<void> check_count(std::size_t have, int images, const std::string& what) {
  if (have == static_cast<std::size_t>(images)) return {};
  return fail(ErrorCode::kCorruptData, what + " holds " + std::to_string(have) + " entries for " +
                                           std::to_string(images) + " pictures");
}

}  // namespace

Result<std::vector<std::string>> label_texts(const IdxLabels& labels, const IdxOptions& options) {
  std::vector<std::string> texts;
  texts.reserve(labels.values.size());
  if (labels.are_code_points) {
    if (options.label_map)
      return fail(ErrorCode::kInvalidArgument,
                  "the labels are Unicode code points (type 0x0C) already, a label map is for "
                  "8-bit class indices");
    for (const std::uint32_t value : labels.values)
      texts.push_back(recognizer::to_utf8(static_cast<char32_t>(value)));
    return texts;
  }
  LabelMap map;
  if (options.label_map) {
    auto read = read_label_map(*options.label_map);
    if (!read) return tl::unexpected(read.error());
    map = std::move(*read);
  } else {
    for (std::size_t i = 0; i < options.alphabet.size(); ++i)
      map.emplace(static_cast<std::uint32_t>(i), options.alphabet[i]);
  }
  for (const std::uint32_t value : labels.values) {
    const auto found = map.find(value);
    texts.push_back(found == map.end() ? std::string() : found->second);
  }
  return texts;
}

void transpose(IdxImages& images) {
  const auto width = static_cast<std::size_t>(images.width);
  const auto height = static_cast<std::size_t>(images.height);
  std::vector<std::uint8_t> turned(images.pixels.size());
  for (std::size_t start = 0; start < turned.size(); start += width * height)
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < width; ++x)
        turned[start + x * height + y] = images.pixels[start + y * width + x];
  images.pixels = std::move(turned);
  std::swap(images.width, images.height);
}

Result<Dataset> read_idx(const std::filesystem::path& images_file,
                         const std::filesystem::path& labels_file, const IdxOptions& options) {
  auto images = read_idx_images(images_file);
  if (!images) return tl::unexpected(images.error());
  const auto labels = read_idx_labels(labels_file);
  if (!labels) return tl::unexpected(labels.error());
  auto counted = check_count(labels->values.size(), images->count, labels_file.string());
  if (!counted) return tl::unexpected(counted.error());
  auto texts = label_texts(*labels, options);
  if (!texts) return tl::unexpected(texts.error());
  std::vector<std::int32_t> writers;
  if (options.writers) {
    auto read = read_idx_integers(*options.writers);
    if (!read) return tl::unexpected(read.error());
    writers = std::move(*read);
    counted = check_count(writers.size(), images->count, options.writers->string());
    if (!counted) return tl::unexpected(counted.error());
  }
  if (options.transpose) transpose(*images);

  Dataset set;
  set.samples.reserve(texts->size());
  const auto size = static_cast<std::ptrdiff_t>(images->width) * images->height;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    ink::Raster raster;
    raster.grey.width = images->width;
    raster.grey.height = images->height;
    const auto begin = images->pixels.begin() + static_cast<std::ptrdiff_t>(i) * size;
    raster.grey.pixels.assign(begin, begin + size);
    set.samples.push_back({std::move(raster), std::move((*texts)[i]),
                           writers.empty() ? -1 : writers[i], "index " + std::to_string(i)});
  }
  return set;
}

}  // namespace longhand::data
