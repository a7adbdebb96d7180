#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace longhand::api {

struct DataUrl {
  std::string media_type;  // as the URL says, in lower case and without parameters; may be empty
  std::vector<std::byte> bytes;
};

// A data URL (RFC 2397), base64 or percent-encoded. Spaces in base64 stand for pluses, as they do
// where a form or query decoder turned them. kInvalidArgument says what a good one looks like.
Result<DataUrl> parse_data_url(std::string_view text);

// A picture as text: a data URL, or base64 alone (then without a media type).
Result<DataUrl> parse_picture_text(std::string_view text);

}  // namespace longhand::api
