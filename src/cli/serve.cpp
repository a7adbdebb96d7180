#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "cli/choose_model.h"
#include "cli/command.h"
#include "cli/default_store.h"
#include "cli/output.h"
#include "cli/picture_limits.h"
#include "data/dataset.h"
#include "records/store.h"
#include "server/server.h"

namespace longhand::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  longhand serve                                on http://127.0.0.1:8080
  longhand serve --listen 0.0.0.0:80 --store sqlite:/var/lib/longhand/longhand.db
  longhand serve --operator-token-file token    who knows the token sees all records
  longhand serve --store "cassandra://10.0.0.1,10.0.0.2/longhand"    a cluster's

  longhand serve --redis redis://10.0.0.5 --rate-limit 20 --new-owners 60

The environment may say it too: LONGHAND_STORE, LONGHAND_MODELS, LONGHAND_REDIS,
LONGHAND_REDIS_PASSWORD, LONGHAND_OPERATOR_TOKEN; Cassandra's user and password
only in the environment, LONGHAND_CASSANDRA_USER and LONGHAND_CASSANDRA_PASSWORD,
or in a file. Ctrl-C or SIGTERM answers what is under way, then ends.)";

struct ServeCommand {
  server::ServeOptions options;
  std::string models, token_file;
  std::string recipes, trainings;
  int keep_trainings = 30;
  std::string redis, redis_password_file;
  std::vector<std::string> proxies;
  double rate_limit = 0;
  double new_owners = 0;
  int shutdown_delay = 0;
  std::string log_level = "info";
};

// A secret from the first line of a file or, where none is named, from the environment; "" where
// neither is.
Result<std::string> read_secret(const std::string& file, const char* variable, const char* what) {
  if (file.empty()) {
    const char* const secret = std::getenv(variable);
    return std::string(secret == nullptr ? "" : secret);
  }
  constexpr std::size_t kLongest = 4096;
  const auto bytes = data::read_file(file, kLongest);
  if (!bytes) return tl::unexpected(bytes.error());
  std::string secret(bytes->begin(), bytes->end());
  secret.erase(std::min(secret.find_first_of("\r\n"), secret.size()));
  if (secret.empty())
    return fail(ErrorCode::kInvalidArgument, file + " is empty: " + what + " belongs there");
  return secret;
}

Result<void> read_redis(ServeCommand& command) {
  if (command.redis.empty()) return {};
  auto address = cluster::parse_redis_url(command.redis);
  if (!address) return tl::unexpected(address.error());
  auto password =
      read_secret(command.redis_password_file, "LONGHAND_REDIS_PASSWORD", "the password of Redis");
  if (!password) return tl::unexpected(password.error());
  if (!password->empty()) address->password = std::move(*password);
  command.options.redis = std::move(*address);
  return {};
}

Result<void> read_proxies(ServeCommand& command) {
  for (const std::string& text : command.proxies) {
    const auto network = server::Network::parse(text);
    if (!network) {
      return fail(ErrorCode::kInvalidArgument,
                  "--trusted-proxy: \"" + text +
                      "\" is no network; one looks like 10.0.0.0/8, fd00::/8 or 192.0.2.7");
    }
    command.options.proxies.push_back(*network);
  }
  return {};
}

// Trainings run where their folder is and the trainer was built.
Result<void> read_trainings(ServeCommand& command) {
  command.options.keep_trainings = std::chrono::days(command.keep_trainings);
  if (command.trainings.empty()) return {};
  std::error_code error;
  command.options.trainings = std::filesystem::absolute(command.trainings, error);
  if (error || !std::filesystem::is_directory(command.options.trainings, error)) {
    return fail(ErrorCode::kNotFound, "--trainings: there is no folder " + command.trainings);
  }
  command.options.trainer = program_folder() / "longhand-train";
  if (!std::filesystem::exists(command.options.trainer, error)) {
    return fail(ErrorCode::kNotFound, "--trainings needs the trainer, and there is no " +
                                          command.options.trainer.string() +
                                          "; script/build makes it");
  }
  return {};
}

// A burst of five seconds' worth is no misuse, nor is a minute's new owners at once.
void read_rates(ServeCommand& command) {
  constexpr double kBurstSeconds = 5;
  command.options.rates.owner = {command.rate_limit,
                                 std::max(1.0, kBurstSeconds * command.rate_limit)};
  command.options.rates.newcomers = {command.new_owners / 60, std::max(1.0, command.new_owners)};
}

// What makes no sense is said before anything is loaded.
Result<void> check_options(const server::ServeOptions& options) {
  if (auto listen = server::check_listen(options.listen); !listen) return listen;
  return records::check_store_url(options.store);
}

