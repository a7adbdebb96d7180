#include "cli/choose_model.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "cli/command.h"
#include "cli/output.h"
#include "data/dataset.h"
#include "nn/model.h"
#include "source_folder.h"

namespace longhand::cli {
namespace {

namespace fs = std::filesystem;
using ModelResult = Result<std::shared_ptr<const recognizer::Model>>;

constexpr const char* kDefaultAlphabet = "digits";

// A card's name may hold a-z, 0-9 and hyphens only.
std::string card_name(const fs::path& file) {
  std::string name;
  for (const char c : file.stem().string()) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool fits = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    name += fits ? lower : '-';
  }
  return name.substr(0, 64);
}

// A sound network that says nothing of what it reads.
bool lacks_card(const fs::path& file) {
  const auto bytes = data::read_file(file, nn::LoadLimits().max_file_bytes);
  if (!bytes) return false;
  const auto network = nn::Model::load(std::as_bytes(std::span(*bytes)));
  return network && (*network)->metadata().count("format") == 0;
}

ModelResult load_file(const ModelChoice& choice) {
  const fs::path file = choice.model;
  auto model = recognizer::Model::load_file(file);
  if (model || !lacks_card(file)) {
    if (!model || choice.alphabet.empty() || (*model)->card().alphabet_name == choice.alphabet)
      return model;
    auto alphabet = recognizer::builtin_alphabet(choice.alphabet);
    if (!alphabet) return tl::unexpected(alphabet.error());
    return recognizer::Model::narrowed(**model, choice.alphabet, std::move(*alphabet));
  }
  if (!choice.raw || choice.alphabet.empty())
    return fail(ErrorCode::kInvalidArgument,
                file.string() + " has no card that says what it reads; give --alphabet and --raw");
  auto alphabet = recognizer::builtin_alphabet(choice.alphabet);
  if (!alphabet) return tl::unexpected(alphabet.error());
  recognizer::Card card;
  card.name = card_name(file);
  card.alphabet_name = choice.alphabet;
  card.alphabet = std::move(*alphabet);
  card.normalization = ink::Normalization::kRaw;
  return recognizer::Model::load_file(file, std::move(card));
}

fs::path folder_of(const ModelChoice& choice) {
  return choice.models.empty() ? models_folder() : fs::path(choice.models);
}

// A file's model reads lines with the folder's model of pairs, as one of the folder would.
ModelResult with_pairs(ModelResult model, const ModelChoice& choice) {
  if (!model) return model;
  const auto registry = recognizer::Registry::load_folder(folder_of(choice));
  if (!registry) return model;
  for (const auto& other : registry->models()) {
    if ((*model)->pairs_for(*other)) return recognizer::Model::with_pairs(**model, other);
  }
  return model;
}

// Also says what in the folder could not be loaded: it may be what was asked for.
Error with_faults(Error error, const recognizer::Registry& registry) {
  for (const auto& fault : registry.faults())
    error.message += "; not usable: " + fault.error.message;
  return error;
}

fs::path installed_folder(const char* what) {
  const fs::path here = program_folder();
  std::error_code error;
  for (const fs::path& folder : {here.parent_path() / "share" / "longhand" / what, here / what})
    if (fs::is_directory(folder, error)) return folder;
  return fs::path(LONGHAND_SOURCE_DIR) / what;
}

}  // namespace

void ModelChoice::add_options(CLI::App& command) {
  command
      .add_option("--alphabet", alphabet,
                  "What is written: digits (the default), letters, alphanumeric or symbols")
      ->type_name("NAME");
  command.add_option("--model", model, "A model's name (longhand model list) or an .onnx file")
      ->type_name("NAME|FILE");
  command.add_option("--models", models, "Folder of models, instead of the installed ones")
      ->type_name("DIR");
  command.add_flag("--raw", raw,
                   "Only scale to the network's input: no finding of the ink, no evening out. "
                   "With --alphabet also for an .onnx file without a card");
}

fs::path program_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::current_path() : program.parent_path();
}

fs::path models_folder() {
  if (const char* const named = std::getenv("LONGHAND_MODELS"); named != nullptr && *named != '\0')
    return named;
  return installed_folder("models");
}

fs::path recipes_folder() {
  return installed_folder("recipes");
}

bool names_a_file(const std::string& model) {
  return model.find('/') != std::string::npos || fs::path(model).extension() == ".onnx";
}

ModelResult choose_model(const ModelChoice& choice) {
  if (!choice.alphabet.empty()) {
    const auto known = recognizer::builtin_alphabet(choice.alphabet);
    if (!known) return tl::unexpected(known.error());
  }
  if (names_a_file(choice.model)) return with_pairs(load_file(choice), choice);
  auto registry = recognizer::Registry::load_folder(folder_of(choice));
  if (!registry) return tl::unexpected(registry.error());
  std::string alphabet = choice.alphabet;
  if (alphabet.empty() && choice.model.empty()) alphabet = kDefaultAlphabet;
  auto model = registry->find(choice.model, alphabet);
  if (model) {
    // Where nobody named one, another may read in the place of one that can't be loaded.
    for (const auto& fault : registry->faults())
      if (choice.model.empty()) warn("not usable: " + fault.error.message);
    return model;
  }
  Error error = with_faults(model.error(), *registry);
  // A name that is not there is the command line's fault, unless the folder is.
  if (!registry->models().empty() && registry->faults().empty())
    error.code = ErrorCode::kInvalidArgument;
  return tl::unexpected(std::move(error));
}

int model_failure(const Error& error) {
  return error.code == ErrorCode::kInvalidArgument ? usage_error(error.message) : failure(error);
}

}  // namespace longhand::cli
