#include "api/data_url.h"

#include <algorithm>

#include "api/base64.h"
#include "api/text.h"

namespace longhand::api {
namespace {

Result<std::vector<std::byte>> decode_percent(std::string_view text) {
  std::vector<std::byte> out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(static_cast<std::byte>(text[i]));
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      return fail(ErrorCode::kInvalidArgument,
                  "the data URL has a % without two hexadecimal digits after it");
    }
    out.push_back(static_cast<std::byte>(high * 16 + low));
    i += 2;
  }
  return out;
}

bool has_prefix(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && to_lower(text.substr(0, prefix.size())) == prefix;
}

// Base64 in a URL may be percent-encoded as well ("%2B", "%3D"), and its pluses turned to spaces.
Result<std::vector<std::byte>> decode_url_base64(std::string_view text) {
  std::string clean;
  if (text.find('%') != std::string_view::npos) {
    const auto bytes = decode_percent(text);
    if (!bytes) return tl::unexpected(bytes.error());
    clean.assign(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  } else if (text.find(' ') != std::string_view::npos) {
    clean.assign(text);
  } else {
    return decode_base64(text);
  }
  std::replace(clean.begin(), clean.end(), ' ', '+');
  return decode_base64(clean);
}

}  // namespace

Result<DataUrl> parse_data_url(std::string_view text) {
  if (!has_prefix(text, "data:")) {
    return fail(ErrorCode::kInvalidArgument,
                "this is no data URL; one looks like data:image/png;base64,iVBORw0...");
  }
  text.remove_prefix(5);
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    return fail(ErrorCode::kInvalidArgument,
                "the data URL has no comma; one looks like data:image/png;base64,iVBORw0...");
  }
  std::string kind = to_lower(text.substr(0, comma));
  text.remove_prefix(comma + 1);
  const std::string_view suffix = ";base64";
  const bool is_base64 = kind.size() >= suffix.size() &&
                         kind.compare(kind.size() - suffix.size(), suffix.size(), suffix) == 0;
  kind.resize(std::min(kind.find(';'), kind.size()));
  auto bytes = is_base64 ? decode_url_base64(text) : decode_percent(text);
  if (!bytes) return tl::unexpected(bytes.error());
  return DataUrl{std::move(kind), std::move(*bytes)};
}

Result<DataUrl> parse_picture_text(std::string_view text) {
  if (has_prefix(text, "data:")) return parse_data_url(text);
  auto bytes = decode_base64(text);
  if (!bytes) {
    return fail(ErrorCode::kInvalidArgument,
                "the picture is neither a data URL nor base64: " + bytes.error().message);
  }
  return DataUrl{"", std::move(*bytes)};
}

}  // namespace longhand::api