int serve(ServeCommand command) {
  auto token = read_secret(command.token_file, "LONGHAND_OPERATOR_TOKEN", "the operator's token");
  if (!token) return failure(token.error());
  command.options.operator_token = std::move(*token);
  if (auto read = read_redis(command); !read) return usage_error(read.error().message);
  if (auto read = read_proxies(command); !read) return usage_error(read.error().message);
  read_rates(command);
  command.options.shutdown_delay = std::chrono::seconds(command.shutdown_delay);
  if (command.options.store.empty()) {
    auto store = default_store();
    if (!store) return usage_error(store.error().message);
    command.options.store = std::move(*store);
  }
  if (auto checked = check_options(command.options); !checked) {
    const Error& error = checked.error();
    return error.code == ErrorCode::kInvalidArgument ? usage_error(error.message) : failure(error);
  }
  command.options.models =
      command.models.empty() ? models_folder() : std::filesystem::path(command.models);
  command.options.recipes =
      command.recipes.empty() ? recipes_folder() : std::filesystem::path(command.recipes);
  if (auto read = read_trainings(command); !read) return failure(read.error());
  command.options.on_ready = [](const std::string& url) { print("Longhand is at " + url); };

  auto logger = std::make_shared<spdlog::logger>("longhand",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_level(spdlog::level::from_str(command.log_level));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  const auto served = server::run(command.options, logger);
  return served ? kSuccess : failure(served.error());
}

void add_proxy_options(CLI::App& app, ServeCommand& command) {
  app.add_flag("--trust-proxy", command.options.trust_proxy,
               "Believe anybody's X-Forwarded-Proto and X-Forwarded-Host");
  app.add_option("--trusted-proxy", command.proxies,
                 "Proxy, or network of them, that is believed in those and in X-Forwarded-For; may "
                 "be repeated")
      ->type_name("CIDR")
      ->envname("LONGHAND_TRUSTED_PROXY")
      ->delimiter(',');
  app.add_flag("--hidden-addresses", command.options.hidden_addresses,
               "Clients' addresses can't be known: new owners share one limit");
}

void add_training_options(CLI::App& app, ServeCommand& command) {
  app.add_option("--trainings", command.trainings,
                 "Run the trainings that wait, in this folder: recipes' paths are relative to it, "
                 "and what comes out is in its folder trainings/")
      ->type_name("DIR");
  app.add_option("--keep-trainings", command.keep_trainings,
                 "Days that a training's folder stays after its end, with report and log; its "
                 "checkpoint goes at once, unless it failed. 0: all stays for ever")
      ->type_name("DAYS")
      ->check(CLI::Range(0, 36'500))
      ->capture_default_str();
  app.add_option("--recipes", command.recipes,
                 "Folder of the recipes that trainings may name, instead of the installed ones")
      ->type_name("DIR");
}

void add_shared_options(CLI::App& app, ServeCommand& command) {
  app.add_option("--redis", command.redis,
                 "Redis that replicas share limits, events and models through")
      ->type_name("redis://[:PASSWORD@]HOST[:PORT][/DB]")
      ->envname("LONGHAND_REDIS");
  app.add_option("--redis-password-file", command.redis_password_file,
                 "File that holds the password of Redis")
      ->type_name("FILE");
  app.add_option("--rate-limit", command.rate_limit,
                 "Requests a second that make work, of one owner; 0: as many as come")
      ->type_name("N")
      ->envname("LONGHAND_RATE_LIMIT")
      ->check(CLI::Range(0.0, 1e6));
  app.add_option("--new-owners", command.new_owners,
                 "New owners a minute from one address; 0: as many as come")
      ->type_name("N")
      ->envname("LONGHAND_NEW_OWNERS")
      ->check(CLI::Range(0.0, 1e6));
}

}  // namespace

void add_serve(CLI::App& program, Run& run) {
  auto command = std::make_shared<ServeCommand>();
  server::ServeOptions& options = command->options;
  CLI::App& app = *program.add_subcommand("serve", "Serve the page and the HTTP API");
  app.footer(kExamples);
  app.add_option("--listen", options.listen, "Where connections are taken; port 0 takes a free one")
      ->type_name("ADDRESS:PORT")
      ->capture_default_str();
  app.add_option("--store", options.store,
                 "Where the records are kept: sqlite:PATH ($XDG_DATA_HOME/longhand/longhand.db) or "
                 "cassandra://HOST,.../KEYSPACE")
      ->type_name("URL");
  app.add_option("--models", command->models, "Folder of models, instead of the installed ones")
      ->type_name("DIR");
  app.add_option("--operator-token-file", command->token_file,
                 "File that holds the operator's token")
      ->type_name("FILE");
  app.add_option("--threads", options.threads, "Threads of input and output (as many as cores)")
      ->type_name("N")
      ->envname("LONGHAND_THREADS")
      ->check(CLI::Range(1, 256));
  add_picture_limits(app, options.limits.pictures);
  add_training_options(app, *command);
  add_proxy_options(app, *command);
  add_shared_options(app, *command);
  app.add_option(
         "--shutdown-delay", command->shutdown_delay,
         "Seconds in which requests are still taken after SIGTERM, though /readyz says no: so "
         "long a balancer may take to notice")
      ->type_name("SECONDS")
      ->check(CLI::Range(0, 600));
  app.add_option("--log-level", command->log_level, "What is logged to stderr")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->capture_default_str();
  app.callback([command, &run] { run = [command] { return serve(*command); }; });
}

}  // namespace longhand::cli
