#include <CLI/CLI.hpp>
#include <exception>

#include "cli/command.h"
#include "cli/output.h"

namespace longhand::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  longhand serve                            the page and the API on http://127.0.0.1:8080
  longhand recognize seven.png              what it reads
  longhand recognize --json *.png           one JSON object a line
  longhand evaluate --images t10k-images-idx3-ubyte --labels t10k-labels-idx1-ubyte
  longhand records export > records.ndjson

Exit codes: 0 done, 1 failed, 2 wrong usage.)";

// "longhand records list", as far as it was understood.
std::string called(const CLI::App& app) {
  const auto given = app.get_subcommands();
  return given.empty() ? app.get_name() : app.get_name() + " " + called(*given.front());
}

const CLI::App& last_called(const CLI::App& app) {
  const auto given = app.get_subcommands();
  return given.empty() ? app : last_called(*given.front());
}

// Where a subcommand is missing or is none, which there are.
std::string explain(const CLI::App& program, const CLI::ParseError& error) {
  const CLI::App& app = last_called(program);
  std::string known;
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; })) {
    known += (known.empty() ? "" : ", ") + one->get_name();
  }
  if (known.empty()) return error.what();
  for (const std::string& word : app.remaining()) {
    if (word.starts_with('-')) continue;
    return "\"" + word + "\" is no subcommand of " + called(program) + "; there are: " + known;
  }
  const bool missing = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
  return missing ? std::string(error.what()) + "; there are: " + known : error.what();
}

int parse_and_run(int argc, char** argv) {
  CLI::App program{"Longhand reads handwriting on your own machine.", "longhand"};
  program.set_version_flag("--version", "longhand " LONGHAND_VERSION);
  program.require_subcommand(0, 1);  // none is said below, in better words
  program.footer(kExamples);
  program.get_formatter()->column_width(34);
  Run run;
  add_serve(program, run);
  add_health(program, run);
  add_recognize(program, run);
  add_evaluate(program, run);
  add_train(program, run);
  add_records(program, run);
  add_model(program, run);
  add_bench(program, run);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help and --version
    set_command(called(program));
    return usage_error(explain(program, error));
  }
  set_command(called(program));
  return run ? run() : usage_error("a subcommand is needed, as in longhand recognize FILE");
}

}  // namespace
}  // namespace longhand::cli

int main(int argc, char** argv) {
  try {
    return longhand::cli::parse_and_run(argc, argv);
  } catch (const std::exception& error) {
    longhand::cli::warn(std::string("internal error: ") + error.what());
    return longhand::cli::kFailure;
  }
}
