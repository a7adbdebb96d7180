#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/model.h"
#include "recognizer/card.h"
#include "recognizer/confidences.h"
#include "recognizer/reading.h"

namespace longhand::recognizer {

// A network with its card, checked against each other. Immutable and shared by threads.
class Model {
 public:
  // kCorruptModel or kUnsupportedModel, with the file's name in the message where one is given.
  static Result<std::shared_ptr<const Model>> load(std::span<const std::byte> onnx,
                                                   const nn::LoadLimits& limits = {});
  static Result<std::shared_ptr<const Model>> load_file(const std::filesystem::path& file);
  // An ONNX file without a card, or in place of its own: the card comes from the caller.
  static Result<std::shared_ptr<const Model>> load(std::span<const std::byte> onnx, Card card);
  static Result<std::shared_ptr<const Model>> load_file(const std::filesystem::path& file,
                                                        Card card);

  // The same network for some of its characters: the others are known not to be there. The card
  // names the alphabet so; the file and its version stay. kInvalidArgument, naming one that is
  // missing, where the model doesn't know all of `alphabet`.
  static Result<std::shared_ptr<const Model>> narrowed(const Model& model,
                                                       std::string_view alphabet_name,
                                                       std::vector<std::string> alphabet);

  // The same with a model of pairs, which lines are read with (touching.h). REQUIRES: pairs_for().
  static std::shared_ptr<const Model> with_pairs(const Model& model,
                                                 std::shared_ptr<const Model> pairs);

  const Card& card() const { return card_; }
  const nn::Model& network() const { return *network_; }
  // Of the network's outputs, those of the card's alphabet, in its order.
  std::span<const std::size_t> classes() const { return classes_; }
  // Of the card's alphabet.
  const Confidences& confidences() const { return confidences_; }
  // Knows this one's characters in pairs that touch; nullptr where no such model is at hand.
  const std::shared_ptr<const Model>& pairs() const { return pairs_; }
  // Whether `pairs` could be that: it reads pairs of just these characters from the same glyphs.
  bool pairs_for(const Model& pairs) const;
  ModelRef ref() const { return {card_.name, version_}; }
  std::size_t file_bytes() const { return file_bytes_; }

 private:
  explicit Model(Card card);
  static Result<std::shared_ptr<const Model>> make(std::shared_ptr<const nn::Model> network,
                                                   Card card, std::size_t file_bytes);

  Card card_;
  Confidences confidences_;
  std::vector<std::size_t> classes_;
  std::string version_;
  std::size_t file_bytes_ = 0;
  std::shared_ptr<const nn::Model> network_;
  std::shared_ptr<const Model> pairs_;
};

// Models by name. Immutable once made; shared by threads. Those of single characters come with the
// model of their pairs, where there is one.
class Registry {
 public:
  using Models = std::vector<std::shared_ptr<const Model>>;
  struct Fault {
    std::filesystem::path file;
    Error error;
  };

  Registry() = default;
  // No two models may have one name.
  Registry(Models models, std::vector<Fault> faults);
  // Loads every model of a folder (`*.onnx`) that is sound and lists those that are not; kIo if
  // there is no such folder.
  static Result<Registry> load_folder(const std::filesystem::path& folder);

  // By name, "" for the alphabet's default (the model named like the alphabet, else the first of
  // that alphabet by file name, raw ones last, else of those that know all its characters the one
  // with the fewest more, narrowed to it), which is never one of pairs. kNotFound lists what there
  // is; kInvalidArgument where the named model doesn't know the alphabet given ("": its own).
  Result<std::shared_ptr<const Model>> find(std::string_view name, std::string_view alphabet) const;
  const Models& models() const { return models_; }
  const std::vector<Fault>& faults() const { return faults_; }

 private:
  Models models_;
  std::vector<Fault> faults_;
};

}  // namespace longhand::recognizer
