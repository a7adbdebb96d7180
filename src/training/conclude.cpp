#include "training/conclude.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "evaluation/evaluation.h"
#include "evaluation/report.h"
#include "nn/model.h"
#include "nn/onnx.h"
#include "recognizer/card.h"
#include "recognizer/confidences.h"
#include "recognizer/model.h"
#include "recognizer/recognizer.h"
#include "training/calibration.h"
#include "training/onnx_export.h"

namespace longhand::training {
namespace {

constexpr std::int64_t kValidationNegatives = 2'000;
constexpr double kCharactersLost = 0.005;
// The engine may differ from libtorch by rounding, and by that of the weights where they are
// halved; of those of 4 and 8 bits both know.
constexpr float kTolerance = 1e-3F;
constexpr float kHalfTolerance = 2e-2F;

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", 100 * share);
  return text;
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::vector<float> run_engine(const nn::Model& model, std::span<const float> inputs,
                              std::size_t count) {
  constexpr std::size_t kChunk = 64;
  nn::Scratch scratch;
  const std::size_t in = model.input().elements();
  const std::size_t out = model.outputs().front().elements();
  std::vector<float> logits(count * out);
  for (std::size_t done = 0; done < count; done += kChunk) {
    const std::size_t some = std::min(kChunk, count - done);
    nn::run(model, scratch, inputs.subspan(done * in, some * in), static_cast<int>(some),
            std::span(logits).subspan(done * out, some * out));
  }
  return logits;
}

// The exported file, run by the engine that will run it for users, must say what libtorch says.
Result<void> compare(std::span<const float> ours, std::span<const float> theirs, WeightType type) {
  const float tolerance = type == WeightType::kFloat16 ? kHalfTolerance : kTolerance;
  float largest = 1;
  for (const float value : theirs) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    if (!(std::abs(ours[i] - theirs[i]) <= tolerance * largest)) {
      return fail(ErrorCode::kCorruptModel, "the exported model gives " + std::to_string(ours[i]) +
                                                " where libtorch gives " +
                                                std::to_string(theirs[i]) + "; it was not written");
    }
  }
  return {};
}

struct Calibration {
  double temperature = 1;
  Threshold threshold;
  double validation_accuracy = 0;
  std::size_t weight_bytes = 0;  // that the file's tensors take
};

// The temperature that fits the held-out samples of those sources that calibrate.
double temperature_of(const TrainingData& data, std::span<const float> logits,
                      std::size_t classes) {
  std::vector<float> rows;
  std::vector<std::int32_t> labels;
  for (const std::size_t at : data.calibrating) {
    const auto row = logits.subspan(at * classes, classes);
    rows.insert(rows.end(), row.begin(), row.end());
    labels.push_back(data.validation.labels[at]);
  }
  return fit_temperature(rows, labels);
}

// How sure it is of each row that there is a character.
std::vector<float> sure_of(const recognizer::Confidences& confidences,
                           std::span<const float> logits, std::size_t classes) {
  std::vector<float> result, row(classes);
  for (std::size_t at = 0; at + classes <= logits.size(); at += classes) {
    confidences.of(logits.subspan(at, classes), row);
    result.push_back(confidences.of_shape(row));
  }
  return result;
}

// By the engine's own logits of the exported network.
Result<Calibration> calibrate(const Conclusion& from) {
  const std::string onnx =
      export_onnx(from.network, from.state.best, from.recipe.export_weights, {});
  const auto model = nn::Model::load(bytes_of(onnx));
  if (!model) return tl::unexpected(model.error());
  const std::size_t count = from.data.validation.size();
  const auto logits = run_engine(**model, from.validation_inputs, count);
  const auto expected = from.learner.logits(from.state.best, from.validation_inputs,
                                            static_cast<std::int64_t>(count));
  if (auto ok = compare(logits, expected, from.recipe.export_weights); !ok) {
    return tl::unexpected(ok.error());
  }
  const auto negatives =
      run_engine(**model, from.maker.negatives(kValidationNegatives), kValidationNegatives);
  Calibration result;
  const auto classes = static_cast<std::size_t>(from.network.classes);
  result.temperature = temperature_of(from.data, logits, classes);
  const recognizer::Confidences confidences(from.recipe.alphabet,
                                            static_cast<float>(result.temperature),
                                            static_cast<float>(from.recipe.lookalike_temperature));
  result.threshold = choose_threshold(sure_of(confidences, logits, classes),
                                      sure_of(confidences, negatives, classes), kCharactersLost);
  for (const nn::onnx::Tensor& tensor : nn::onnx::parse(bytes_of(onnx), {}).graph.initializers) {
    result.weight_bytes += tensor.raw->size();
  }
  result.validation_accuracy = accuracy(logits, from.data.validation.labels);
  return result;
}

recognizer::Card make_card(const Conclusion& from, const Calibration& calibration) {
  const Recipe& recipe = from.recipe;
  recognizer::Card card;
  card.name = recipe.name;
  card.alphabet_name = recipe.alphabet_name;
  card.alphabet = recipe.alphabet;
  card.glyphs = recipe.glyphs;
  card.normalization = recipe.normalization;
  card.input_size = ink::Glyph::kSize;
  card.temperature = static_cast<float>(calibration.temperature);
  card.lookalike_temperature = static_cast<float>(recipe.lookalike_temperature);
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
      {"weight_bytes", std::to_string(calibration.weight_bytes)},
      {"multiply_adds", std::to_string(from.network.multiply_adds)},
      {"train_samples", std::to_string(from.data.train.size())},
      {"validation_samples", std::to_string(from.data.validation.size())},
      {"validation_accuracy", json_number(calibration.validation_accuracy)},
      {"validation_refused", json_number(calibration.threshold.characters_lost)},
      {"negatives_refused", json_number(calibration.threshold.negatives_refused)},
  };
  return card;
}

