#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/choose_model.h"
#include "cli/command.h"
#include "cli/output.h"

namespace longhand::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  longhand train recipes/numberrec-2018.toml --out runs/2018
  longhand train recipes/numberrec-2018.toml --set seed=2 --set training.steps=5000
  longhand train recipes/numberrec-2018.toml --out runs/2018 --resume
  longhand train recipes/numberrec-2018.toml --preview glyphs.png

Ctrl-C saves a checkpoint; --resume goes on from it. The work is done by the
program longhand-train, which script/build makes beside this one.)";

struct TrainOptions {
  std::string recipe, out, cache, preview;
  std::vector<std::string> settings;
  bool resume = false;
  bool conclude_again = false;
  bool check = false;
};

// As the trainer's main() takes them.
std::vector<std::string> arguments_for(const std::filesystem::path& trainer,
                                       const TrainOptions& options) {
  std::vector<std::string> arguments{trainer.string(), options.recipe};
  const auto add = [&arguments](const char* option, const std::string& value) {
    if (!value.empty()) arguments.insert(arguments.end(), {option, value});
  };
  for (const std::string& setting : options.settings) add("--set", setting);
  add("--out", options.out);
  add("--cache", options.cache);
  add("--preview", options.preview);
  if (options.resume) arguments.emplace_back("--resume");
  if (options.conclude_again) arguments.emplace_back("--conclude-again");
  if (options.check) arguments.emplace_back("--check");
  return arguments;
}

int train(const TrainOptions& options) {
  const auto trainer = program_folder() / "longhand-train";
  std::vector<std::string> arguments = arguments_for(trainer, options);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  ::execv(trainer.c_str(), pointers.data());
  if (errno == ENOENT)
    return failure(
        {ErrorCode::kNotFound, "the trainer is not built: " + trainer.string() +
                                   " is missing; script/build makes it (it needs libtorch, which "
                                   "script/setup installs)"});
  return failure({ErrorCode::kIo, "can't start " + trainer.string() + ": " + std::strerror(errno)});
}

}  // namespace

void add_train(CLI::App& program, Run& run) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App& command = *program.add_subcommand("train", "Train a model by a recipe");
  command.footer(kExamples);
  command.add_option("RECIPE", options->recipe, "The recipe, a TOML file")
      ->required()
      ->type_name("");
  command.add_option("--set", options->settings, "Overrides a key of the recipe; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  command.add_option("--out", options->out, "Where the model, report, log and checkpoints go")
      ->type_name("DIR");
  command.add_flag("--resume", options->resume, "Go on from the last checkpoint");
  command.add_flag(
      "--conclude-again", options->conclude_again,
      "As --resume, and calibrate and write the model anew if the training is finished");
  command
      .add_option("--cache", options->cache,
                  "A folder that keeps bent and normalised glyphs for other trainings of the same "
                  "samples")
      ->type_name("DIR");
  command.add_flag("--check", options->check,
                   "Train nothing; say whether recipe, network and test set make sense");
  command
      .add_option("--preview", options->preview,
                  "Train nothing; draw the pictures as the network would see them")
      ->type_name("FILE.png");
  command.callback([options, &run] { run = [options] { return train(*options); }; });
}

}  // namespace longhand::cli
