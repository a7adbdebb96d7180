#include "cli/records_export.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>
#include <cstdio>

#include "api/base64.h"
#include "api/json_text.h"
#include "api/reading_json.h"
#include "base/sha256.h"
#include "cli/output.h"
#include "cli/records_read.h"
#include "ink/drawing.h"
#include "picture/picture.h"

namespace longhand::cli {
namespace {

namespace json = boost::json;

std::string data_url(const std::string& media_type, const std::vector<std::byte>& bytes) {
  return "data:" + media_type + ";base64," + api::encode_base64(bytes);
}

json::value or_null(float number) {
  return std::isnan(number) ? json::value(nullptr) : json::value(shortest(number));
}

json::array strokes_json(const ink::Strokes& strokes) {
  json::array all;
  for (const ink::Stroke& stroke : strokes.strokes) {
    json::array& points = all.emplace_back(json::array()).as_array();
    for (const ink::Point& point : stroke) {
      json::array one{or_null(point.x), or_null(point.y)};
      if (!std::isnan(point.t) || !std::isnan(point.pressure)) one.push_back(or_null(point.t));
      if (!std::isnan(point.pressure)) one.push_back(or_null(point.pressure));
      points.push_back(std::move(one));
    }
  }
  return all;
}

std::string ndjson_line(const records::Record& record) {
  records::Summary summary = record.summary;
  auto& glyphs = summary.reading.glyphs;
  for (std::size_t i = 0; i < std::min(glyphs.size(), record.content.glyphs.size()); ++i)
    glyphs[i].image = record.content.glyphs[i];
  json::object line =
      api::recognition_json(summary, records::Stored::kDurable, {.normalized = true});
  line.erase("stored");
  line["owner"] = to_hex(summary.owner);
  line["normalization"] = record.content.normalization;
  const auto& picture = record.content.picture;
  line["picture"] =
      picture ? json::value(data_url(picture->media_type, picture->bytes)) : json::value(nullptr);
  const auto& strokes = record.content.strokes;
  line["strokes"] = strokes ? json::value(strokes_json(*strokes)) : json::value(nullptr);
  return api::to_text(line);
}

// A field of RFC 4180.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

bool is_number(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  const auto digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count > 0;
  };
  if (!digits()) return false;
  if (text.empty()) return true;
  if (text[0] != '.') return false;
  text.remove_prefix(1);
  return digits() && text.empty();
}

// What visitors wrote must not be a formula to the program that opens the table: an apostrophe
// makes a text of it. A number stays one.
std::string as_text(const std::string& text) {
  const bool risky =
      !text.empty() && std::string_view("=+-@\t\r\n").find(text[0]) != std::string_view::npos;
  return risky && !is_number(text) ? "'" + text : text;
}

std::string joined(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    line += quoted(fields[i]);
  }
  return line + "\r";
}

std::string decimal(float confidence) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", static_cast<double>(confidence));
  return text;
}

std::string csv_line(const records::Summary& s) {
  return joined({s.id.to_string(), to_rfc3339(s.created_us), as_text(s.name),
                 as_text(s.reading.alphabet), as_text(s.reading.text),
                 decimal(s.reading.confidence), s.reading.rejected ? "true" : "false",
                 as_text(s.label.value_or("")), as_text(s.reading.model.name),
                 s.reading.model.version});
}

// What there is to look at: the picture as it came, else a drawing of the strokes.
std::string picture_text(const records::Content& content) {
  if (content.picture) return data_url(content.picture->media_type, content.picture->bytes);
  if (!content.strokes) return "";
  ink::GreyImage drawing = ink::draw_fitted(*content.strokes, 280, 24, 12);
  for (auto& pixel : drawing.pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
  return data_url("image/png", picture::encode_png(drawing));
}

std::string numberrec_line(const records::Record& record, std::size_t number) {
  const records::Summary& s = record.summary;
  return joined({std::to_string(number), as_text(s.name), picture_text(record.content),
                 to_rfc3339(s.created_us), "[" + s.reading.text + "]", s.id.to_string()});
}

}  // namespace

Result<void> export_records(records::RecordStore& store, records::Query query, ExportFormat format,
                            const std::function<void(const std::string& line)>& line) {
  const auto ids = find_all(store, query);
  if (!ids) return tl::unexpected(ids.error());
  if (format == ExportFormat::kCsv)
    line("id,created_at,name,alphabet,text,confidence,rejected,label,model,model_version\r");
  if (format == ExportFormat::kNumberrec) line("id,imgname,img,time,result,longhand_id\r");
  std::size_t number = 0;
  for (auto id = ids->rbegin(); id != ids->rend(); ++id) {
    const auto record = read_record(store, *id, query.viewer, format != ExportFormat::kCsv);
    // Deleted since it was listed: then it is no longer to be exported.
    if (!record && record.error().code == ErrorCode::kNotFound) continue;
    if (!record) return tl::unexpected(record.error());
    ++number;
    switch (format) {
      case ExportFormat::kNdjson:
        line(ndjson_line(*record));
        break;
      case ExportFormat::kCsv:
        line(csv_line(record->summary));
        break;
      case ExportFormat::kNumberrec:
        line(numberrec_line(*record, number));
        break;
    }
  }
  return {};
}

}  // namespace longhand::cli
