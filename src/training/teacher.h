#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "recognizer/model.h"

namespace longhand::training {

// Trained models whose mean answer another one learns (Hinton, Vinyals, Dean, "Distilling the
// Knowledge in a Neural Network", 2015), on the very glyphs that it sees itself, bent alike (Beyer
// et al., "Knowledge distillation: A good teacher is patient and consistent", 2022). Thread-safe.
class Teachers {
 public:
  // kInvalidArgument for a model of another alphabet or normalization than the recipe's.
  static Result<Teachers> load(const std::vector<std::filesystem::path>& files,
                               const std::vector<std::string>& alphabet,
                               ink::Normalization normalization);

  // The mean of their probabilities: `inputs` holds `count` glyphs of 28x28, `out` receives count
  // times the alphabet's size.
  void answer(std::span<const float> inputs, std::size_t count, std::span<float> out) const;

  // Names the models, for what is kept of their answers.
  const std::string& versions() const { return versions_; }

 private:
  std::vector<std::shared_ptr<const recognizer::Model>> models_;
  std::string versions_;
};

}  // namespace longhand::training
