#include "recognizer/model.h"

#include <algorithm>
#include <fstream>
#include <numeric>
#include <system_error>

namespace longhand::recognizer {
namespace {

constexpr std::size_t kVersionDigits = 12;
constexpr std::uintmax_t kMostFileBytes = 256U << 20;

Result<std::vector<std::byte>> read_file(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) return fail(ErrorCode::kIo, "can't read the file: " + error.message());
  if (size > kMostFileBytes) {
    return fail(ErrorCode::kTooLarge, "the file is larger than 256 MB, the limit for a model");
  }
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!stream) return fail(ErrorCode::kIo, "can't read the file");
  return bytes;
}

// The card and the network must speak of the same input and classes.
Result<void> check_against(const Card& card, const nn::Model& network) {
  const std::vector<std::int64_t> expected = {1, card.input_size, card.input_size};
  if (network.input().dims != expected) {
    const std::string size = std::to_string(card.input_size);
    return fail(ErrorCode::kCorruptModel, "the card says the input is 1x" + size + "x" + size +
                                              ", the network's input \"" + network.input().name +
                                              "\" is of another shape");
  }
  const std::size_t classes = network.outputs().front().elements();
  if (classes != card.alphabet.size()) {
    return fail(ErrorCode::kCorruptModel, "the card names " + std::to_string(card.alphabet.size()) +
                                              " characters, the network gives " +
                                              std::to_string(classes) + " scores");
  }
  if (card.input_size != ink::Glyph::kSize) {
    return fail(ErrorCode::kUnsupportedModel,
                "the normalizations built here make glyphs of 28x28; the model takes " +
                    std::to_string(card.input_size));
  }
  return {};
}

Confidences confidences_of(const Card& card) {
  return {card.alphabet, card.temperature, card.lookalike_temperature};
}

}  // namespace

Model::Model(Card card) : card_(std::move(card)), confidences_(confidences_of(card_)) {}

Result<std::shared_ptr<const Model>> Model::load(std::span<const std::byte> onnx,
                                                 const nn::LoadLimits& limits) {
  auto network = nn::Model::load(onnx, limits);
  if (!network) return tl::unexpected(network.error());
  auto card = card_from_metadata((*network)->metadata());
  if (!card) return tl::unexpected(card.error());
  return make(std::move(*network), std::move(*card), onnx.size());
}

Result<std::shared_ptr<const Model>> Model::load(std::span<const std::byte> onnx, Card card) {
  auto network = nn::Model::load(onnx);
  if (!network) return tl::unexpected(network.error());
  return make(std::move(*network), std::move(card), onnx.size());
}

Result<std::shared_ptr<const Model>> Model::make(std::shared_ptr<const nn::Model> network,
                                                 Card card, std::size_t file_bytes) {
  if (const auto sound = check_against(card, *network); !sound) {
    return tl::unexpected(sound.error());
  }
  auto model = std::shared_ptr<Model>(new Model(std::move(card)));
  model->classes_.resize(model->card_.alphabet.size());
  std::iota(model->classes_.begin(), model->classes_.end(), std::size_t{0});
  model->version_ = network->graph_digest().substr(0, kVersionDigits);
  model->file_bytes_ = file_bytes;
  model->network_ = std::move(network);
  return std::shared_ptr<const Model>(std::move(model));
}

Result<std::shared_ptr<const Model>> Model::narrowed(const Model& model,
                                                     std::string_view alphabet_name,
                                                     std::vector<std::string> alphabet) {
  std::shared_ptr<Model> narrow(new Model(model));
  const std::vector<std::string>& known = model.card_.alphabet;
  narrow->classes_.clear();
  narrow->pairs_ = nullptr;
  for (const std::string& character : alphabet) {
    const auto found = std::find(known.begin(), known.end(), character);
    if (found == known.end()) {
      return fail(ErrorCode::kInvalidArgument,
                  "the model \"" + model.card_.name + "\" reads the alphabet \"" +
                      model.card_.alphabet_name + "\", which has no " + character + " of \"" +
                      std::string(alphabet_name) + "\"");
    }
    narrow->classes_.push_back(model.classes_[static_cast<std::size_t>(found - known.begin())]);
  }
  narrow->card_.alphabet_name = alphabet_name;
  narrow->card_.alphabet = std::move(alphabet);
  narrow->confidences_ = confidences_of(narrow->card_);
  return std::shared_ptr<const Model>(std::move(narrow));
}

std::shared_ptr<const Model> Model::with_pairs(const Model& model,
                                               std::shared_ptr<const Model> pairs) {
  std::shared_ptr<Model> both(new Model(model));
  both->pairs_ = std::move(pairs);
  return both;
}

bool Model::pairs_for(const Model& pairs) const {
  return card_.glyphs == 1 && pairs.card_.glyphs == 2 &&
         card_.normalization == pairs.card_.normalization &&
         pairs.card_.alphabet == all_pairs(card_.alphabet);
}

