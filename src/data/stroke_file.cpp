#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include "data/dataset.h"
#include "data/strokes_json.h"
#include "recognizer/card.h"

namespace longhand::data {
namespace {

namespace json = boost::json;

// A line's object: label, strokes and, where it is there, the writer.
Result<Sample> sample_from_json(const json::value& value) {
  const auto bad = [](const std::string& what) { return fail(ErrorCode::kCorruptData, what); };
  const auto* const object = value.if_object();
  if (object == nullptr) return bad("an object with \"label\" and \"strokes\" is needed");
  const auto* const label = object->if_contains("label");
  if (label == nullptr || !label->is_string())
    return bad("\"label\" is missing or no text; it must be one character");
  const auto characters = recognizer::split_code_points(std::string_view(label->get_string()));
  if (!characters || characters->size() != 1) return bad("\"label\" must be one character");
  Sample sample;
  sample.label = characters->front();
  if (const auto* const writer = object->if_contains("writer"); writer != nullptr) {
    const auto* const number = writer->if_int64();
    if (number == nullptr || *number < 0 || *number > std::numeric_limits<int>::max())
      return bad("\"writer\" must be a whole number from 0");
    sample.writer = static_cast<int>(*number);
  }
  const auto* const strokes = object->if_contains("strokes");
  if (strokes == nullptr) return bad("\"strokes\" is missing");
  auto read = strokes_from_json(*strokes);
  if (!read) return tl::unexpected(read.error());
  sample.input = std::move(*read);
  return sample;
}

}  // namespace

Result<Dataset> parse_strokes(std::string_view ndjson, const std::string& name) {
  Dataset set;
  json::parse_options options;
  options.max_depth = 8;
  for (int number = 1; !ndjson.empty(); ++number) {
    const std::string_view line = ndjson.substr(0, ndjson.find('\n'));
    ndjson.remove_prefix(std::min(ndjson.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string place = name + ", line " + std::to_string(number) + ": ";
    json::error_code error;
    const json::value value = json::parse(line, error, {}, options);
    if (error) return fail(ErrorCode::kCorruptData, place + "no JSON: " + error.message());
    auto sample = sample_from_json(value);
    if (!sample) return fail(sample.error().code, place + sample.error().message);
    sample->source = "line " + std::to_string(number);
    set.samples.push_back(std::move(*sample));
  }
  return set;
}

Result<Dataset> read_strokes(const std::filesystem::path& ndjson) {
  return read_maybe_gzip(ndjson).and_then([&](const std::vector<std::uint8_t>& bytes) {
    return parse_strokes({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                         ndjson.string());
  });
}

}  // namespace longhand::data