data::Dataset dataset_of(const Samples& samples, const std::vector<std::string>& alphabet) {
  data::Dataset set;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    data::Sample sample;
    sample.input = samples.pictures[i];
    sample.label = alphabet[static_cast<std::size_t>(samples.labels[i])];
    sample.source = "held out " + std::to_string(i);
    set.samples.push_back(std::move(sample));
  }
  return set;
}

// The curves of all epochs, for the report.
std::vector<evaluation::Chart> charts(const std::vector<EpochResult>& epochs) {
  evaluation::Chart loss{"Loss", "epoch", "", {{"training", {}}, {"held out", {}}}, false};
  evaluation::Chart errors{"Errors", "epoch", "", {{"training", {}}, {"held out", {}}}, true};
  evaluation::Chart rate{"Learning rate", "epoch", "", {{"rate", {}}}, false};
  for (const EpochResult& epoch : epochs) {
    const auto at = static_cast<double>(epoch.epoch);
    loss.curves[0].points.emplace_back(at, epoch.train_loss);
    loss.curves[1].points.emplace_back(at, epoch.validation_loss);
    errors.curves[0].points.emplace_back(at, 1 - epoch.train_accuracy);
    errors.curves[1].points.emplace_back(at, 1 - epoch.validation_accuracy);
    rate.curves[0].points.emplace_back(at, epoch.rate);
  }
  return {loss, errors, rate};
}

// Sets are evaluated by the exported model, each sample the whole way that a user's picture takes.
Result<evaluation::Section> evaluate_set(const std::string& name, const std::string& onnx,
                                         const data::Dataset& set) {
  auto model = recognizer::Model::load(bytes_of(onnx));
  if (!model) return tl::unexpected(model.error());
  const recognizer::Recognizer recognizer(std::move(*model));
  auto evaluation = evaluation::evaluate(recognizer, set);
  if (!evaluation) return tl::unexpected(evaluation.error());
  evaluation::Section section{name, std::move(*evaluation), {}};
  section.worst = evaluation::worst_errors(section.evaluation, set);
  return section;
}

evaluation::Report make_report(const Conclusion& from, const recognizer::Card& card) {
  evaluation::Report report;
  report.title = card.name;
  report.subtitle = "Trained by longhand from " + from.recipe.file;
  report.facts.assign(card.notes.begin(), card.notes.end());
  report.facts.emplace_back("normalization", ink::to_string(card.normalization));
  report.facts.emplace_back("temperature", json_number(std::round(card.temperature * 1e4) / 1e4));
  report.facts.emplace_back("reject_threshold",
                            json_number(std::round(card.reject_threshold * 1e4) / 1e4));
  report.training = charts(from.state.epochs);
  return report;
}

}  // namespace

Result<Outcome> conclude(const Conclusion& from, const TrainOptions& options, Observer& observer,
                         TrainingLog& log) {
  const auto calibration = calibrate(from);
  if (!calibration) return tl::unexpected(calibration.error());
  recognizer::Card card = make_card(from, *calibration);
  const auto exported = [&] {
    return export_onnx(from.network, from.state.best, from.recipe.export_weights,
                       recognizer::to_metadata(card));
  };
  Outcome outcome;
  outcome.chosen_epoch = from.state.best_epoch;
  outcome.validation_accuracy = calibration->validation_accuracy;
  outcome.minutes = from.seconds / 60;
  outcome.model = options.out / (from.recipe.name + ".onnx");
  outcome.report = options.out / "report.html";

  std::vector<evaluation::Section> sections;
  if (from.recipe.data.test.given()) {
    const auto set = load_source(from.recipe.data.test, from.recipe.alphabet, from.recipe.seed);
    if (!set) return fail(set.error().code, "data.test: " + set.error().message);
    auto test = evaluate_set("Test", exported(), *set);
    if (!test) return tl::unexpected(test.error());
    outcome.test_samples = test->evaluation.samples;
    outcome.test_accuracy = test->evaluation.accuracy();
    card.notes["test_samples"] = std::to_string(outcome.test_samples);
    card.notes["test_accuracy"] = json_number(outcome.test_accuracy);
    sections.push_back(std::move(*test));
  }
  auto held_out = evaluate_set("Held out for validation", exported(),
                               dataset_of(from.data.validation, from.recipe.alphabet));
  if (!held_out) return tl::unexpected(held_out.error());
  sections.push_back(std::move(*held_out));

  if (auto ok = write_file_atomically(outcome.model, exported()); !ok) {
    return tl::unexpected(ok.error());
  }
  evaluation::Report report = make_report(from, card);
  report.sections = std::move(sections);
  if (auto ok = evaluation::write_report(report, outcome.report); !ok) {
    return tl::unexpected(ok.error());
  }
  const Threshold& threshold = calibration->threshold;
  if (calibration->validation_accuracy <= accuracy_by_chance(from.data.validation.labels)) {
    observer.note("warning: the model is no better than chance, with " +
                  percent(calibration->validation_accuracy) +
                  " of the characters held out right: it has learnt nothing that is of use");
  }
  observer.note("temperature " + json_number(std::round(calibration->temperature * 1e4) / 1e4) +
                "; readings surer by less than " + percent(threshold.confidence) +
                " are refused: " + percent(threshold.characters_lost) +
                " of the characters held out, " + percent(threshold.negatives_refused) +
                " of the pictures that are none");
  if (auto ok = log.end(outcome, calibration->temperature, threshold.confidence,
                        threshold.negatives_refused);
      !ok) {
    return tl::unexpected(ok.error());
  }
  return outcome;
}

}  // namespace longhand::training
