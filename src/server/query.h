#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace longhand::server {

// %XX decoded; with `plus_is_space`, as in queries and forms, "+" too. A % without two hexadecimal
// digits after it stands for itself.
std::string decode_url(std::string_view text, bool plus_is_space);
// All but RFC 3986's unreserved characters as %XX.
std::string encode_url(std::string_view text);

// The parameters of a query string or of an application/x-www-form-urlencoded body.
class QueryParams {
 public:
  static QueryParams parse(std::string_view query);

  // The first of that name; nullopt when there is none.
  std::optional<std::string> get(std::string_view name) const;
  std::string get_or(std::string_view name, std::string_view otherwise) const;
  // true/false, 1/0, or the bare name for true; kInvalidArgument names the parameter.
  Result<bool> flag(std::string_view name, bool otherwise) const;
  bool has(std::string_view name) const { return get(name).has_value(); }
  const std::vector<std::pair<std::string, std::string>>& all() const { return params_; }

 private:
  std::vector<std::pair<std::string, std::string>> params_;
};

// What a client gave, fit to be shown: valid UTF-8 (what is none becomes U+FFFD), no control
// characters, at most so many bytes.
std::string clean_text(std::string_view text, std::size_t most);
// A name that a client gave, fit to be kept: the last part of a path, clean, at most 200 bytes.
std::string clean_name(std::string_view name);
// Whether there is a control character (of C0 or C1, or DEL) that is none of those allowed.
bool has_control(std::string_view text, std::string_view allowed);
bool is_valid_utf8(std::string_view text);

}  // namespace longhand::server
