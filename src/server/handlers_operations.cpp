#include <boost/json.hpp>

#include "api/json_text.h"
#include "server/assets.h"
#include "server/await.h"
#include "server/handlers.h"

namespace longhand::server {

namespace json = boost::json;

std::string server_timing(const Timings& timings) {
  const auto entry = [](std::string_view name, std::int64_t micros) {
    const std::string fraction = std::to_string(1'000 + micros % 1'000);
    return std::string(name) + ";dur=" + std::to_string(micros / 1'000) + "." + fraction.substr(1);
  };
  return entry("decode", timings.decode) + ", " + entry("ink", timings.ink) + ", " +
         entry("net", timings.net) + ", " + entry("store", timings.store);
}

awaitable<Response> get_replicas(App& app, Request&) {
  auto start = [&app](auto callback) {
    app.neighbours.replicas([callback](Result<std::vector<std::string>> replicas) {
      callback(nullptr, std::optional(std::move(replicas)));
    });
  };
  const auto replicas = co_await await_callback<Result<std::vector<std::string>>>(std::move(start));
  if (!replicas) co_return problem(replicas.error());
  json::array shown;
  for (const std::string& text : *replicas) {
    boost::system::error_code ec;
    json::value value = json::parse(text, ec);
    if (!ec && value.is_object()) shown.push_back(std::move(value));
  }
  co_return json_response(200, api::to_text(json::object{{"replicas", std::move(shown)}}));
}

awaitable<Response> get_healthz(App&, Request&) {
  co_return text_response(200, "ok\n");
}

awaitable<Response> get_readyz(App& app, Request&) {
  if (app.draining) {
    co_return problem(ErrorCode::kUnavailable, "the server is shutting down");
  }
  const auto pinged = co_await app.service.ping();
  if (!pinged) {
    co_return problem(ErrorCode::kUnavailable,
                      "the store takes no records: " + pinged.error().message);
  }
  // Without Redis right answers go on, and with a spool without Cassandra: this replica is ready,
  // and says what it lacks.
  std::string answer = "ready";
  for (const std::string& trouble : {app.service.store_trouble(), app.neighbours.trouble()}) {
    if (!trouble.empty()) answer += (answer == "ready" ? ", but " : "; ") + trouble;
  }
  co_return text_response(200, answer + "\n");
}

awaitable<Response> get_metrics(App& app, Request&) {
  Response response;
  response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.set("Cache-Control", "no-store");
  response.body = app.metrics.text();
  app.service.write_store_metrics(response.body);
  app.neighbours.write_metrics(response.body);
  co_return response;
}

awaitable<Response> get_openapi(App&, Request&) {
  Response response;
  response.set("Content-Type", "application/json").set("Cache-Control", "no-cache");
  response.fixed_body = openapi_document();
  co_return response;
}

}  // namespace longhand::server
