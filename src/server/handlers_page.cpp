#include <boost/json.hpp>

#include "api/data_url.h"
#include "api/json_text.h"
#include "api/problem.h"
#include "api/reading_json.h"
#include "base/html.h"
#include "server/assets.h"
#include "server/handlers.h"

namespace longhand::server {
namespace {

constexpr std::string_view kMarker = "<!--longhand:reading-->";

constexpr std::string_view kNoPage =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Longhand</title>"
    "</head>\n<body>\n<h1>Longhand</h1>\n<!--longhand:reading-->\n"
    "<p>The page was not built into this server: run <code>script/build</code>, which builds "
    "<code>web/dist</code> first, or <code>npm ci &amp;&amp; npm run build</code> in "
    "<code>web/</code> and then the server again.</p>\n"
    "<p>The API is there: see <a href=\"/openapi.json\">/openapi.json</a>.</p>\n</body>\n</html>\n";

std::string_view index_html() {
  const Asset* const index = find_page_asset("/index.html");
  return index == nullptr ? kNoPage : index->plain;
}

// The page with `reading` where its marker stands; before the end of the body if it has none.
std::string page_with(std::string_view reading) {
  std::string html(index_html());
  const std::size_t marker = html.find(kMarker);
  if (marker != std::string::npos) {
    html.replace(marker, kMarker.size(), reading);
  } else {
    html.insert(std::min(html.rfind("</body>"), html.size()), reading);
  }
  return html;
}

std::string reading_html(const Recognition& recognition) {
  const recognizer::Reading& reading = recognition.summary.reading;
  const auto object = api::recognition_json(recognition.summary, recognition.stored);
  std::string html = "<section id=\"reading\" data-recognition=\"" +
                     escape_html(api::to_text(object)) + "\"><img id=\"picture\" alt=\"\" src=\"" +
                     escape_html(std::string_view(object.at("picture").as_string())) + "\">";
  if (!reading.rejected) {
    return html + "<output id=\"result\">" + escape_html(reading.text) + "</output></section>";
  }
  return html + "<output id=\"result\" class=\"rejected\">" +
         (reading.glyphs.empty() ? "nothing written" : "not sure") + "</output></section>";
}

std::string error_html(const Error& error) {
  return "<section id=\"reading\"><output id=\"result\" class=\"error\">" +
         escape_html(error.message) + "</output></section>";
}

// Whether the client takes a coding; q=0 is a no.
bool accepts(std::string_view header, std::string_view coding) {
  for (std::size_t at = header.find(coding); at != std::string_view::npos;
       at = header.find(coding, at + 1)) {
    const std::string_view rest = header.substr(at + coding.size());
    const std::string_view item = rest.substr(0, std::min(rest.find(','), rest.size()));
    const bool refused = item.find("q=0") != std::string_view::npos &&
                         item.find_first_of("123456789") == std::string_view::npos;
    return !refused;
  }
  return false;
}

Response send(const Asset& asset, const Request& request) {
  Response response;
  response.set("ETag", std::string(asset.etag)).set("Vary", "Accept-Encoding");
  response.set("Cache-Control",
               asset.immutable ? "public, max-age=31536000, immutable" : "private, no-cache");
  // Codings share one tag: it names what is in the file, not how it travels, so it is a weak one.
  if (request.header("if-none-match").find(asset.etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.set("Content-Type", std::string(asset.media_type));
  const std::string_view codings = request.header("accept-encoding");
  if (!asset.brotli.empty() && accepts(codings, "br")) {
    response.set("Content-Encoding", "br");
    response.fixed_body = asset.brotli;
  } else if (!asset.gzip.empty() && accepts(codings, "gzip")) {
    response.set("Content-Encoding", "gzip");
    response.fixed_body = asset.gzip;
  } else {
    response.fixed_body = asset.plain;
  }
  return response;
}

void set_cookie(const App& app, const Request& request, Response& response) {
  if (!request.new_token.empty()) response.set("Set-Cookie", app.identity.cookie(request));
}

// A page elsewhere may link here, but an <img> or fetch of its must not leave records behind.
bool is_embedded_elsewhere(const Request& request) {
  return request.header("sec-fetch-site") == "cross-site" &&
         request.header("sec-fetch-mode") != "navigate";
}

awaitable<Response> answer_picture(App& app, Request& request, std::string text) {
  Response response = html_response(200, "");
  response.set("Cache-Control", "no-store");
  std::optional<Error> error;
  auto url = api::parse_data_url(text);
  if (!url) {
    error = url.error();
  } else if (request.method == Method::kHead) {
    co_return response;  // HEAD is safe: it records nothing
  } else {
    api::RecognitionRequest asked;
    asked.picture = std::move(*url);
    asked.alphabet = request.query.get_or("alphabet", "");
    asked.model = request.query.get_or("model", "");
    asked.name = clean_name(request.query.get_or("name", ""));
    const auto recognition =
        co_await app.service.recognize(std::move(asked), request.viewer.owner, true);
    if (recognition) {
      response.body = page_with(reading_html(*recognition));
      response.set("Server-Timing", server_timing(recognition->timings));
      set_cookie(app, request, response);
      co_return response;
    }
    error = recognition.error();
  }
  response.status = api::http_status(error->code);
  response.body = page_with(error_html(*error));
  co_return response;
}

}  // namespace

const Asset* find_page_asset(std::string_view path) {
  for (const Asset& asset : page_assets()) {
    if (asset.path == path) return &asset;
  }
  return nullptr;
}

awaitable<Response> get_index(App& app, Request& request) {
  if (auto picture = request.query.get("pic")) {
    if (is_embedded_elsewhere(request)) {
      co_return problem(403, "foreign_origin", "Another site's page asks",
                        "a page of another site can't have pictures recognised here");
    }
    co_return co_await answer_picture(app, request, std::move(*picture));
  }
  Response response;
  if (const Asset* const index = find_page_asset("/index.html")) {
    response = send(*index, request);
  } else {
    response = html_response(200, std::string(kNoPage));
    response.set("Cache-Control", "no-store");
  }
  set_cookie(app, request, response);
  co_return response;
}

awaitable<Response> redirect_file(App&, Request& request) {
  auto picture = request.query.get("imgdata");
  if (!picture && request.method == Method::kPost) {
    picture = QueryParams::parse(request.body).get("imgdata");
  }
  if (!picture) {
    co_return problem(ErrorCode::kInvalidArgument,
                      "imgdata is missing; it is a data URL, in the query or in a form");
  }
  for (char& c : *picture) c = c == ' ' ? '+' : c;
  Response response = empty_response(303);
  response.set("Location", "/?pic=" + encode_url(*picture)).set("Cache-Control", "no-store");
  co_return response;
}

awaitable<Response> get_page_file(App&, Request& request) {
  const Asset* const asset = find_page_asset(request.captures.at(0));
  if (asset == nullptr) {
    co_return problem(ErrorCode::kNotFound, "there is nothing at this path");
  }
  co_return send(*asset, request);
}

}  // namespace longhand::server
