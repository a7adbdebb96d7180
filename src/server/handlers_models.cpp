#include <boost/json.hpp>

#include "api/json_text.h"
#include "server/await.h"
#include "server/handlers.h"

namespace longhand::server {
namespace {

namespace json = boost::json;

json::object model_json(const recognizer::Model& model, const recognizer::Registry& registry) {
  const recognizer::Card& card = model.card();
  const auto usual = registry.find("", card.alphabet_name);
  json::object notes;
  for (const auto& [key, value] : card.notes) notes[key] = value;
  return {{"name", card.name},
          {"version", model.ref().version},
          {"alphabet", card.alphabet_name},
          {"characters", json::array(card.alphabet.begin(), card.alphabet.end())},
          {"default", usual && (*usual)->ref() == model.ref()},
          {"glyphs", card.glyphs},
          {"normalization", ink::to_string(card.normalization)},
          {"input_size", card.input_size},
          {"reject_threshold", card.reject_threshold},
          {"parameters", model.network().parameters()},
          {"multiply_adds", model.network().multiply_adds()},
          {"bytes", model.file_bytes()},
          {"card", std::move(notes)}};
}

Response show(const App& app, unsigned status, const recognizer::Model& model) {
  return json_response(status, api::to_text(model_json(model, *app.models.current())));
}

std::string path_of(const recognizer::ModelRef& ref) {
  return "/api/v1/models/" + ref.name + "/versions/" + ref.version;
}

Result<std::string> parse_version(std::string_view body) {
  boost::system::error_code ec;
  json::parse_options options;
  options.max_depth = 4;
  const json::value value = json::parse(body, ec, {}, options);
  const json::value* version = !ec && value.is_object() && value.get_object().size() == 1
                                   ? value.get_object().if_contains("version")
                                   : nullptr;
  if (version == nullptr || !version->is_string()) {
    return fail(ErrorCode::kInvalidArgument,
                "the body must be JSON like {\"version\":\"70903b73c9e0\"}");
  }
  return std::string(version->get_string());
}

json::object version_json(const Models::Version& version) {
  const auto& entry = version.entry;
  return {
      {"version", entry.version},
      {"bytes", entry.bytes},
      {"created_at", version.installed ? json::value() : json::value(to_rfc3339(entry.created_us))},
      {"sha256", version.installed ? json::value() : json::value(entry.sha256)},
      {"installed", version.installed},
      {"served", version.served}};
}

}  // namespace

awaitable<Response> get_models(App& app, Request& request) {
  const Models::Snapshot registry = app.models.current();
  json::array models;
  for (const auto& model : registry->models()) models.emplace_back(model_json(*model, *registry));
  json::object object{{"models", std::move(models)}};
  // What is not served, and why, is for the operator.
  if (request.viewer.is_operator) {
    json::array faults;
    for (const auto& fault : registry->faults()) {
      faults.emplace_back(json::object{{"file", fault.file.filename().string()},
                                       {"code", longhand::to_string(fault.error.code)},
                                       {"message", fault.error.message}});
    }
    object["faults"] = std::move(faults);
  }
  co_return json_response(200, api::to_text(object));
}

awaitable<Response> post_model(App& app, Request& request) {
  if (request.body.empty()) {
    co_return problem(ErrorCode::kInvalidArgument,
                      "the body is empty; send the bytes of an .onnx file with a card");
  }
  const auto* const data = reinterpret_cast<const std::byte*>(request.body.data());
  Models::Bytes onnx(data, data + request.body.size());
  std::string().swap(request.body);  // a large one is not kept twice
  auto start = [&](auto callback) {
    app.models.add(std::move(onnx), to_done<Models::ModelPointer>(callback));
  };
  const auto model = co_await await_callback<Result<Models::ModelPointer>>(std::move(start));
  if (!model) co_return problem(model.error());
  Response response = show(app, 201, **model);
  response.set("Location", path_of((*model)->ref()));
  co_return response;
}

awaitable<Response> get_model(App& app, Request& request) {
  const Models::Snapshot registry = app.models.current();
  const auto model = registry->find(request.captures.at(0), "");
  if (!model) co_return problem(model.error());
  co_return show(app, 200, **model);
}

awaitable<Response> put_model(App& app, Request& request) {
  auto version = parse_version(request.body);
  if (!version) co_return problem(version.error());
  auto start = [&](auto callback) {
    app.models.choose(request.captures.at(0), *version, to_done<Models::ModelPointer>(callback));
  };
  const auto model = co_await await_callback<Result<Models::ModelPointer>>(std::move(start));
  if (!model) co_return problem(model.error());
  co_return show(app, 200, **model);
}

awaitable<Response> get_model_versions(App& app, Request& request) {
  auto start = [&](auto callback) {
    app.models.versions(request.captures.at(0), to_done<std::vector<Models::Version>>(callback));
  };
  const auto versions =
      co_await await_callback<Result<std::vector<Models::Version>>>(std::move(start));
  if (!versions) co_return problem(versions.error());
  json::array shown;
  for (const auto& version : *versions) shown.emplace_back(version_json(version));
  co_return json_response(200, api::to_text(json::object{{"name", request.captures.at(0)},
                                                         {"versions", std::move(shown)}}));
}

awaitable<Response> get_model_file(App& app, Request& request) {
  auto start = [&](auto callback) {
    app.models.file(request.captures.at(0), request.captures.at(1),
                    to_done<Models::Bytes>(callback));
  };
  const auto onnx = co_await await_callback<Result<Models::Bytes>>(std::move(start));
  if (!onnx) co_return problem(onnx.error());
  Response response;
  response.set("Content-Type", "application/octet-stream");
  response.set("Content-Disposition", "attachment; filename=\"model.onnx\"");
  response.body.assign(reinterpret_cast<const char*>(onnx->data()), onnx->size());
  co_return response;
}

}  // namespace longhand::server
