#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "server/app.h"

namespace longhand::server {

// What a request's head alone decides, before any of its body is read.
struct Gate {
  const Route* route = nullptr;  // nullptr when refused
  std::size_t number = 0;        // of the route, for the metrics
  std::size_t max_body = 0;
  std::optional<Response> refusal;  // the answer, where the head was enough for one
};

// Finds the route (404, 405 with Allow, 414), checks the Host header against DNS rebinding (421),
// knows the visitor (401, also for what is the operator's only), refuses what another site's page
// asks for (403) and parameters that the route doesn't know (400). Fills in request.captures,
// viewer and new_token.
Gate admit(const App& app, Request& request);

// The refusal of a body over the limit.
Response body_too_large(std::size_t limit);

// The refusal of a body that doesn't come to its end.
Response body_too_slow(std::chrono::milliseconds limit);

}  // namespace longhand::server
