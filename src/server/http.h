#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "records/store.h"
#include "server/query.h"

// Requests and answers as the handlers see them: nothing of sockets, nothing of Beast.
namespace longhand::server {

class Subscription;

enum class Method { kGet, kHead, kPost, kPut, kDelete, kOptions, kOther };

struct Request {
  Method method = Method::kGet;
  std::string method_name;  // as given
  std::string path;         // as given, without the query
  QueryParams query;
  std::vector<std::string> captures;  // what {...} of the route stood for, percent-decoded
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  boost::asio::ip::address client;  // see proxies.h
  bool by_proxy = false;            // of a proxy whose X-Forwarded-Proto and -Host are believed
  records::Viewer viewer;
  std::string new_token;  // an owner token made for this request; see identity.h
  std::int64_t started_us = 0;

  // The first header of that name (in lower case); "" when there is none.
  std::string_view header(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string_view fixed_body;  // instead of `body`: memory that lives as long as the program
  std::shared_ptr<Subscription> events;  // instead of both: the stream of events
  bool close = false;                    // close the connection after it

  Response& set(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  std::string_view content() const { return fixed_body.empty() ? body : fixed_body; }
};

Response json_response(unsigned status, std::string text);
Response html_response(unsigned status, std::string html);
Response text_response(unsigned status, std::string text);
Response empty_response(unsigned status);
// RFC 9457.
Response problem(const Error& error);
Response problem(ErrorCode code, std::string detail);
Response problem(unsigned status, std::string_view code, std::string_view title,
                 std::string_view detail);

// The status's reason phrase, "Created" for 201.
std::string_view reason(unsigned status);

}  // namespace longhand::server
