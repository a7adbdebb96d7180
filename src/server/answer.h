#pragma once

#include <string>

#include "server/app.h"

namespace longhand::server {

// An answer's status line and headers, those that every answer has included: security headers, the
// replica, the date. HTTP/1.1. An answer to HEAD has the Content-Length of GET's.
std::string answer_head(const App& app, const Response& response, bool keep_alive);

}  // namespace longhand::server
