#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace longhand::api {

// Base64 of RFC 4648, section 4, with padding.
std::string encode_base64(std::span<const std::byte> bytes);

// Takes the standard alphabet and the URL one, with or without padding; white space between is
// skipped, as MIME writers fold lines. kInvalidArgument, with the place, for anything else.
Result<std::vector<std::byte>> decode_base64(std::string_view text);

}  // namespace longhand::api
