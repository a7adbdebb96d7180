#include "server/parser.h"

#include <algorithm>

#include "api/text.h"

namespace longhand::server {
namespace {

Method to_method(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::kGet;
    case http::verb::head:
      return Method::kHead;
    case http::verb::post:
      return Method::kPost;
    case http::verb::put:
      return Method::kPut;
    case http::verb::delete_:
      return Method::kDelete;
    case http::verb::options:
      return Method::kOptions;
    default:
      return Method::kOther;
  }
}

}  // namespace

Request to_request(const Parser::value_type& message) {
  Request request;
  request.method = to_method(message.method());
  request.method_name = std::string(message.method_string());
  std::string_view target(message.target().data(), message.target().size());
  // The absolute form, as proxies send it.
  if (target.starts_with("http://") || target.starts_with("https://")) {
    const std::size_t path = target.find('/', target.find("://") + 3);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  if (question < target.size()) request.query = QueryParams::parse(target.substr(question + 1));
  for (const auto& field : message) {
    const std::string_view name(field.name_string().data(), field.name_string().size());
    request.headers.emplace_back(api::to_lower(name), std::string(field.value()));
  }
  return request;
}

Response header_problem(const Parser& parser, const boost::system::error_code& ec,
                        const ServeLimits& limits) {
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
    const std::string limit = std::to_string(limits.header_bytes >> 10) + " KB";
    if (parser.get().target().empty()) {
      return problem(414, "uri_too_long", "The address is too long",
                     "request line and headers may have " + limit +
                         " together; POST pictures to /api/v1/recognitions instead");
    }
    return problem(431, "headers_too_large", "The headers are too large",
                   "request line and headers may have " + limit + " together");
  }
  if (ec == http::error::bad_version) {
    return problem(505, "http_version", "The HTTP version is not spoken here", "send HTTP/1.1");
  }
  return problem(400, "bad_request", "The request is no HTTP", ec.message());
}

}  // namespace longhand::server
