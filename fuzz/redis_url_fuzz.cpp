// Addresses of Redis; one that is taken is written and read again.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cluster/redis_url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto address = longhand::cluster::parse_redis_url(text);
  if (!address) {
    if (address.error().message.empty()) std::abort();
    return 0;
  }
  if (address->host.empty() || address->port == 0 || address->database < 0) std::abort();
  const auto again = longhand::cluster::parse_redis_url(address->to_string());
  if (!again || again->host != address->host || again->port != address->port ||
      again->database != address->database) {
    std::abort();
  }
  return 0;
}
