#include "server/identity.h"

#include <algorithm>
#include <array>
#include <optional>

#include "api/text.h"

namespace longhand::server {
namespace {

constexpr std::size_t kTokenBytes = 16;
constexpr std::size_t kMinBearer = 16;
constexpr std::size_t kMaxBearer = 256;
constexpr std::string_view kBearer = "bearer";

Sha256::Digest hash(std::string_view token) {
  return sha256(std::as_bytes(std::span(token.data(), token.size())));
}

// Every byte is looked at, so that the time says nothing of where two digests part.
bool equal(const Sha256::Digest& a, const Sha256::Digest& b) {
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

bool is_owner_token(std::string_view token) {
  return token.size() == 2 * kTokenBytes && std::all_of(token.begin(), token.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// What follows "Bearer"; nullopt where that isn't the scheme.
std::optional<std::string_view> bearer(const Request& request) {
  const std::string_view header = request.header("authorization");
  const std::size_t end = std::min(header.find(' '), header.size());
  if (api::to_lower(header.substr(0, end)) != kBearer) return std::nullopt;
  return header.substr(std::min(end + 1, header.size()));
}

// "http://host:port" without its scheme.
std::string_view authority_of(std::string_view origin) {
  const std::size_t at = origin.find("://");
  return at == std::string_view::npos ? std::string_view() : origin.substr(at + 3);
}

}  // namespace

Identity::Identity(std::string_view operator_token) : has_operator_(!operator_token.empty()) {
  if (has_operator_) operator_hash_ = hash(operator_token);
}

Result<void> Identity::identify(Request& request) const {
  std::string_view token;
  if (const auto given = bearer(request)) {
    token = *given;
    const bool visible =
        std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (token.size() < kMinBearer || token.size() > kMaxBearer || !visible) {
      return fail(
          ErrorCode::kUnauthorized,
          "a bearer token, as in \"Authorization: Bearer TOKEN\", must be 16 to 256 visible ASCII "
          "characters that nobody can guess");
    }
  } else {
    token = cookie_value(request.header("cookie"), kOwnerCookie);
    if (!is_owner_token(token)) token = {};
  }
  if (token.empty()) {
    std::array<std::uint8_t, kTokenBytes> random{};
    random_bytes(random.data(), random.size());
    request.new_token = to_hex(random);
    token = request.new_token;
  }
  const Sha256::Digest digest = hash(token);
  request.viewer.owner = digest;
  request.viewer.is_operator = has_operator_ && equal(digest, operator_hash_);
  return {};
}

bool Identity::is_foreign(const Request& request) const {
  if (bearer(request)) return false;
  const std::string_view site = request.header("sec-fetch-site");
  if (site == "same-origin" || site == "none") return false;
  if (site == "cross-site") return true;
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return !site.empty();
  std::string_view host = request.header("host");
  if (request.by_proxy && !request.header("x-forwarded-host").empty()) {
    host = request.header("x-forwarded-host");
  }
  return api::to_lower(authority_of(origin)) != api::to_lower(host);
}

std::string Identity::cookie(const Request& request) const {
  std::string line = std::string(kOwnerCookie) + "=" + request.new_token +
                     "; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax";
  if (request.by_proxy && api::to_lower(request.header("x-forwarded-proto")) == "https")
    line += "; Secure";
  return line;
}

std::string_view cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.substr(0, name.size()) == name &&
        pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

bool is_loopback_host(std::string_view host) {
  const bool bracketed = !host.empty() && host.front() == '[';
  const std::size_t colon = bracketed ? host.find("]:") : host.rfind(':');
  if (colon != std::string_view::npos) {
    const std::string_view port = host.substr(colon + (bracketed ? 2 : 1));
    if (port.empty() || port.find_first_not_of("0123456789") != std::string_view::npos)
      return false;
    host = host.substr(0, bracketed ? colon + 1 : colon);
  }
  const std::string name = api::to_lower(host);
  constexpr std::string_view kSuffix = ".localhost";
  if (name == "localhost" || name == "[::1]") return true;
  if (name.size() > kSuffix.size() && name.ends_with(kSuffix)) return true;
  return name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace longhand::server
