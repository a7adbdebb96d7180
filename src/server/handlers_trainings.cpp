#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json.hpp>

#include "api/json_text.h"
#include "server/await.h"
#include "server/handlers.h"

namespace longhand::server {
namespace {

namespace json = boost::json;
using records::Job;

std::string_view name_of(Job::State state) {
  switch (state) {
    case Job::State::kQueued:
      return "queued";
    case Job::State::kRunning:
      return "running";
    case Job::State::kDone:
      return "done";
    case Job::State::kFailed:
      return "failed";
    case Job::State::kCancelled:
      break;
  }
  return "cancelled";
}

bool has_ended(const Job& job) {
  return job.state != Job::State::kQueued && job.state != Job::State::kRunning;
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

// Without the recipe, which may be long.
json::object summary_json(const Job& job) {
  boost::system::error_code ec;
  json::value progress = json::parse(job.progress, ec);
  if (ec || !progress.is_object()) progress = nullptr;
  json::value model;
  if (progress.is_object()) {
    json::object& last = progress.get_object();
    if (const json::value* const made = last.if_contains("model")) {
      model = *made;
      last.erase("model");
    }
  }
  return {{"id", job.id.to_string()},
          {"state", name_of(job.state)},
          {"created_at", to_rfc3339(job.created_us)},
          {"updated_at", to_rfc3339(job.updated_us)},
          {"worker", text_or_null(job.worker)},
          {"attempts", job.attempts},
          {"progress", std::move(progress)},
          {"model", std::move(model)},
          {"error", text_or_null(job.error)}};
}

Response show(unsigned status, const Job& job) {
  json::object object = summary_json(job);
  object["recipe"] = job.recipe;
  return json_response(status, api::to_text(object));
}

Result<Uuid> parse_id(const Request& request) {
  const auto id = Uuid::parse(request.captures.at(0));
  if (id) return *id;
  return fail(ErrorCode::kNotFound, "there is no training of that id");
}

// The recipe's text, whether it was sent or named.
Result<std::string> parse_recipe(const App& app, std::string_view body) {
  boost::system::error_code ec;
  json::parse_options options;
  options.max_depth = 4;
  const json::value value = json::parse(body, ec, {}, options);
  if (!ec && value.is_object() && value.get_object().size() == 1) {
    const json::value* const name = value.get_object().if_contains("recipe");
    if (name != nullptr && name->is_string()) {
      return app.trainings.recipe(std::string(name->get_string()));
    }
    const json::value* const toml = value.get_object().if_contains("toml");
    if (toml != nullptr && toml->is_string()) return std::string(toml->get_string());
  }
  return fail(ErrorCode::kInvalidArgument,
              "the body must be JSON like {\"recipe\":\"digits\"}, a recipe of the server's, or "
              "{\"toml\":\"...\"}, a recipe's text");
}

awaitable<Result<Job>> find(App& app, Uuid id) {
  auto work = [&app, id] { return app.trainings.get(id); };
  co_return co_await run_on<Result<Job>>(app.trainings.executor(), std::move(work));
}

std::string event_of(const Job& job) {
  return "event: training\ndata: " + api::to_text(summary_json(job)) + "\n\n";
}

// Tells whoever still listens of each change, until the job has ended. It is asked for, since any
// replica may be at it.
awaitable<void> watch(App& app, Uuid id, std::weak_ptr<Subscription> listener, std::string told) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  for (bool ended = false; !ended;) {
    timer.expires_after(std::chrono::seconds(1));
    co_await timer.async_wait(asio::use_awaitable);
    if (listener.expired() || app.draining) co_return;
    const auto job = co_await find(app, id);
    const auto subscription = listener.lock();
    if (!subscription) co_return;
    if (!job) continue;  // the store is away for a moment
    ended = has_ended(*job);
    std::string event = event_of(*job);
    if (event != told) subscription->push(std::make_shared<const std::string>(event));
    told = std::move(event);
    if (ended) subscription->end();
  }
}

}  // namespace

awaitable<Response> post_training(App& app, Request& request) {
  auto recipe = parse_recipe(app, request.body);
  if (!recipe) {
    // "Not found" is what the client asked with, not what it asked for.
    const bool unknown = recipe.error().code == ErrorCode::kNotFound;
    co_return problem(unknown ? ErrorCode::kInvalidArgument : recipe.error().code,
                      recipe.error().message);
  }
  auto work = [&] { return app.trainings.add(std::move(*recipe)); };
  const auto job = co_await run_on<Result<Job>>(app.trainings.executor(), std::move(work));
  if (!job) co_return problem(job.error());
  Response response = show(201, *job);
  response.set("Location", "/api/v1/trainings/" + job->id.to_string());
  co_return response;
}

awaitable<Response> get_trainings(App& app, Request&) {
  auto work = [&app] { return app.trainings.list(); };
  const auto jobs =
      co_await run_on<Result<std::vector<Job>>>(app.trainings.executor(), std::move(work));
  if (!jobs) co_return problem(jobs.error());
  json::array shown;
  for (const Job& job : *jobs) shown.emplace_back(summary_json(job));
  co_return json_response(200, api::to_text(json::object{{"trainings", std::move(shown)}}));
}

awaitable<Response> get_training(App& app, Request& request) {
  const auto id = parse_id(request);
  if (!id) co_return problem(id.error());
  const auto job = co_await find(app, *id);
  if (!job) co_return problem(job.error());
  co_return show(200, *job);
}

awaitable<Response> cancel_training(App& app, Request& request) {
  const auto id = parse_id(request);
  if (!id) co_return problem(id.error());
  auto work = [&app, id = *id] { return app.trainings.cancel(id); };
  const auto job = co_await run_on<Result<Job>>(app.trainings.executor(), std::move(work));
  if (!job) co_return problem(job.error());
  if (job->state != Job::State::kCancelled) {
    co_return problem(ErrorCode::kConflict,
                      "the training has ended already: it is " + std::string(name_of(job->state)));
  }
  co_return show(200, *job);
}

awaitable<Response> get_training_events(App& app, Request& request) {
  const auto id = parse_id(request);
  if (!id) co_return problem(id.error());
  const auto job = co_await find(app, *id);
  if (!job) co_return problem(job.error());
  Response response;
  response.events = std::make_shared<Subscription>(request.viewer);
  const std::string first = event_of(*job);
  response.events->push(std::make_shared<const std::string>(first));
  if (has_ended(*job)) {
    response.events->end();
  } else {
    // Both named: GCC 12 destroys such temporaries of a co_await twice.
    const auto executor = co_await asio::this_coro::executor;
    auto watching = [&app, id = *id, listener = std::weak_ptr(response.events), first] {
      return watch(app, id, listener, first);
    };
    asio::co_spawn(executor, std::move(watching), asio::detached);
  }
  response.set("Content-Type", "text/event-stream").set("Cache-Control", "no-store");
  response.set("X-Accel-Buffering", "no");
  response.close = true;
  co_return response;
}

}  // namespace longhand::server
