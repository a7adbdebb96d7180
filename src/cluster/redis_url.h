#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace longhand::cluster {

// Where a Redis is and as whom to speak to it.
struct RedisAddress {
  std::string host;  // a name, or an address without brackets
  std::uint16_t port = 6379;
  int database = 0;
  std::string user;      // empty: Redis' default user
  std::string password;  // empty: none is sent

  // "redis://host:port/0": for logs, without user and password.
  std::string to_string() const;
};

// Reads "redis://[[user]:password@]host[:port][/database]"; user and password may be
// percent-encoded, an IPv6 address stands in brackets. kInvalidArgument says what is wrong, also of
// "rediss://": the client library has no TLS.
Result<RedisAddress> parse_redis_url(std::string_view url);

}  // namespace longhand::cluster
