#include <CLI/CLI.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>

#include "cli/command.h"
#include "cli/output.h"

namespace longhand::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  longhand health                       does the server on 127.0.0.1:8080 run?
  longhand health --ready --port 8081   does the one on 8081 take records?

Exit codes: 0 yes, 1 no. It is what a container's health check calls.)";

struct HealthOptions {
  int port = 8080;
  bool ready = false;
  int seconds = 3;
};

int health(const HealthOptions& options) {
  const std::string where = "127.0.0.1:" + std::to_string(options.port);
  boost::asio::ip::tcp::iostream server;
  server.expires_after(std::chrono::seconds(options.seconds));
  server.connect("127.0.0.1", std::to_string(options.port));
  if (!server) {
    return failure(
        {ErrorCode::kUnavailable, "nothing answers on " + where + ": " + server.error().message()});
  }
  server << "GET " << (options.ready ? "/readyz" : "/healthz")
         << " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
         << std::flush;
  std::string version;
  unsigned status = 0;
  server >> version >> status;
  if (!server || !version.starts_with("HTTP/1.")) {
    return failure({ErrorCode::kUnavailable, "what answers on " + where + " is no Longhand"});
  }
  if (status == 200) return kSuccess;
  return failure({ErrorCode::kUnavailable, where + " answers " + std::to_string(status)});
}

}  // namespace

void add_health(CLI::App& program, Run& run) {
  auto options = std::make_shared<HealthOptions>();
  CLI::App& command = *program.add_subcommand("health", "Ask a server of this machine how it is");
  command.footer(kExamples);
  command.add_option("--port", options->port, "Where it listens, on the loopback")
      ->type_name("PORT")
      ->check(CLI::Range(1, 65'535))
      ->capture_default_str();
  command.add_flag("--ready", options->ready,
                   "Ask whether it takes records, not only whether it runs");
  command.add_option("--timeout", options->seconds, "How long to wait")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  command.callback([options, &run] { run = [options] { return health(*options); }; });
}

}  // namespace longhand::cli
