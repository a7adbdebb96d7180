#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/result.h"
#include "recognizer/reading.h"
#include "records/record.h"
#include "records/store.h"

namespace longhand::api {

// The wire forms that the server and the command line's `--json` share; docs/formats.md has them
// for readers outside. Write them out with to_text() of api/json_text.h.

// What a reading's object may carry beside its fixed members.
struct ReadingForm {
  // Each glyph also gets "normalized": {"width", "height", "data": base64 of its grey bytes}, where
  // the glyph carries its image.
  bool normalized = false;
};

// {"alphabet", "text", "confidence", "rejected", "glyphs": [{"box", "text", "confidence",
// "candidates"}], "model": {"name", "version"}, "elapsed_us"}. `elapsed_us` is the time from raster
// or strokes to the text: it counts neither decoding nor storing.
boost::json::object reading_json(const recognizer::Reading& reading, const ReadingForm& form = {});

// A recognition: its reading's object with "id", "created_at", "name", "mode", "stored", "label"
// (null without a correction) and "picture" (the path under which the server gives it).
boost::json::object recognition_json(const records::Summary& summary, records::Stored stored,
                                     const ReadingForm& form = {});

// {"code", "message"}: an error where a reading was asked for.
boost::json::object error_json(const Error& error);

// "durable" or "spooled".
std::string_view to_string(records::Stored stored);

}  // namespace longhand::api
