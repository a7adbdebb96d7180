#include "training/conclude.h"

#include <cmath>
#include <cstdio>
#include <utility>

#include "recognizer/card.h"
#include "training/calibration.h"
#include "training/onnx_export.h"

namespace longhand::training {
namespace {

constexpr std::int64_t kValidationNegatives = 2'000;
constexpr double kCharactersLost = 0.005;

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", 100 * share);
  return text;
}

struct Calibration {
  double temperature = 1;
  Threshold threshold;
  double validation_accuracy = 0;
};

Calibration calibrate(const Conclusion& from) {
  const auto count = static_cast<std::int64_t>(from.data.validation.size());
  const auto logits = from.learner.logits(from.state.best, from.validation_inputs, count);
  const auto negatives = from.learner.logits(
      from.state.best, from.maker.negatives(kValidationNegatives), kValidationNegatives);
  Calibration result;
  result.temperature = fit_temperature(logits, from.data.validation.labels);
  result.threshold = choose_threshold(logits, negatives, from.network.classes, result.temperature,
                                      kCharactersLost);
  result.validation_accuracy = accuracy(logits, from.data.validation.labels);
  return result;
}

recognizer::Card make_card(const Conclusion& from, const Calibration& calibration) {
  const Recipe& recipe = from.recipe;
  recognizer::Card card;
  card.name = recipe.name;
  card.alphabet_name = recipe.alphabet_name;
  card.alphabet = recipe.alphabet;
  card.normalization = recipe.normalization;
  card.input_size = ink::Glyph::kSize;
  card.temperature = static_cast<float>(calibration.temperature);
  card.reject_threshold = static_cast<float>(calibration.threshold.confidence);
  card.notes = {
      {"recipe", recipe.file},
      {"recipe_digest", recipe.digest},
      {"data", recipe.data.name},
      {"data_terms", recipe.data.terms},
      {"seed", std::to_string(recipe.seed)},
      {"date", from.state.date},
      {"epoch", std::to_string(from.state.best_epoch)},
      {"parameters", std::to_string(from.network.parameters())},
      {"multiply_adds", std::to_string(from.network.multiply_adds)},
      {"train_samples", std::to_string(from.data.train.size())},
      {"validation_samples", std::to_string(from.data.validation.size())},
      {"validation_accuracy", json_number(calibration.validation_accuracy)},
      {"validation_refused", json_number(calibration.threshold.characters_lost)},
      {"negatives_refused", json_number(calibration.threshold.negatives_refused)},
  };
  return card;
}

}  // namespace

Result<Outcome> conclude(const Conclusion& from, const TrainOptions& options, Observer& observer,
                         TrainingLog& log) {
  const Calibration calibration = calibrate(from);
  recognizer::Card card = make_card(from, calibration);
  Outcome outcome;
  outcome.chosen_epoch = from.state.best_epoch;
  outcome.validation_accuracy = calibration.validation_accuracy;
  outcome.minutes = from.seconds / 60;
  outcome.model = options.out / (from.recipe.name + ".onnx");
  if (from.recipe.data.test.given()) {
    auto test = load_samples(from.recipe.data.test, from.recipe);
    if (!test) return tl::unexpected(test.error());
    std::vector<float> inputs;
    for (const std::uint8_t pixel : normalize_all(*test, from.recipe.normalization)) {
      inputs.push_back(static_cast<float>(pixel) / 255.0F);
    }
    outcome.test_samples = test->size();
    outcome.test_accuracy = accuracy(
        from.learner.logits(from.state.best, inputs, static_cast<std::int64_t>(test->size())),
        test->labels);
    card.notes["test_samples"] = std::to_string(outcome.test_samples);
    card.notes["test_accuracy"] = json_number(outcome.test_accuracy);
  }
  const std::string bytes = export_onnx(from.network, from.state.best, from.recipe.export_weights,
                                        recognizer::to_metadata(card));
  if (auto ok = write_file_atomically(outcome.model, bytes); !ok) return tl::unexpected(ok.error());
  observer.note("temperature " + json_number(calibration.temperature) + ", readings under " +
                percent(calibration.threshold.confidence) + " are refused: " +
                percent(calibration.threshold.characters_lost) + " of the characters and " +
                percent(calibration.threshold.negatives_refused) + " of the pictures that are none");
  if (auto ok = log.end(outcome, calibration.temperature, calibration.threshold.confidence,
                        calibration.threshold.negatives_refused);
      !ok) {
    return tl::unexpected(ok.error());
  }
  return outcome;
}

}  // namespace longhand::training
