#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "api/json_text.h"
#include "api/reading_json.h"
#include "cli/choose_model.h"
#include "cli/command.h"
#include "cli/output.h"
#include "recognizer/try_out.h"

namespace longhand::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using recognizer::Card;
using recognizer::Registry;
using ModelPointer = std::shared_ptr<const recognizer::Model>;

constexpr const char* kExamples = R"(Examples:
  longhand model list
  longhand model show digits
  longhand model check runs/digits/model.onnx
  longhand model check                      every file of the models' folder

Models are .onnx files with a card, see docs/formats.md. The folder is --models,
LONGHAND_MODELS, or the installed one.)";

struct ModelOptions {
  std::string models, model;
  std::vector<std::string> files;
  bool json = false;
};

fs::path folder_of(const ModelOptions& options) {
  return options.models.empty() ? models_folder() : fs::path(options.models);
}

// As the card has them: of pairs each character once.
std::string characters_of(const Card& card) {
  return recognizer::to_metadata(card).at("characters");
}

// "10 characters", "100 pairs".
std::string classes_of(const Card& card) {
  return std::to_string(card.alphabet.size()) + (card.glyphs == 2 ? " pairs" : " characters");
}

std::string megabytes(std::size_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

std::string millions(std::uint64_t count) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f M", static_cast<double>(count) / 1e6);
  return text;
}

json::object to_json(const recognizer::Model& model) {
  const Card& card = model.card();
  json::object notes;
  for (const auto& [key, value] : card.notes) notes[valid_utf8(key)] = valid_utf8(value);
  return {{"name", card.name},
          {"version", model.ref().version},
          {"alphabet", card.alphabet_name},
          {"characters", characters_of(card)},
          {"glyphs", card.glyphs},
          {"normalization", ink::to_string(card.normalization)},
          {"input", {1, card.input_size, card.input_size}},
          {"temperature", shortest(card.temperature)},
          {"lookalike_temperature", shortest(card.lookalike_temperature)},
          {"reject_threshold", shortest(card.reject_threshold)},
          {"parameters", model.network().parameters()},
          {"multiply_adds", model.network().multiply_adds()},
          {"bytes", model.file_bytes()},
          {"notes", std::move(notes)}};
}

int list(const ModelOptions& options) {
  const auto registry = Registry::load_folder(folder_of(options));
  if (!registry) return failure(registry.error());
  using Align = Table::Align;
  Table table({"name", "alphabet", "characters", "version", "normalization", "weights",
               "multiply-adds", "file"},
              {Align::kLeft, Align::kLeft, Align::kRight, Align::kLeft, Align::kLeft, Align::kRight,
               Align::kRight, Align::kRight});
  for (const ModelPointer& model : registry->models()) {
    const Card& card = model->card();
    if (options.json) {
      print(api::to_text(to_json(*model)));
      continue;
    }
    table.add({card.name, card.alphabet_name, std::to_string(card.alphabet.size()),
               model->ref().version, std::string(ink::to_string(card.normalization)),
               millions(model->network().parameters()), millions(model->network().multiply_adds()),
               megabytes(model->file_bytes())});
  }
  if (!options.json && registry->models().empty())
    print("no models in " + folder_of(options).string());
  else if (!options.json)
    table.print();
  for (const Registry::Fault& fault : registry->faults()) warn(fault.error.message);
  return registry->faults().empty() ? kSuccess : kFailure;
}

