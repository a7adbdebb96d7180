// The program longhand-train: trains the network that a recipe describes.

#include <unistd.h>
#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "picture/picture.h"
#include "training/checkpoint.h"
#include "training/examine.h"
#include "training/preview.h"
#include "training/progress.h"
#include "training/recipe.h"
#include "training/trainer.h"

namespace {

std::atomic<bool> stop_asked = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

extern "C" void ask_to_stop(int signal) {
  if (stop_asked) {  // asked twice: at once; the last checkpoint stays
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  stop_asked = true;
}

constexpr const char* kExamples = R"(
Examples:
  script/data mnist                                          bring the data first
  longhand train recipes/numberrec-2018.toml                 into runs/numberrec-2018
  longhand train recipes/numberrec-2018.toml --set seed=2 --out runs/second
  longhand train recipes/numberrec-2018.toml --resume        go on after Ctrl-C or a power cut
)";

longhand::Result<void> write_preview(const longhand::training::Recipe& recipe,
                                     const std::filesystem::path& file) {
  const auto sheet = longhand::training::preview(recipe);
  if (!sheet) return tl::unexpected(sheet.error());
  const auto png = longhand::picture::encode_png(*sheet);
  return longhand::training::write_file_atomically(
      file, {reinterpret_cast<const char*>(png.data()), png.size()});
}

// What --check found, where all is well.
void say(const longhand::training::Recipe& recipe, const longhand::training::Findings& findings) {
  const auto& network = findings.network;
  std::cout << recipe.name << ": " << network.classes << " classes, " << network.parameters()
            << " parameters, " << network.multiply_adds << " multiply-adds a glyph\n";
  if (findings.test_samples > 0) {
    std::cout << "the test set: " << findings.test_samples << " samples\n";
  } else {
    std::cout << "no test set\n";
  }
}

// Tells of it; the status to end with.
int failure(const longhand::Error& error) {
  std::cerr << "longhand train: " << error.message << '\n';
  return error.code == longhand::ErrorCode::kCancelled ? 130 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Trains the network that a recipe describes (docs/training.md)", "longhand train");
  std::filesystem::path recipe_file;
  std::vector<std::string> settings;
  std::filesystem::path preview_file;
  bool check = false;
  longhand::training::TrainOptions options;
  app.add_option("recipe", recipe_file, "the recipe, a TOML file")->required();
  app.add_option("--set", settings, "a setting of the recipe, as in optimizer.rate=1e-3")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--out", options.out,
                 "the folder for checkpoint, log, model and report (runs/NAME)");
  app.add_flag("--resume", options.resume, "go on from the checkpoint in the folder");
  app.add_flag("--conclude-again", options.conclude_again,
               "as --resume, and calibrate and write the model anew if the training is finished");
  app.add_option("--cache", options.cache,
                 "a folder (of about 1.5 GB) that keeps the bent and normalised glyphs, for "
                 "trainings that differ in seed or network alone")
      ->type_name("DIR");
  app.add_flag("--check", check,
               "train nothing; say whether recipe, network and test set make sense");
  app.add_option("--preview", preview_file,
                 "train nothing; write a PNG of the pictures as the network would see them");
  app.footer(kExamples);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  const auto recipe = longhand::training::load_recipe(recipe_file, settings);
  if (!recipe) {
    const int status = failure(recipe.error());
    return recipe.error().code == longhand::ErrorCode::kInvalidArgument ? 2 : status;
  }
  if (check) {
    const auto findings = longhand::training::examine(*recipe);
    if (!findings) return failure(findings.error());
    say(*recipe, *findings);
    return 0;
  }
  if (!preview_file.empty()) {
    const auto written = write_preview(*recipe, preview_file);
    return written ? 0 : failure(written.error());
  }
  if (options.out.empty()) options.out = std::filesystem::path("runs") / recipe->name;
  options.resume = options.resume || options.conclude_again;
  options.stop = &stop_asked;
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);

  longhand::training::ProgressPrinter printer(std::cerr, ::isatty(STDERR_FILENO) == 1);
  const auto outcome = longhand::training::train(*recipe, options, printer);
  printer.end();
  if (!outcome) return failure(outcome.error());
  if (!outcome->was_finished) printer.print(*outcome);
  return 0;
}
