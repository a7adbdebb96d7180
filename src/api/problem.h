#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace longhand::api {

// The HTTP status that an error is answered with.
unsigned http_status(ErrorCode code);

// A problem details object (RFC 9457): "type" (urn:longhand:problem:CODE, never changed once given
// out), "title", "status", "detail", and "code" as in `--json` output.
boost::json::object problem_json(const Error& error);
// For what is no ErrorCode: wrong methods, headers and the like.
boost::json::object problem_json(unsigned status, std::string_view code, std::string_view title,
                                 std::string_view detail);

}  // namespace longhand::api