int show(const ModelOptions& options) {
  ModelChoice choice;
  choice.models = options.models;
  choice.model = options.model;
  const auto model = choose_model(choice);
  if (!model) return model_failure(model.error());
  if (options.json) {
    print(api::to_text(to_json(**model)));
    return kSuccess;
  }
  const Card& card = (*model)->card();
  char numbers[64];
  Table table({"name", card.name});
  table.add({"version", (*model)->ref().version});
  table.add({"alphabet", card.alphabet_name + ", " + classes_of(card)});
  table.add({"characters", characters_of(card)});
  table.add({"normalization", std::string(ink::to_string(card.normalization))});
  std::snprintf(numbers, sizeof numbers, "%g", static_cast<double>(card.temperature));
  table.add({"temperature", numbers});
  std::snprintf(numbers, sizeof numbers, "%g", static_cast<double>(card.lookalike_temperature));
  table.add({"look-alike temperature", numbers});
  std::snprintf(numbers, sizeof numbers, "%g", static_cast<double>(card.reject_threshold));
  table.add({"reject threshold", numbers});
  table.add({"weights", std::to_string((*model)->network().parameters())});
  table.add({"multiply-adds", std::to_string((*model)->network().multiply_adds())});
  table.add({"file", megabytes((*model)->file_bytes())});
  // What was measured has long names of its own.
  constexpr std::string_view kMeasured = "measured: ";
  Table measured({"measured", "percent, 95 % interval, samples"});
  bool any = false;
  for (const auto& [key, value] : card.notes) {
    if (key.starts_with(kMeasured)) {
      any = true;
      measured.add({printable(key.substr(kMeasured.size())), printable(value)});
    } else {
      table.add({printable(key), printable(value)});
    }
  }
  table.print();
  if (!any) return kSuccess;
  print("");
  measured.print();
  return kSuccess;
}

Result<ModelPointer> load_and_try(const fs::path& file) {
  auto model = recognizer::Model::load_file(file);
  if (!model) return model;
  if (auto sound = recognizer::try_out(**model); !sound)
    return fail(sound.error().code, file.string() + ": " + sound.error().message);
  return model;
}

Result<std::vector<fs::path>> files_to_check(const ModelOptions& options) {
  if (!options.files.empty())
    return std::vector<fs::path>(options.files.begin(), options.files.end());
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder_of(options), error), end; !error && it != end;
       it.increment(error))
    if (it->path().extension() == ".onnx") files.push_back(it->path());
  if (error)
    return fail(ErrorCode::kIo, "can't read the models' folder " + folder_of(options).string() +
                                    ": " + error.message());
  if (files.empty())
    return fail(ErrorCode::kNotFound, "no models in " + folder_of(options).string());
  std::sort(files.begin(), files.end());
  return files;
}

int check(const ModelOptions& options) {
  const auto files = files_to_check(options);
  if (!files) return failure(files.error());
  int exit_code = kSuccess;
  for (const fs::path& file : *files) {
    const auto model = load_and_try(file);
    if (!model) exit_code = kFailure;
    if (options.json) {
      json::object line{{"file", valid_utf8(file.string())}, {"ok", model.has_value()}};
      if (model)
        line["model"] =
            json::object{{"name", (*model)->ref().name}, {"version", (*model)->ref().version}};
      else
        line["error"] = api::error_json(model.error());
      print(api::to_text(line));
    } else if (model) {
      print(printable(file.string()) + ": ok, " + (*model)->ref().name + " " +
            (*model)->ref().version);
    } else {
      warn(model.error().message);
    }
  }
  return exit_code;
}

void add_folder(CLI::App& command, ModelOptions& options) {
  command.add_option("--models", options.models, "Folder of models, instead of the installed ones")
      ->type_name("DIR");
  command.add_flag("--json", options.json, "One JSON object a model and line");
}

}  // namespace

void add_model(CLI::App& program, Run& run) {
  auto options = std::make_shared<ModelOptions>();
  CLI::App& command =
      *program.add_subcommand("model", "The models: which there are, are they sound");
  command.require_subcommand(1);
  command.footer(kExamples);

  CLI::App& listing = *command.add_subcommand("list", "The models of the folder");
  add_folder(listing, *options);
  listing.callback([options, &run] { run = [options] { return list(*options); }; });

  CLI::App& showing = *command.add_subcommand("show", "A model's card");
  add_folder(showing, *options);
  showing.add_option("MODEL", options->model, "Its name, or an .onnx file")
      ->required()
      ->type_name("");
  showing.callback([options, &run] { run = [options] { return show(*options); }; });

  CLI::App& checking = *command.add_subcommand("check", "Load models, run them, say what is wrong");
  add_folder(checking, *options);
  checking.add_option("FILE", options->files, ".onnx files; without any, the folder's")
      ->type_name("");
  checking.callback([options, &run] { run = [options] { return check(*options); }; });
}

}  // namespace longhand::cli
