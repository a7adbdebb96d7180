#pragma once

#include <string>
#include <string_view>

#include "base/sha256.h"
#include "server/http.h"

namespace longhand::server {

inline constexpr std::string_view kOwnerCookie = "longhand_owner";

// Who is asking, and whether a page of somebody else's is asking in their name.
class Identity {
 public:
  // An empty operator token: there is no operator.
  explicit Identity(std::string_view operator_token);

  // Sets request.viewer from the bearer token, else from the owner cookie, else from a new random
  // token that it leaves in request.new_token. A bearer token is 16 to 256 visible ASCII
  // characters (kUnauthorized otherwise); an Authorization header of another scheme is somebody
  // else's, a proxy's that asks for passwords. Only SHA-256 of a token is ever kept.
  Result<void> identify(Request& request) const;

  // Refuses, with kUnauthorized's 403 sibling, a state-changing request that another site's page
  // sent (CSRF). A bearer token proves that no browser added it by itself.
  bool is_foreign(const Request& request) const;

  // The Set-Cookie line that hands request.new_token to the browser.
  std::string cookie(const Request& request) const;

 private:
  Sha256::Digest operator_hash_{};
  bool has_operator_ = false;
};

// The value of a cookie in a Cookie header; "" when it is not there.
std::string_view cookie_value(std::string_view header, std::string_view name);

// Whether a Host header names this machine's loopback: localhost, *.localhost, 127.x.x.x, [::1],
// any port. Checked when listening on loopback only, against DNS rebinding.
bool is_loopback_host(std::string_view host);

}  // namespace longhand::server
