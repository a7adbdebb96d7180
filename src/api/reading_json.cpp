#include "api/reading_json.h"

#include <boost/json.hpp>
#include <cmath>
#include <span>

#include "api/base64.h"
#include "api/json_text.h"

namespace longhand::api {
namespace {

namespace json = boost::json;

// Six decimals say all that a calibrated confidence knows.
double confidence_json(float confidence) {
  return std::round(static_cast<double>(confidence) * 1e6) / 1e6;
}

json::object normalized_json(const ink::GreyImage& image) {
  return {{"width", image.width},
          {"height", image.height},
          {"data", encode_base64(std::as_bytes(std::span(image.pixels)))}};
}

json::object glyph_json(const recognizer::GlyphReading& glyph, const ReadingForm& form) {
  json::array candidates;
  candidates.reserve(glyph.candidates.size());
  for (const auto& candidate : glyph.candidates) {
    candidates.emplace_back(json::object{{"text", candidate.text},
                                         {"confidence", confidence_json(candidate.confidence)}});
  }
  json::object object{{"box",
                       {shortest(glyph.box.x), shortest(glyph.box.y), shortest(glyph.box.w),
                        shortest(glyph.box.h)}},
                      {"text", glyph.text},
                      {"confidence", confidence_json(glyph.confidence)},
                      {"candidates", std::move(candidates)}};
  if (form.normalized && !glyph.image.empty()) {
    object["normalized"] = normalized_json(glyph.image);
  }
  return object;
}

}  // namespace

json::object reading_json(const recognizer::Reading& reading, const ReadingForm& form) {
  json::array glyphs;
  glyphs.reserve(reading.glyphs.size());
  for (const auto& glyph : reading.glyphs) glyphs.emplace_back(glyph_json(glyph, form));
  return {{"alphabet", reading.alphabet},
          {"text", reading.text},
          {"confidence", confidence_json(reading.confidence)},
          {"rejected", reading.rejected},
          {"glyphs", std::move(glyphs)},
          {"model", {{"name", reading.model.name}, {"version", reading.model.version}}},
          {"elapsed_us", reading.ink_us + reading.net_us}};
}

json::object recognition_json(const records::Summary& summary, records::Stored stored,
                              const ReadingForm& form) {
  const std::string id = summary.id.to_string();
  json::object object{{"id", id}, {"created_at", to_rfc3339(summary.created_us)}};
  for (auto& member : reading_json(summary.reading, form)) {
    object.emplace(member.key(), std::move(member.value()));
  }
  object["name"] = summary.name;
  object["mode"] = summary.mode;
  object["stored"] = to_string(stored);
  object["label"] = summary.label ? json::value(*summary.label) : json::value(nullptr);
  object["picture"] = "/api/v1/recognitions/" + id + "/picture";
  return object;
}

json::object error_json(const Error& error) {
  return {{"code", longhand::to_string(error.code)}, {"message", error.message}};
}

std::string_view to_string(records::Stored stored) {
  return stored == records::Stored::kDurable ? "durable" : "spooled";
}

}  // namespace longhand::api
