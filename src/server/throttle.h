#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "server/app.h"

namespace longhand::server {

// Counts a request that makes work against its owner's limit and, if the owner is new, against that
// of new owners: of the client's address, or of all where addresses are hidden. Gives the refusal
// (429 with Retry-After) when one is spent. The operator is not counted. Called when the head is
// read and before the body is.
boost::asio::awaitable<std::optional<Response>> throttle(App& app, const Route& route,
                                                         const Request& request);

}  // namespace longhand::server
