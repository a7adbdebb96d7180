#include <boost/json.hpp>

#include "api/json_text.h"
#include "nn/model.h"
#include "server/handlers.h"
#include "server/tensors.h"

namespace longhand::server {
namespace {

// The model that the path names, and its version where it names one.
Result<std::shared_ptr<const recognizer::Model>> find_model(const App& app,
                                                            const Request& request) {
  const std::string& name = request.captures.at(0);
  const Models::Snapshot registry = app.models.current();
  for (const auto& model : registry->models()) {
    if (model->ref().name != name) continue;
    if (request.captures.size() > 1 && model->ref().version != request.captures[1]) continue;
    return model;
  }
  return fail(ErrorCode::kNotFound, "there is no such model or version; /api/v1/models lists them");
}

}  // namespace

awaitable<Response> get_inference_server(App&, Request&) {
  co_return json_response(200, R"({"name":"longhand","version":"0.1.0","extensions":[]})");
}

awaitable<Response> get_inference_live(App&, Request&) {
  co_return json_response(200, R"({"live":true})");
}

awaitable<Response> get_inference_ready(App& app, Request&) {
  if (app.draining) {
    co_return problem(ErrorCode::kUnavailable, "the server is shutting down");
  }
  co_return json_response(200, R"({"ready":true})");
}

awaitable<Response> get_inference_model(App& app, Request& request) {
  const auto model = find_model(app, request);
  if (!model) co_return problem(model.error());
  co_return json_response(200, inference_metadata(**model));
}

awaitable<Response> get_inference_model_ready(App& app, Request& request) {
  const auto model = find_model(app, request);
  if (!model) co_return problem(model.error());
  co_return json_response(
      200, api::to_text(boost::json::object{{"name", (*model)->ref().name}, {"ready", true}}));
}

awaitable<Response> post_infer(App& app, Request& request) {
  const auto model = find_model(app, request);
  if (!model) co_return problem(model.error());
  const auto asked = parse_infer_request(request.body, **model);
  if (!asked) co_return problem(asked.error());
  auto logits = co_await app.service.infer(*model, asked->data, asked->batch);
  co_return json_response(200, infer_response(*asked, **model, logits));
}

}  // namespace longhand::server
