#pragma once

#include <span>
#include <string_view>

// Files that the build put into the program: see cmake/LonghandEmbed.cmake, which writes their
// table.
namespace longhand::server {

struct Asset {
  std::string_view path;  // "/assets/index-abc.js"
  std::string_view media_type;
  std::string_view etag;  // with its quotes; of the plain bytes
  bool immutable;         // its name has a hash of what is in it
  std::string_view plain;
  std::string_view gzip;    // empty when there is none
  std::string_view brotli;  // empty when there is none
};

// The page's files; empty when the page was not built into the program.
std::span<const Asset> page_assets();
// The OpenAPI document.
std::string_view openapi_document();

// nullptr when there is no such file.
const Asset* find_page_asset(std::string_view path);

}  // namespace longhand::server
