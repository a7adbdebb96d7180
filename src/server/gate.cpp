#include "server/gate.h"

#include <algorithm>

namespace longhand::server {
namespace {

bool changes_state(Method method) {
  return method == Method::kPost || method == Method::kPut || method == Method::kDelete;
}

// `words` are parted by blanks.
bool is_one_of(std::string_view name, std::string_view words) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == name) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

Response no_route(const Match& found, const Request& request) {
  if (found.allow.empty()) {
    return problem(ErrorCode::kNotFound,
                   "there is nothing at this path; /openapi.json says what there is");
  }
  const std::string allowed = found.allow + ", OPTIONS";
  if (request.method == Method::kOptions) return empty_response(204).set("Allow", allowed);
  return problem(405, "method_not_allowed", "The method is not allowed here",
                 "this path takes " + allowed)
      .set("Allow", allowed);
}

std::optional<Response> check_host(const App& app, const Request& request) {
  if (!app.loopback || request.by_proxy || is_loopback_host(request.header("host"))) {
    return std::nullopt;
  }
  return problem(421, "foreign_host", "The Host is not served here",
                 "the server listens on this machine only and answers for localhost, 127.0.0.1 and "
                 "[::1]; behind a proxy start it with --trust-proxy");
}

// The original's /file records nothing: it redirects, wherever its form stood.
bool is_form(const Route& route) {
  return route.body == Body::kForm;
}

// A parameter that is misspelt must not be one that is left out: records would be made that weren't
// wanted.
std::optional<Response> check_parameters(const Route& route, const Request& request) {
  if (route.parameters == kAnyParameters) return std::nullopt;
  for (const auto& [name, value] : request.query.all()) {
    if (is_one_of(name, route.parameters)) continue;
    std::string known(route.parameters);
    for (std::size_t at = known.find(' '); at != std::string::npos; at = known.find(' ', at + 2)) {
      known.replace(at, 1, ", ");
    }
    return problem(ErrorCode::kInvalidArgument,
                   "there is no parameter \"" + clean_text(name, 40) + "\" here; " +
                       (known.empty() ? "this path takes none" : "there are: " + known));
  }
  return std::nullopt;
}

}  // namespace

Gate admit(const App& app, Request& request) {
  Gate gate;
  gate.number = app.metrics.unknown_route();
  if (auto refusal = check_host(app, request)) {
    gate.refusal = std::move(refusal);
    return gate;
  }
  Match found = match(request.method, request.path);
  if (found.route == nullptr) {
    gate.refusal = no_route(found, request);
    return gate;
  }
  gate.number = found.number;
  if (found.route->who != Who::kAnybody) {
    if (const auto known = app.identity.identify(request); !known) {
      gate.refusal = problem(known.error());
      return gate;
    }
  }
  if (found.route->who == Who::kOperator && !request.viewer.is_operator) {
    gate.refusal =
        problem(ErrorCode::kUnauthorized, "this is the operator's only: send the operator's token");
    return gate;
  }
  if (changes_state(request.method) && !is_form(*found.route) && app.identity.is_foreign(request)) {
    gate.refusal = problem(403, "foreign_origin", "Another site's page asks",
                           "a page of another site can't change anything here; programs send "
                           "\"Authorization: Bearer TOKEN\"");
    return gate;
  }
  if (auto refusal = check_parameters(*found.route, request)) {
    gate.refusal = std::move(refusal);
    return gate;
  }
  request.captures = std::move(found.captures);
  gate.route = found.route;
  gate.max_body = max_body(found.route->body, request.header("content-type"), app.options.limits);
  return gate;
}

Response body_too_large(std::size_t limit) {
  const std::string text = limit >= (1U << 20) ? std::to_string(limit >> 20) + " MB"
                                               : std::to_string(limit >> 10) + " KB";
  return problem(ErrorCode::kTooLarge,
                 "the body is longer than " + text + ", the limit of this request");
}

Response body_too_slow(std::chrono::milliseconds limit) {
  return problem(408, "too_slow", "The body took too long",
                 "the body has " + std::to_string(limit.count() / 1'000) +
                     " s to come; send it again over a faster connection, or a smaller one");
}

}  // namespace longhand::server
