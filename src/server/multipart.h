#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace longhand::server {

// One part of a multipart/form-data body (RFC 7578). The views point into the body.
struct Part {
  std::string name;
  std::string filename;  // as given, not to be trusted; empty when there is none
  bool has_filename = false;
  std::string content_type;  // in lower case and without parameters; empty when there is none
  std::string_view data;
};

struct MultipartLimits {
  std::size_t max_parts = 120;
  std::size_t max_part_header_bytes = 8'192;
};

// The boundary that a Content-Type header names; kInvalidArgument when there is none or it is no
// boundary (1 to 70 characters).
Result<std::string> multipart_boundary(std::string_view content_type);

// Splits a body. kInvalidArgument for a body that ends before its closing boundary, or with part
// headers that can't be read; kTooLarge over a limit.
Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view boundary,
                                          const MultipartLimits& limits = {});

}  // namespace longhand::server
