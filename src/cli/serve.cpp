#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "cli/choose_model.h"
#include "cli/command.h"
#include "cli/default_store.h"
#include "cli/output.h"
#include "data/dataset.h"
#include "server/server.h"

namespace longhand::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  longhand serve                                on http://127.0.0.1:8080
  longhand serve --listen 0.0.0.0:80 --store sqlite:/var/lib/longhand/longhand.db
  longhand serve --operator-token-file token    who knows the token sees all records

The environment may say it too: LONGHAND_STORE, LONGHAND_MODELS,
LONGHAND_OPERATOR_TOKEN. Ctrl-C or SIGTERM answers what is under way, then ends.)";

struct ServeCommand {
  server::ServeOptions options;
  std::string models, token_file;
  std::string log_level = "info";
};

// The token's file holds it on its first line.
Result<std::string> operator_token(const std::string& file) {
  if (file.empty()) {
    const char* const token = std::getenv("LONGHAND_OPERATOR_TOKEN");
    return std::string(token == nullptr ? "" : token);
  }
  constexpr std::size_t kLongest = 4096;
  const auto bytes = data::read_file(file, kLongest);
  if (!bytes) return tl::unexpected(bytes.error());
  std::string token(bytes->begin(), bytes->end());
  token.erase(std::min(token.find_first_of("\r\n"), token.size()));
  if (token.empty())
    return fail(ErrorCode::kInvalidArgument,
                file + " is empty: the operator's token belongs there");
  return token;
}

int serve(ServeCommand command) {
  auto token = operator_token(command.token_file);
  if (!token) return failure(token.error());
  command.options.operator_token = std::move(*token);
  if (command.options.store.empty()) {
    auto store = default_store();
    if (!store) return usage_error(store.error().message);
    command.options.store = std::move(*store);
  }
  command.options.models =
      command.models.empty() ? models_folder() : std::filesystem::path(command.models);
  command.options.on_ready = [](const std::string& url) { print("Longhand is at " + url); };

  auto logger = std::make_shared<spdlog::logger>("longhand",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_level(spdlog::level::from_str(command.log_level));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  const auto served = server::run(command.options, logger);
  return served ? kSuccess : failure(served.error());
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
                 "Where the records are kept ($XDG_DATA_HOME/longhand/longhand.db)")
      ->type_name("sqlite:PATH");
  app.add_option("--models", command->models, "Folder of models, instead of the installed ones")
      ->type_name("DIR");
  app.add_option("--operator-token-file", command->token_file,
                 "File that holds the operator's token")
      ->type_name("FILE");
  app.add_option("--threads", options.threads, "Threads of input and output (as many as cores)")
      ->type_name("N")
      ->envname("LONGHAND_THREADS")
      ->check(CLI::Range(1, 256));
  app.add_flag("--trust-proxy", options.trust_proxy,
               "Believe the X-Forwarded-Proto of a proxy in front");
  app.add_option("--log-level", command->log_level, "What is logged to stderr")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->capture_default_str();
  app.callback([command, &run] { run = [command] { return serve(*command); }; });
}

}  // namespace longhand::cli
