#include "server/app.h"

#include <unistd.h>

#include <array>
#include <boost/json.hpp>

#include "api/json_text.h"
#include "base/uuid.h"
#include "server/handlers.h"

namespace longhand::server {
namespace {

constexpr std::string_view kReadingParameters = "alphabet model mode pattern name keep normalized";
constexpr std::string_view kListParameters = "limit cursor since until text alphabet corrected";

constexpr Route kRoutes[] = {
    {Method::kPost, "/api/v1/recognitions", Body::kPicture, create_recognition, Who::kVisitor,
     kReadingParameters},
    {Method::kGet, "/api/v1/recognitions", Body::kNone, list_recognitions, Who::kVisitor,
     kListParameters},
    {Method::kGet, "/api/v1/recognitions/{id}", Body::kNone, get_recognition, Who::kVisitor,
     "normalized"},
    {Method::kDelete, "/api/v1/recognitions/{id}", Body::kNone, delete_recognition},
    {Method::kGet, "/api/v1/recognitions/{id}/picture", Body::kNone, get_picture},
    {Method::kPut, "/api/v1/recognitions/{id}/label", Body::kLabel, put_label},
    {Method::kDelete, "/api/v1/recognitions/{id}/label", Body::kNone, delete_label},
    {Method::kGet, "/api/v1/events", Body::kNone, get_events},
    {Method::kGet, "/api/v1/models", Body::kNone, get_models},
    {Method::kPost, "/api/v1/models", Body::kModel, post_model, Who::kOperator},
    {Method::kGet, "/api/v1/models/{name}", Body::kNone, get_model},
    {Method::kPut, "/api/v1/models/{name}", Body::kLabel, put_model, Who::kOperator},
    {Method::kGet, "/api/v1/models/{name}/versions", Body::kNone, get_model_versions,
     Who::kOperator},
    {Method::kGet, "/api/v1/models/{name}/versions/{version}", Body::kNone, get_model_file,
     Who::kOperator},
    {Method::kPost, "/api/v1/trainings", Body::kRecipe, post_training, Who::kOperator},
    {Method::kGet, "/api/v1/trainings", Body::kNone, get_trainings, Who::kOperator},
    {Method::kGet, "/api/v1/trainings/{id}", Body::kNone, get_training, Who::kOperator},
    {Method::kGet, "/api/v1/trainings/{id}/events", Body::kNone, get_training_events,
     Who::kOperator},
    {Method::kPost, "/api/v1/trainings/{id}/cancel", Body::kNone, cancel_training, Who::kOperator},
    {Method::kGet, "/api/v1/replicas", Body::kNone, get_replicas, Who::kOperator},
    {Method::kGet, "/healthz", Body::kNone, get_healthz, Who::kAnybody, kAnyParameters},
    {Method::kGet, "/readyz", Body::kNone, get_readyz, Who::kAnybody, kAnyParameters},
    {Method::kGet, "/metrics", Body::kNone, get_metrics, Who::kAnybody, kAnyParameters},
    {Method::kGet, "/openapi.json", Body::kNone, get_openapi, Who::kAnybody},
    {Method::kGet, "/v2", Body::kNone, get_inference_server, Who::kAnybody},
    {Method::kGet, "/v2/health/live", Body::kNone, get_inference_live, Who::kAnybody},
    {Method::kGet, "/v2/health/ready", Body::kNone, get_inference_ready, Who::kAnybody},
    {Method::kGet, "/v2/models/{model}", Body::kNone, get_inference_model, Who::kAnybody},
    {Method::kGet, "/v2/models/{model}/ready", Body::kNone, get_inference_model_ready,
     Who::kAnybody},
    {Method::kPost, "/v2/models/{model}/infer", Body::kTensors, post_infer},
    {Method::kGet, "/v2/models/{model}/versions/{version}", Body::kNone, get_inference_model,
     Who::kAnybody},
    {Method::kGet, "/v2/models/{model}/versions/{version}/ready", Body::kNone,
     get_inference_model_ready, Who::kAnybody},
    {Method::kPost, "/v2/models/{model}/versions/{version}/infer", Body::kTensors, post_infer},
    {Method::kGet, "/", Body::kNone, get_index, Who::kVisitor, kAnyParameters},
    {Method::kGet, "/file", Body::kNone, redirect_file, Who::kVisitor, kAnyParameters},
    {Method::kPost, "/file", Body::kForm, redirect_file, Who::kVisitor, kAnyParameters},
    {Method::kGet, "/{rest...}", Body::kNone, get_page_file, Who::kAnybody, kAnyParameters},
};

constexpr std::string_view name_of(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kDelete:
      return "DELETE";
    case Method::kOptions:
      return "OPTIONS";
    case Method::kOther:
      break;
  }
  return "other";
}

// Splits off the first segment of a path that starts with "/".
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& captures) {
  captures.clear();
  while (!pattern.empty() && !path.empty()) {
    if (pattern == "/{rest...}") {
      captures.push_back(decode_url(path, false));
      return true;
    }
    const std::string_view wanted = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (!wanted.empty() && wanted.front() == '{') {
      if (given.empty()) return false;
      captures.push_back(decode_url(given, false));
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

void allow(std::string& list, Method method) {
  const auto add = [&](std::string_view name) {
    if (!list.empty()) list += ", ";
    list += name;
  };
  add(name_of(method));
  if (method == Method::kGet) add("HEAD");
}

// With a Redis the others tell of new models; what they say may get lost.
std::chrono::milliseconds look_every(const ServeOptions& options) {
  return std::chrono::seconds(options.redis ? 30 : 5);
}

std::string host_name() {
  std::array<char, 64> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  std::string out;
  for (const char c : std::string_view(name.data())) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.';
    out += plain ? c : '-';
  }
  return out.empty() ? "unknown" : out;
}

}  // namespace

App::App(ServeOptions given, recognizer::Registry registry, records::Stores stores,
         const Workers& workers, std::shared_ptr<spdlog::logger> log)
    : options(std::move(given)),
      replica(host_name()),
      logger(std::move(log)),
      proxies(options.proxies, options.trust_proxy),
      identity(options.operator_token),
      metrics(route_names()),
      feed(options.limits.listeners),
      models(std::move(registry), stores.models, look_every(options), logger),
      trainings({options.recipes, options.trainings, options.trainer, options.keep_trainings},
                stores.jobs, models, logger),
      service(models, std::move(stores), workers, options.limits.pictures, metrics, feed),
      neighbours(
          options, feed, models, [this] { return presence(); }, logger) {}

// What GET /api/v1/replicas shows of this one.
std::string App::presence() const {
  boost::json::array served;
  const Models::Snapshot registry = models.current();
  for (const auto& model : registry->models()) {
    served.emplace_back(
        boost::json::object{{"name", model->ref().name}, {"version", model->ref().version}});
  }
  return api::to_text(boost::json::object{{"replica", replica},
                                          {"instance", neighbours.instance()},
                                          {"started_at", to_rfc3339(started_us)},
                                          {"seen_at", to_rfc3339(unix_micros())},
                                          {"draining", draining.load()},
                                          {"requests_in_flight", metrics.in_flight.load()},
                                          {"recognitions", metrics.recognitions.load()},
                                          {"models", std::move(served)}});
}

std::span<const Route> routes() {
  return kRoutes;
}

std::vector<std::string> route_names() {
  std::vector<std::string> names;
  for (const Route& route : kRoutes) {
    names.push_back(std::string(name_of(route.method)) + " " + std::string(route.pattern));
  }
  return names;
}

Match match(Method method, std::string_view path) {
  Match found;
  if (path.empty() || path.front() != '/') return found;
  const Method wanted = method == Method::kHead ? Method::kGet : method;
  for (const Route& route : kRoutes) {
    // What the page's files are named is no reason to allow a method on a path of the API.
    if (route.pattern == "/{rest...}" && !found.allow.empty()) break;
    std::vector<std::string> captures;
    if (!fits(route.pattern, path, captures)) continue;
    if (route.method == wanted) {
      found.route = &route;
      found.number = static_cast<std::size_t>(&route - kRoutes);
      found.captures = std::move(captures);
      return found;
    }
    allow(found.allow, route.method);
  }
  return found;
}

std::size_t max_body(Body body, std::string_view content_type, const ServeLimits& limits) {
  constexpr std::size_t kMargin = 64U << 10;
  switch (body) {
    case Body::kNone:
      return 0;
    case Body::kLabel:
      return 16U << 10;
    case Body::kForm:
      return 256U << 10;
    case Body::kTensors:
      return 8U << 20;
    case Body::kRecipe:  // a control character takes six in JSON
      return 6 * Trainings::kMostRecipeBytes + kMargin;
    case Body::kModel:
      return std::min(Models::kMostBytes, limits.pending_bytes);
    case Body::kPicture:
      break;
  }
  // Base64 takes four bytes for three; several files may come in one body.
  const bool wrapped =
      content_type.starts_with("application/json") || content_type.starts_with("multipart/");
  return wrapped ? limits.body_bytes / 2 * 3 + kMargin : limits.body_bytes;
}

}  // namespace longhand::server
