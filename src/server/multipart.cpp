#include "server/multipart.h"

#include <algorithm>
#include <optional>

#include "api/text.h"

namespace longhand::server {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The value of a parameter of a header such as `form-data; name="a"; filename="b.png"`. Inside
// quotes a backslash before a quote or backslash escapes it; browsers write %22 for a quote.
std::optional<std::string> parameter(std::string_view header, std::string_view wanted) {
  std::size_t at = header.find(';');
  while (at < header.size()) {
    ++at;
    const std::size_t equals = header.find_first_of("=;", at);
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string key = api::to_lower(trim(header.substr(at, equals - at)));
    at = equals;
    if (header[equals] == ';') continue;
    ++at;
    while (at < header.size() && (header[at] == ' ' || header[at] == '\t')) ++at;
    std::string value;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        const bool escaped = header[at] == '\\' && at + 1 < header.size() &&
                             (header[at + 1] == '"' || header[at + 1] == '\\');
        if (escaped) ++at;
        value += header[at];
      }
      at = std::min(header.find(';', at), header.size());
    } else {
      const std::size_t end = std::min(header.find(';', at), header.size());
      value = trim(header.substr(at, end - at));
      at = end;
    }
    if (key == wanted) return value;
  }
  return std::nullopt;
}

Result<void> read_header(std::string_view line, Part& part) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    return fail(ErrorCode::kInvalidArgument,
                "a part of the multipart body has a header line without a colon");
  }
  const std::string key = api::to_lower(trim(line.substr(0, colon)));
  const std::string_view value = trim(line.substr(colon + 1));
  if (key == "content-disposition") {
    part.name = parameter(value, "name").value_or("");
    const auto filename = parameter(value, "filename");
    part.has_filename = filename.has_value();
    part.filename = filename.value_or("");
  } else if (key == "content-type") {
    part.content_type =
        api::to_lower(trim(value.substr(0, std::min(value.find(';'), value.size()))));
  } else if (key == "content-transfer-encoding" && api::to_lower(value) != "binary" &&
             api::to_lower(value) != "8bit" && api::to_lower(value) != "7bit") {
    return fail(ErrorCode::kInvalidArgument, "a part of the multipart body is encoded as " +
                                                 std::string(value.substr(0, 40)) +
                                                 "; send it as it is");
  }
  return {};
}

// The headers of the part that `rest` starts with; leaves `rest` at its data.
Result<Part> read_headers(std::string_view& rest, std::size_t limit) {
  Part part;
  for (std::size_t used = 0;;) {
    const std::size_t end = rest.substr(0, limit).find("\r\n");
    if (end == std::string_view::npos || used + end > limit) {
      return fail(ErrorCode::kInvalidArgument,
                  "the headers of a part of the multipart body are cut short or longer than " +
                      std::to_string(limit) + " bytes");
    }
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    used += end + 2;
    if (line.empty()) return part;
    if (auto done = read_header(line, part); !done) return tl::unexpected(done.error());
  }
}

tl::unexpected<Error> cut_short() {
  return fail(ErrorCode::kInvalidArgument, "the multipart body ends before its closing boundary");
}

}  // namespace

Result<std::string> multipart_boundary(std::string_view content_type) {
  auto boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70 ||
      boundary->find_first_of("\r\n") != std::string::npos) {
    return fail(ErrorCode::kInvalidArgument,
                "the Content-Type names no boundary; one looks like "
                "multipart/form-data; boundary=XXXX");
  }
  return std::move(*boundary);
}

Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view boundary,
                                          const MultipartLimits& limits) {
  const std::string first = "--" + std::string(boundary);
  const std::string between = "\r\n" + first;
  std::vector<Part> parts;
  // What stands before the first boundary is a preamble, to be ignored (RFC 2046, 5.1.1).
  std::size_t start = 0;
  if (body.substr(0, first.size()) != first) {
    start = body.find(between);
    if (start == std::string_view::npos) return cut_short();
    start += 2;
  }
  std::string_view rest = body.substr(start + first.size());
  for (;;) {
    if (rest.substr(0, 2) == "--") return parts;
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
    if (rest.substr(0, 2) != "\r\n") return cut_short();
    rest.remove_prefix(2);
    if (parts.size() == limits.max_parts) {
      return fail(ErrorCode::kTooLarge, "the multipart body has more than " +
                                            std::to_string(limits.max_parts) + " parts");
    }
    auto part = read_headers(rest, limits.max_part_header_bytes);
    if (!part) return tl::unexpected(part.error());
    // A part without data: the boundary's line break is the one that ended the headers.
    std::size_t end = 0;
    std::size_t skip = first.size();
    if (rest.substr(0, first.size()) != first) {
      end = rest.find(between);
      if (end == std::string_view::npos) return cut_short();
      skip = end + between.size();
    }
    part->data = rest.substr(0, end);
    rest.remove_prefix(skip);
    parts.push_back(std::move(*part));
  }
}

}  // namespace longhand::server
