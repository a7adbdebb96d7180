#include <boost/json.hpp>
#include <charconv>
#include <set>

#include "api/json_text.h"
#include "api/reading_json.h"
#include "recognizer/card.h"
#include "server/handlers.h"

namespace longhand::server {
namespace {

namespace json = boost::json;

Result<std::size_t> parse_limit(const std::string& text) {
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > 200) {
    return fail(ErrorCode::kInvalidArgument, "the parameter limit must be a number from 1 to 200");
  }
  return limit;
}

Result<std::optional<std::int64_t>> parse_time(const Request& request, std::string_view name) {
  const auto text = request.query.get(name);
  if (!text) return std::nullopt;
  auto time = parse_rfc3339(*text);
  // "+02:00" that was not percent-encoded came as " 02:00".
  if (!time && text->find(' ') != std::string::npos) {
    std::string plus = *text;
    plus[plus.rfind(' ')] = '+';
    time = parse_rfc3339(plus);
  }
  if (time) return time;
  return fail(ErrorCode::kInvalidArgument,
              "the parameter " + std::string(name) + " must be a time like 2026-11-23T20:46:00Z");
}

Result<records::Query> parse_query(const Request& request) {
  records::Query query;
  query.viewer = request.viewer;
  if (const auto cursor = request.query.get("cursor")) {
    query.before = Uuid::parse(*cursor);
    if (!query.before) {
      return fail(ErrorCode::kInvalidArgument,
                  "the parameter cursor must be the \"next\" of the page before");
    }
  }
  const auto since = parse_time(request, "since");
  if (!since) return tl::unexpected(since.error());
  const auto until = parse_time(request, "until");
  if (!until) return tl::unexpected(until.error());
  query.since_us = *since;
  query.until_us = *until;
  query.text = request.query.get("text");
  query.alphabet = request.query.get("alphabet");
  if (request.query.has("corrected")) {
    const auto corrected = request.query.flag("corrected", false);
    if (!corrected) return tl::unexpected(corrected.error());
    query.corrected = *corrected;
  }
  if (const auto limit = request.query.get("limit")) {
    const auto parsed = parse_limit(*limit);
    if (!parsed) return tl::unexpected(parsed.error());
    query.limit = *parsed;
  }
  return query;
}

// An alphabet that no model has and no record of the viewer's is a slip of the pen. What a model
// that is gone has read can still be asked for.
awaitable<std::optional<Error>> check_alphabet(App& app, const records::Query& asked) {
  const auto builtin = recognizer::builtin_alphabet(clean_text(*asked.alphabet, 40));
  if (builtin) co_return std::nullopt;
  Error unknown = builtin.error();
  const Models::Snapshot registry = app.models.current();
  std::set<std::string> others;
  for (const auto& model : registry->models()) {
    const std::string& name = model->card().alphabet_name;
    if (name == *asked.alphabet) co_return std::nullopt;
    if (!recognizer::builtin_alphabet(name)) others.insert(name);
  }
  for (const std::string& name : others) unknown.message += ", " + name;
  records::Query query{.viewer = asked.viewer};
  query.alphabet = asked.alphabet;
  query.limit = 1;
  const auto page = co_await app.service.list(query);
  if (!page) co_return page.error();
  if (!page->records.empty() || page->next) co_return std::nullopt;
  co_return unknown;
}

}  // namespace

awaitable<Response> list_recognitions(App& app, Request& request) {
  const auto query = parse_query(request);
  if (!query) co_return problem(query.error());
  const auto page = co_await app.service.list(*query);
  if (!page) co_return problem(page.error());
  if (query->alphabet && page->records.empty()) {
    const auto unknown = co_await check_alphabet(app, *query);
    if (unknown) co_return problem(*unknown);
  }
  json::array recognitions;
  for (const auto& summary : page->records) {
    recognitions.emplace_back(api::recognition_json(summary, records::Stored::kDurable));
  }
  json::object object{{"recognitions", std::move(recognitions)},
                      {"next", page->next ? json::value(page->next->to_string()) : nullptr}};
  co_return json_response(200, api::to_text(object));
}

}  // namespace longhand::server
