#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "recognizer/model.h"

namespace CLI {
class App;
}

namespace longhand::cli {

// Which model reads, as several subcommands take it.
struct ModelChoice {
  std::string model;     // a name in the models' folder, or a file; empty: the alphabet's default
  std::string alphabet;  // empty: not given
  std::string models;    // the folder; empty: models_folder()
  bool raw = false;      // scale to the network's input and do nothing else

  // Adds --alphabet, --model, --models and --raw.
  void add_options(CLI::App& command);
};

// Where the models are: LONGHAND_MODELS, else beside the program's installation
// (share/longhand/models, models), else, for a program in its build tree, the source tree's.
std::filesystem::path models_folder();
// Where the recipes are, found likewise.
std::filesystem::path recipes_folder();
// The program's own folder.
std::filesystem::path program_folder();

// Is it a file's name rather than a model's? ("x.onnx", "./x", anything with a slash)
bool names_a_file(const std::string& model);

// kInvalidArgument for a choice that makes no sense, saying what is there: a usage error.
Result<std::shared_ptr<const recognizer::Model>> choose_model(const ModelChoice& choice);

// Prints the error and gives the exit code: kUsage for kInvalidArgument, else kFailure.
int model_failure(const Error& error);

}  // namespace longhand::cli
