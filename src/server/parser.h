#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>

#include "server/http.h"
#include "server/server.h"

// What Beast parsed, as the handlers see it.
namespace longhand::server {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::string_body>;

// The head; the body is left where it is.
Request to_request(const Parser::value_type& message);

// The answer to what Beast could not parse: 400, 414, 431 or 505.
Response header_problem(const Parser& parser, const boost::system::error_code& ec,
                        const ServeLimits& limits);

}  // namespace longhand::server
