#include <boost/json.hpp>

#include "api/json_text.h"
#include "api/problem.h"
#include "api/reading_json.h"
#include "api/recognition_request.h"
#include "api/text.h"
#include "server/handlers.h"
#include "server/multipart.h"

namespace longhand::server {
namespace {

namespace json = boost::json;

// What the query says of a recognition, whatever form its body has.
struct Wishes {
  bool keep = true;
  bool normalized = false;
};

Result<Wishes> wishes(const Request& request) {
  const auto keep = request.query.flag("keep", true);
  if (!keep) return tl::unexpected(keep.error());
  const auto normalized = request.query.flag("normalized", false);
  if (!normalized) return tl::unexpected(normalized.error());
  return Wishes{*keep, *normalized};
}

std::vector<std::byte> to_bytes(std::string_view text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

// The media type of a Content-Type, in lower case and without parameters.
std::string media_type(std::string_view header) {
  std::string type = api::to_lower(header.substr(0, std::min(header.find(';'), header.size())));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  return type;
}

// No kind of picture begins so.
bool looks_like_json(std::string_view body) {
  const std::size_t begin = body.find_first_not_of(" \t\r\n");
  return begin != std::string_view::npos && body[begin] == '{';
}

// What stands in the query goes for what the body does not say.
void fill_from_query(api::RecognitionRequest& asked, const Request& request) {
  const auto fill = [&](std::string& member, std::string_view name) {
    if (member.empty()) member = request.query.get_or(name, "");
  };
  fill(asked.alphabet, "alphabet");
  fill(asked.model, "model");
  fill(asked.mode, "mode");
  fill(asked.pattern, "pattern");
  fill(asked.name, "name");
  asked.name = clean_name(asked.name);
}

Result<std::vector<api::RecognitionRequest>> read_multipart(const Request& request,
                                                            std::string_view content_type,
                                                            std::size_t max_files) {
  const auto boundary = multipart_boundary(content_type);
  if (!boundary) return tl::unexpected(boundary.error());
  auto parts = parse_multipart(request.body, *boundary, {.max_parts = max_files + 8});
  if (!parts) return tl::unexpected(parts.error());
  api::RecognitionRequest common;
  std::vector<api::RecognitionRequest> asked;
  for (const Part& part : *parts) {
    if (part.has_filename || part.content_type.starts_with("image/")) {
      // What a browser sends for a file field that was left empty.
      if (part.filename.empty() && part.data.empty()) continue;
      api::RecognitionRequest one;
      one.picture = api::DataUrl{part.content_type, to_bytes(part.data)};
      one.name = part.filename;
      asked.push_back(std::move(one));
    } else if (part.name == "alphabet") {
      common.alphabet = part.data;
    } else if (part.name == "model") {
      common.model = part.data;
    } else if (part.name == "mode") {
      common.mode = part.data;
    } else if (part.name == "pattern") {
      common.pattern = part.data;
    } else if (part.name == "name") {
      common.name = part.data;
    } else {
      return fail(ErrorCode::kInvalidArgument,
                  "the form has a field \"" + clean_text(part.name, 40) +
                      "\"; what is taken is files, alphabet, model, mode, pattern and name");
    }
  }
  if (asked.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "the form has no file; send each as a part with a filename");
  }
  if (asked.size() > max_files) {
    return fail(ErrorCode::kTooLarge,
                "the form has more than " + std::to_string(max_files) + " files");
  }
  for (auto& one : asked) {
    one.alphabet = common.alphabet;
    one.model = common.model;
    one.mode = common.mode;
    one.pattern = common.pattern;
    if (!common.name.empty()) one.name = common.name;
  }
  return asked;
}

Result<std::vector<api::RecognitionRequest>> read_requests(const App& app, Request& request) {
  const std::string_view content_type = request.header("content-type");
  const std::string type = media_type(content_type);
  if (request.body.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "the body is empty; send a picture's bytes, a multipart form with files, or JSON "
                "with image or strokes");
  }
  std::vector<api::RecognitionRequest> asked;
  if (type == "multipart/form-data") {
    auto files = read_multipart(request, content_type, app.options.limits.files);
    if (!files) return files;
    asked = std::move(*files);
  } else if (type == "application/json") {
    auto one = api::parse_recognition_request(request.body);
    if (!one) return tl::unexpected(one.error());
    asked.push_back(std::move(*one));
  } else if (type.empty() || type.starts_with("image/") || type == "application/octet-stream" ||
             type == "application/x-www-form-urlencoded") {
    if (looks_like_json(request.body)) {
      return fail(ErrorCode::kUnsupportedImage,
                  "the body looks like JSON and not like a picture; send JSON with the header "
                  "\"Content-Type: application/json\"");
    }
    // The last is what curl --data-binary says when it is not told otherwise.
    asked.emplace_back().picture = api::DataUrl{type, to_bytes(request.body)};
  } else {
    return fail(ErrorCode::kUnsupportedImage,
                "the Content-Type " + clean_text(type, 60) +
                    " is not taken; send image/* or application/octet-stream, multipart/form-data "
                    "or application/json");
  }
  std::string().swap(request.body);  // a large one is not kept twice while it is read
  for (auto& one : asked) fill_from_query(one, request);
  return asked;
}

json::object to_json(const Recognition& recognition, const Wishes& wish) {
  const api::ReadingForm form{.normalized = wish.normalized};
  if (wish.keep) return api::recognition_json(recognition.summary, recognition.stored, form);
  json::object object = api::reading_json(recognition.summary.reading, form);
  object["name"] = recognition.summary.name;
  object["mode"] = recognition.summary.mode;
  return object;
}

void set_cookie(const App& app, const Request& request, Response& response) {
  if (!request.new_token.empty()) response.set("Set-Cookie", app.identity.cookie(request));
}

awaitable<Response> create_one(App& app, Request& request, api::RecognitionRequest asked,
                               Wishes wish) {
  auto recognition =
      co_await app.service.recognize(std::move(asked), request.viewer.owner, wish.keep);
  if (!recognition) co_return problem(recognition.error());
  Response response =
      json_response(wish.keep ? 201 : 200, api::to_text(to_json(*recognition, wish)));
  response.set("Server-Timing", server_timing(recognition->timings));
  if (wish.keep) {
    response.set("Location", "/api/v1/recognitions/" + recognition->summary.id.to_string());
    set_cookie(app, request, response);
  }
  co_return response;
}

awaitable<Response> create_several(App& app, Request& request,
                                   std::vector<api::RecognitionRequest> asked, Wishes wish) {
  json::array answers;
  Timings total;
  std::optional<Error> failure;  // of the server's own making
  bool any = false;
  for (auto& one : asked) {
    const std::string name = one.name;
    auto recognition =
        co_await app.service.recognize(std::move(one), request.viewer.owner, wish.keep);
    if (!recognition) {
      if (api::http_status(recognition.error().code) >= 500) failure = recognition.error();
      answers.emplace_back(
          json::object{{"name", name}, {"error", api::error_json(recognition.error())}});
      continue;
    }
    any = true;
    total.decode += recognition->timings.decode;
    total.ink += recognition->timings.ink;
    total.net += recognition->timings.net;
    total.store += recognition->timings.store;
    answers.emplace_back(to_json(*recognition, wish));
  }
  if (!any && failure) co_return problem(*failure);
  Response response = json_response(
      wish.keep ? 201 : 200, api::to_text(json::object{{"recognitions", std::move(answers)}}));
  response.set("Server-Timing", server_timing(total));
  if (wish.keep) set_cookie(app, request, response);
  co_return response;
}

Result<Uuid> parse_id(const Request& request) {
  const auto id = Uuid::parse(request.captures.at(0));
  if (id) return *id;
  return fail(ErrorCode::kNotFound, "there is no recognition of that id");
}

Result<std::string> parse_label(std::string_view body) {
  constexpr std::size_t kMaxLabel = 1'000;
  boost::system::error_code ec;
  json::parse_options options;
  options.max_depth = 4;
  const json::value value = json::parse(body, ec, {}, options);
  const json::value* text = !ec && value.is_object() && value.get_object().size() == 1
                                ? value.get_object().if_contains("text")
                                : nullptr;
  if (text == nullptr || !text->is_string()) {
    return fail(ErrorCode::kInvalidArgument, "the body must be JSON like {\"text\":\"7\"}");
  }
  const std::string label(text->get_string());
  // A page has lines.
  if (label.empty() || label.size() > kMaxLabel || has_control(label, "\n")) {
    return fail(
        ErrorCode::kInvalidArgument,
        "the text of a correction must have 1 to 1000 bytes and no control characters but \\n");
  }
  return label;
}

Response show(const Result<records::Summary>& summary, bool normalized = false) {
  if (!summary) return problem(summary.error());
  return json_response(200, api::to_text(api::recognition_json(*summary, records::Stored::kDurable,
                                                               {.normalized = normalized})));
}

}  // namespace

