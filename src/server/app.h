#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/feed.h"
#include "server/http.h"
#include "server/identity.h"
#include "server/metrics.h"
#include "server/models.h"
#include "server/neighbours.h"
#include "server/proxies.h"
#include "server/server.h"
#include "server/service.h"
#include "server/trainings.h"

namespace longhand::server {

// What all handlers share. Lives as long as the server; everything in it is thread-safe.
struct App {
  App(ServeOptions given, recognizer::Registry registry, records::Stores stores,
      const Workers& workers, std::shared_ptr<spdlog::logger> log);

  const ServeOptions options;
  const std::string replica;  // from the host's name
  const std::shared_ptr<spdlog::logger> logger;
  const std::int64_t started_us = unix_micros();
  bool loopback = false;  // listens on loopback only; set before the first request
  const Proxies proxies;
  Identity identity;
  Metrics metrics;
  Feed feed;
  Models models;
  Trainings trainings;
  Service service;
  std::atomic<bool> draining{false};
  std::atomic<std::size_t> pending_bytes{0};  // of request bodies in memory
  Neighbours neighbours;  // last: it calls what stands above from threads of its own

 private:
  std::string presence() const;
};

using Handler = boost::asio::awaitable<Response> (*)(App&, Request&);

// How long a body a route takes.
enum class Body {
  kNone,
  kLabel,    // a small JSON object
  kForm,     // a form with a data URL
  kTensors,  // of the inference protocol
  kPicture,  // a picture, several, or JSON around one
  kModel,    // an ONNX file
  kRecipe,   // JSON around a recipe
};

enum class Who {
  kAnybody,  // it doesn't matter: no token is looked at
  kVisitor,
  kOperator,  // the operator only
};

// Of what people open, with whatever was appended to the address, and of what the original took.
inline constexpr std::string_view kAnyParameters = "*";

struct Route {
  Method method;
  std::string_view pattern;  // "/a/{id}/b"; a last segment of {rest...} takes all that follows
  Body body;
  Handler handler;
  Who who = Who::kVisitor;
  std::string_view parameters = "";  // of the query, parted by blanks; others are refused
};

// In the order in which they are tried.
std::span<const Route> routes();
// "GET /a/{id}/b" of each, for the metrics.
std::vector<std::string> route_names();

struct Match {
  const Route* route = nullptr;
  std::size_t number = 0;  // of the route, as routes() has them
  std::vector<std::string> captures;
  std::string allow;  // the methods of the path, when it is there at all
};
// HEAD finds the route of GET.
Match match(Method method, std::string_view path);

// The longest body that is taken, in bytes.
std::size_t max_body(Body body, std::string_view content_type, const ServeLimits& limits);

}  // namespace longhand::server
