#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/data_url.h"
#include "base/result.h"
#include "ink/strokes.h"

namespace longhand::api {

// What a client asks for, whatever form it came in. Empty strings are "not given".
struct RecognitionRequest {
  std::optional<DataUrl> picture;       // one of picture and strokes is there
  std::optional<ink::Strokes> strokes;  // have passed ink::check()
  std::string alphabet;
  std::string model;
  std::string mode;
  std::string pattern;
  std::string name;
};

// The JSON body of POST /api/v1/recognitions: {image | strokes, alphabet?, model?, mode?,
// pattern?, name?}.
// Reads in one pass without a tree, so that memory stays in proportion to what is kept, and stops
// at the first stroke or point over the limits. Errors name the member and what it must be.
Result<RecognitionRequest> parse_recognition_request(std::string_view json,
                                                     const ink::StrokeLimits& limits = {});

// Strokes alone: [[[x, y, t?, pressure?], ...], ...]; t and pressure may be null.
Result<ink::Strokes> parse_strokes(std::string_view json, const ink::StrokeLimits& limits = {});

}  // namespace longhand::api
