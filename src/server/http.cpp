#include "server/http.h"

#include <boost/json.hpp>

#include "api/json_text.h"
#include "api/problem.h"

namespace longhand::server {
namespace {

Response with_body(unsigned status, const char* type, std::string body) {
  Response response;
  response.status = status;
  response.set("Content-Type", type);
  response.body = std::move(body);
  return response;
}

Response problem_response(unsigned status, const boost::json::object& object) {
  return with_body(status, "application/problem+json", api::to_text(object) + "\n");
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

Response json_response(unsigned status, std::string text) {
  return with_body(status, "application/json", std::move(text));
}

Response html_response(unsigned status, std::string html) {
  return with_body(status, "text/html; charset=utf-8", std::move(html));
}

Response text_response(unsigned status, std::string text) {
  return with_body(status, "text/plain; charset=utf-8", std::move(text));
}

Response empty_response(unsigned status) {
  Response response;
  response.status = status;
  return response;
}

Response problem(const Error& error) {
  Response response = problem_response(api::http_status(error.code), api::problem_json(error));
  if (response.status == 503) response.set("Retry-After", "1");
  if (response.status == 401) response.set("WWW-Authenticate", "Bearer");
  return response;
}

Response problem(ErrorCode code, std::string detail) {
  return problem(Error{code, std::move(detail)});
}

Response problem(unsigned status, std::string_view code, std::string_view title,
                 std::string_view detail) {
  return problem_response(status, api::problem_json(status, code, title, detail));
}

std::string_view reason(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return "Unknown";
  }
}

}  // namespace longhand::server
