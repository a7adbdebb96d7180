#include "cluster/redis_url.h"

#include <charconv>
#include <optional>

namespace longhand::cluster {
namespace {

constexpr const char* kForm = "an address looks like redis://:password@host:6379/0";

tl::unexpected<Error> wrong(const std::string& what) {
  return fail(ErrorCode::kInvalidArgument, "the address of Redis " + what + "; " + kForm);
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<std::string> decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex_digit(text[i + 1]);
    const auto low = hex_digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return out;
}

// A whole number from 0 to `most`, digits only.
std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most ||
      text.empty() || text.front() == '-') {
    return std::nullopt;
  }
  return value;
}

// Takes "user:password@" off the front of `rest`.
Result<void> take_login(std::string_view& rest, RedisAddress& address) {
  const std::size_t at = rest.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string_view login = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  const std::size_t colon = login.find(':');
  if (colon == std::string_view::npos) return wrong("has no \":\" between user and password");
  auto user = decode_percent(login.substr(0, colon));
  auto password = decode_percent(login.substr(colon + 1));
  if (!user || !password) return wrong("has a \"%\" that is not followed by two hex digits");
  address.user = std::move(*user);
  address.password = std::move(*password);
  return {};
}

Result<void> read_host(std::string_view authority, RedisAddress& address) {
  std::size_t colon = authority.find(':');
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return wrong("has a \"[\" without its \"]\"");
    address.host = authority.substr(1, end - 1);
    colon = end + 1 == authority.size() ? std::string_view::npos : end + 1;
    if (colon != std::string_view::npos && authority[colon] != ':') {
      return wrong("has something between \"]\" and the port");
    }
  } else {
    address.host = authority.substr(0, colon);
  }
  if (address.host.empty()) return wrong("names no host");
  for (const char c : address.host) {
    if (c <= ' ' || c == 0x7f || c == '[' || c == ']') {
      return wrong("has a host with a space, a bracket or a control character");
    }
  }
  if (colon == std::string_view::npos) return {};
  const auto port = number(authority.substr(colon + 1), 65'535);
  if (!port || *port == 0) return wrong("has a port that is none from 1 to 65535");
  address.port = static_cast<std::uint16_t>(*port);
  return {};
}

}  // namespace

std::string RedisAddress::to_string() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return "redis://" + (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(port) + "/" +
         std::to_string(database);
}

Result<RedisAddress> parse_redis_url(std::string_view url) {
  constexpr std::string_view kScheme = "redis://";
  if (url.starts_with("rediss://")) {
    return fail(ErrorCode::kInvalidArgument,
                "rediss:// asks for TLS, which this build can't speak to Redis; use redis:// over "
                "a network that nobody else is on, or through a tunnel such as stunnel");
  }
  if (!url.starts_with(kScheme)) return wrong("must begin with redis://");
  std::string_view rest = url.substr(kScheme.size());
  RedisAddress address;
  // The login first: a password may have a "/" in it.
  if (auto taken = take_login(rest, address); !taken) return tl::unexpected(taken.error());
  const std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos && slash + 1 < rest.size()) {
    const auto database = number(rest.substr(slash + 1), 999'999);
    if (!database) return wrong("has a database that is no number");
    address.database = *database;
  }
  if (auto read = read_host(rest.substr(0, slash), address); !read) {
    return tl::unexpected(read.error());
  }
  return address;
}

}  // namespace longhand::cluster
