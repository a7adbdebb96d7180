// A multipart body behind its Content-Type, on the first line; the names it gives, cleaned.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/multipart.h"
#include "server/query.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string_view body = text.substr(std::min(line + 1, text.size()));
  const auto boundary = longhand::server::multipart_boundary(text.substr(0, line));
  if (!boundary) return 0;
  const auto parts = longhand::server::parse_multipart(body, *boundary, {.max_parts = 8});
  if (!parts) {
    if (parts.error().message.empty()) std::abort();
    return 0;
  }
  std::size_t total = 0;
  for (const auto& part : *parts) {
    total += part.data.size();
    const std::string name = longhand::server::clean_name(part.filename);
    if (!longhand::server::is_valid_utf8(name) || name.size() > 200) std::abort();
    // Every part is a stretch of the body.
    if (part.data.data() < body.data() || part.data.end() > body.end()) std::abort();
  }
  if (total > body.size() || parts->size() > 8) std::abort();
  return 0;
}
