#include "server/throttle.h"

#include <algorithm>

#include "base/sha256.h"
#include "server/await.h"

namespace longhand::server {
namespace {

// Reading what is there costs little; a picture in the address of the page, as the original took
// it, is work like any other.
bool makes_work(const Route& route, const Request& request) {
  if (route.who == Who::kAnybody) return false;
  return route.body != Body::kNone || route.method != Method::kGet || request.query.has("pic") ||
         request.query.has("imgdata");
}

// A request without a token is a new owner each time, so that its address stands for the owner
// where it is known.
std::string owner_key(const App& app, const Request& request) {
  if (request.new_token.empty() || app.options.hidden_addresses) {
    return "t" + to_hex(request.viewer.owner);
  }
  return "a" + client_key(request.client);
}

Response refusal(const cluster::Verdict& verdict) {
  const auto seconds = (verdict.retry_after.count() + 999) / 1'000;
  const std::string wait = std::to_string(std::max<std::int64_t>(seconds, 1));
  const std::string detail =
      verdict.newcomer ? "too many new visitors at once; the next one is let in in " + wait + " s"
                       : "too many requests of one owner; the next one is taken in " + wait + " s";
  return problem(429, "too_many_requests", "The limit is spent", detail).set("Retry-After", wait);
}

}  // namespace

awaitable<std::optional<Response>> throttle(App& app, const Route& route, const Request& request) {
  cluster::RateLimiter& limiter = app.neighbours.limiter();
  if (!limiter.is_on() || request.viewer.is_operator || !makes_work(route, request)) {
    co_return std::nullopt;
  }
  auto start = [&](auto callback) {
    limiter.take(owner_key(app, request),
                 app.options.hidden_addresses ? "" : client_key(request.client),
                 [callback](const cluster::Verdict& verdict) {
                   callback(nullptr, std::optional<cluster::Verdict>(verdict));
                 });
  };
  const auto verdict = co_await await_callback<cluster::Verdict>(std::move(start));
  if (verdict.allowed) co_return std::nullopt;
  app.metrics.throttled.fetch_add(1, std::memory_order_relaxed);
  co_return refusal(verdict);
}

}  // namespace longhand::server