namespace {

// `load` with the file's name in front of what is wrong with it.
template <typename Load>
Result<std::shared_ptr<const Model>> load_named(const std::filesystem::path& file, Load load) {
  const auto bytes = read_file(file);
  auto model =
      bytes ? load(*bytes) : Result<std::shared_ptr<const Model>>(tl::unexpected(bytes.error()));
  if (model) return model;
  return fail(model.error().code, file.string() + ": " + model.error().message);
}

}  // namespace

Result<std::shared_ptr<const Model>> Model::load_file(const std::filesystem::path& file) {
  return load_named(file, [](const std::vector<std::byte>& bytes) { return load(bytes); });
}

Result<std::shared_ptr<const Model>> Model::load_file(const std::filesystem::path& file,
                                                      Card card) {
  return load_named(
      file, [&card](const std::vector<std::byte>& bytes) { return load(bytes, std::move(card)); });
}

Registry::Registry(Models models, std::vector<Fault> faults)
    : models_(std::move(models)), faults_(std::move(faults)) {
  for (std::shared_ptr<const Model>& model : models_) {
    const auto pairs = std::find_if(models_.begin(), models_.end(),
                                    [&](const auto& other) { return model->pairs_for(*other); });
    const auto wanted = pairs == models_.end() ? nullptr : *pairs;
    if (model->pairs() != wanted) model = Model::with_pairs(*model, wanted);
  }
}

Result<Registry> Registry::load_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".onnx") files.push_back(it->path());
  }
  if (error) {
    return fail(ErrorCode::kIo,
                "can't read the models' folder " + folder.string() + ": " + error.message());
  }
  std::sort(files.begin(), files.end());
  Models models;
  std::vector<Fault> faults;
  for (const auto& file : files) {
    auto model = Model::load_file(file);
    if (!model) {
      faults.push_back({file, std::move(model.error())});
      continue;
    }
    const std::string& name = (*model)->card().name;
    const bool taken = std::any_of(
        models.begin(), models.end(),
        [&](const std::shared_ptr<const Model>& other) { return other->card().name == name; });
    if (taken) {
      faults.push_back(
          {file,
           {ErrorCode::kInvalidArgument,
            file.string() + ": another file of the folder is named \"" + name + "\" too"}});
      continue;
    }
    models.push_back(std::move(*model));
  }
  return Registry(std::move(models), std::move(faults));
}

namespace {

// Of those that know every character of the alphabet the one with the fewest more; the ink found
// before all, since nobody asked for a raw one.
std::shared_ptr<const Model> widest_fit(const std::vector<std::shared_ptr<const Model>>& models,
                                        const std::vector<std::string>& alphabet) {
  const auto rank = [](const Model& model) {
    return std::pair(model.card().normalization == ink::Normalization::kRaw,
                     model.card().alphabet.size());
  };
  std::shared_ptr<const Model> best;
  for (const auto& model : models) {
    const auto& known = model->card().alphabet;
    const bool all = std::all_of(alphabet.begin(), alphabet.end(), [&](const std::string& c) {
      return std::find(known.begin(), known.end(), c) != known.end();
    });
    if (all && (!best || rank(*model) < rank(*best))) best = model;
  }
  return best;
}

}  // namespace

Result<std::shared_ptr<const Model>> Registry::find(std::string_view name,
                                                    std::string_view alphabet) const {
  std::shared_ptr<const Model> first;
  std::string there;
  // The alphabet's own model, else any that has the ink found: nobody asked for a raw one.
  const auto rank = [&](const Card& card) {
    return card.name == alphabet ? 0 : card.normalization != ink::Normalization::kRaw ? 1 : 2;
  };
  for (const auto& model : models_) {
    const Card& card = model->card();
    if (card.glyphs == 1) {
      there += (there.empty() ? "" : ", ") + card.name + " (" + card.alphabet_name + ")";
    }
    if (!name.empty()) {
      if (card.name == name) first = model;
    } else if (card.glyphs == 1 && card.alphabet_name == alphabet &&
               (!first || rank(card) < rank(first->card()))) {
      first = model;
    }
  }
  const auto characters = builtin_alphabet(alphabet);
  if (!first && name.empty() && characters) first = widest_fit(models_, *characters);
  if (!first) {
    const std::string wanted = name.empty() ? "for the alphabet \"" + std::string(alphabet) + "\""
                                            : "named \"" + std::string(name) + "\"";
    return fail(ErrorCode::kNotFound,
                "there is no model " + wanted + "; there is: " + (there.empty() ? "none" : there));
  }
  if (alphabet.empty() || first->card().alphabet_name == alphabet) return first;
  if (characters) return Model::narrowed(*first, alphabet, *characters);
  return fail(ErrorCode::kInvalidArgument,
              "the model \"" + first->card().name + "\" reads the alphabet \"" +
                  first->card().alphabet_name + "\", not \"" + std::string(alphabet) + "\"");
}

}  // namespace longhand::recognizer