awaitable<Response> create_recognition(App& app, Request& request) {
  const auto wish = wishes(request);
  if (!wish) co_return problem(wish.error());
  auto asked = read_requests(app, request);
  if (!asked) co_return problem(asked.error());
  if (asked->size() == 1) {
    co_return co_await create_one(app, request, std::move(asked->front()), *wish);
  }
  co_return co_await create_several(app, request, std::move(*asked), *wish);
}

awaitable<Response> get_recognition(App& app, Request& request) {
  const auto id = parse_id(request);
  if (!id) co_return problem(id.error());
  const auto normalized = request.query.flag("normalized", false);
  if (!normalized) co_return problem(normalized.error());
  if (*normalized) {
    const auto summary = co_await app.service.get_normalized(*id, request.viewer);
    co_return show(summary, true);
  }
  const auto summary = co_await app.service.get(*id, request.viewer);
  co_return show(summary);
}

awaitable<Response> get_picture(App& app, Request& request) {
  const auto id = parse_id(request);
  if (!id) co_return problem(id.error());
  auto picture = co_await app.service.picture(*id, request.viewer);
  if (!picture) co_return problem(picture.error());
  // A picture never changes, but it may be deleted, so that its owner is always asked for.
  const std::string tag = "\"" + id->to_string() + "\"";
  Response response;
  response.set("ETag", tag).set("Cache-Control", "private, no-cache");
  if (request.header("if-none-match") == tag) {
    response.status = 304;
    co_return response;
  }
  response.set("Content-Type", picture->media_type);
  response.set("Content-Disposition", "inline");
  response.set("Content-Security-Policy", "default-src 'none'; sandbox");
  response.body.assign(reinterpret_cast<const char*>(picture->bytes.data()), picture->bytes.size());
  co_return response;
}

