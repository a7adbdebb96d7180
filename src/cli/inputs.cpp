#include "cli/inputs.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>

#include "data/dataset.h"
#include "data/strokes_json.h"

namespace longhand::cli {
namespace {

namespace json = boost::json;
using Content = Result<std::variant<ink::Raster, ink::Strokes>>;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMaxStrokesBytes = 256U << 20;

Content read_strokes(std::string_view text) {
  json::parse_options options;
  options.max_depth = 8;
  json::error_code error;
  const json::value value = json::parse(text, error, {}, options);
  if (error)
    return fail(ErrorCode::kInvalidStrokes,
                "no JSON: " + error.message() + "; {\"strokes\": [[[x, y], ...], ...]} is needed");
  const json::value* strokes = &value;
  if (const auto* const object = value.if_object(); object != nullptr) {
    strokes = object->if_contains("strokes");
    if (strokes == nullptr) return fail(ErrorCode::kInvalidStrokes, "\"strokes\" is missing");
  }
  return data::strokes_from_json(*strokes);
}

Content read_picture(const Bytes& bytes, const picture::Limits& limits) {
  return picture::decode(std::as_bytes(std::span(bytes)), limits);
}

std::vector<Input> read_lines(const std::string& file, std::string_view text) {
  std::vector<Input> inputs;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    inputs.push_back({file + ":" + std::to_string(number), read_strokes(line)});
  }
  if (inputs.size() == 1) inputs.front().name = file;
  if (inputs.empty())
    inputs.push_back({file, fail(ErrorCode::kInvalidStrokes, file + " is empty")});
  return inputs;
}

bool is_gzip(const Bytes& bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

}  // namespace

std::vector<Input> read_inputs(const std::string& file, const picture::Limits& limits) {
  const bool from_stdin = file == "-";
  std::filesystem::path name = file;
  if (name.extension() == ".gz") name.replace_extension();
  const bool by_line = name.extension() == ".ndjson";
  bool strokes = by_line || name.extension() == ".json";
  const std::size_t limit = strokes ? kMaxStrokesBytes : limits.max_bytes;

  auto bytes = data::read_file(from_stdin ? "/dev/stdin" : file, limit);
  if (bytes && strokes && is_gzip(*bytes)) bytes = data::gunzip(*bytes, file, limit);
  if (!bytes) return {{file, tl::unexpected(bytes.error())}};
  if (from_stdin && !bytes->empty()) strokes = bytes->front() == '{' || bytes->front() == '[';
  if (!strokes) return {{file, read_picture(*bytes, limits)}};
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (by_line) return read_lines(file, text);
  return {{file, read_strokes(text)}};
}

}  // namespace longhand::cli