awaitable<Response> put_label(App& app, Request& request) {
  const auto id = parse_id(request);
  if (!id) co_return problem(id.error());
  auto label = parse_label(request.body);
  if (!label) co_return problem(label.error());
  const auto summary = co_await app.service.set_label(*id, request.viewer, std::move(*label));
  co_return show(summary);
}

awaitable<Response> delete_label(App& app, Request& request) {
  const auto id = parse_id(request);
  if (!id) co_return problem(id.error());
  const auto summary = co_await app.service.set_label(*id, request.viewer, std::nullopt);
  co_return show(summary);
}

awaitable<Response> delete_recognition(App& app, Request& request) {
  const auto id = parse_id(request);
  if (!id) co_return problem(id.error());
  const auto removed = co_await app.service.remove(*id, request.viewer);
  if (!removed) co_return problem(removed.error());
  co_return empty_response(204);
}

awaitable<Response> get_events(App& app, Request& request) {
  Response response;
  response.events = app.feed.subscribe(request.viewer);
  if (!response.events) {
    co_return problem(ErrorCode::kBusy, "too many listeners; the limit is " +
                                            std::to_string(app.options.limits.listeners));
  }
  response.set("Content-Type", "text/event-stream").set("Cache-Control", "no-store");
  response.set("X-Accel-Buffering", "no");
  set_cookie(app, request, response);
  response.close = true;
  co_return response;
}

}  // namespace longhand::server
