#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "api/json_text.h"
#include "cli/choose_model.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "data/dataset.h"
#include "evaluation/evaluation.h"
#include "evaluation/report.h"

namespace longhand::cli {
namespace {

namespace json = boost::json;
using evaluation::Evaluation;
using evaluation::wilson_interval;

constexpr const char* kExamples = R"(Examples:
  longhand evaluate --images t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz
  longhand evaluate --folder my-digits --report report
  longhand evaluate --strokes drawn.ndjson.gz --json
  longhand evaluate --images emnist-images --labels emnist-labels --transpose --label-map map.txt

Every sample takes the whole way that a user's picture or strokes take. A sample
counts by its best candidate, rejected or not. Samples whose label the alphabet
lacks are skipped and counted.)";

constexpr std::size_t kMostConfusions = 10;

struct EvaluateOptions {
  ModelChoice model;
  std::string images, labels, folder, strokes, label_map, report;
  bool transpose = false;
  bool json = false;
  int threads = 0;
};

Result<data::Dataset> read_set(const EvaluateOptions& options,
                               const std::vector<std::string>& alphabet) {
  if (!options.folder.empty()) return data::read_folder(options.folder);
  if (!options.strokes.empty()) return data::read_strokes(options.strokes);
  data::IdxOptions idx;
  idx.transpose = options.transpose;
  idx.alphabet = alphabet;
  if (!options.label_map.empty()) idx.label_map = options.label_map;
  return data::read_idx(options.images, options.labels, idx);
}

std::string set_name(const EvaluateOptions& options) {
  if (!options.folder.empty()) return options.folder;
  return options.strokes.empty() ? options.images : options.strokes;
}

json::array interval_json(std::size_t hits, std::size_t n) {
  const auto interval = wilson_interval(hits, n);
  return {interval.low, interval.high};
}

json::object to_json(const Evaluation& e) {
  json::array per_class;
  for (const auto& c : e.per_class)
    per_class.push_back(
        json::object{{"label", c.label},
                     {"samples", c.samples},
                     {"correct", c.correct},
                     {"accuracy", static_cast<double>(c.correct) / static_cast<double>(c.samples)},
                     {"accuracy_interval", interval_json(c.correct, c.samples)},
                     {"read", c.read},
                     {"rejected", c.rejected}});
  json::array risk_coverage;
  for (const auto& point : e.risk_coverage)
    risk_coverage.push_back(json::object{{"coverage", point.coverage},
                                         {"risk", point.risk},
                                         {"confidence", point.confidence}});
  json::array confusions;
  for (const auto& c : e.confusions)
    confusions.push_back(json::object{{"label", c.label}, {"read", c.read}, {"count", c.count}});
  return {{"model", {{"name", e.model.name}, {"version", e.model.version}}},
          {"normalization", e.normalization},
          {"samples", e.samples},
          {"correct", e.correct},
          {"accuracy", e.accuracy()},
          {"accuracy_interval", interval_json(e.correct, e.samples)},
          {"accuracy_case_folded", e.accuracy_case_folded()},
          {"top3_accuracy", e.top3_accuracy()},
          {"top5_accuracy", e.top5_accuracy()},
          {"rejected", e.rejected},
          {"skipped", e.skipped},
          {"seconds", e.seconds},
          {"negative_log_likelihood", e.negative_log_likelihood},
          {"expected_calibration_error", e.expected_calibration_error},
          {"calibration_error_band", e.calibration_error_band},
          {"risk_coverage", std::move(risk_coverage)},
          {"per_class", std::move(per_class)},
          {"confusions", std::move(confusions)}};
}

std::string range(std::size_t hits, std::size_t n) {
  const auto interval = wilson_interval(hits, n);
  return percent(interval.low, 2) + " to " + percent(interval.high, 2);
}

void print_summary(const Evaluation& e) {
  Table summary({"model", e.model.name + " " + e.model.version + ", " + e.normalization});
  summary.add({"accuracy", percent(e.accuracy(), 2) + "  (" + std::to_string(e.correct) + " of " +
                               std::to_string(e.samples) + "; 95 % interval " +
                               range(e.correct, e.samples) + ")"});
  if (e.correct_case_folded != e.correct)
    summary.add({"case folded", percent(e.accuracy_case_folded(), 2)});
  summary.add({"among the first 5", percent(e.top5_accuracy(), 2)});
  summary.add({"rejected", std::to_string(e.rejected) + " as not sure"});
  if (e.skipped > 0)
    summary.add({"skipped", std::to_string(e.skipped) + " with a label that the alphabet lacks"});
  char figures[96];
  std::snprintf(figures, sizeof figures, "error %.4f, negative log-likelihood %.4f",
                e.expected_calibration_error, e.negative_log_likelihood);
  summary.add({"calibration", figures});
  summary.add({"time", duration(e.seconds)});
  summary.print();
}

void print_details(const Evaluation& e) {
  using Align = Table::Align;
  print("");
  Table classes({"label", "samples", "accuracy", "95 % interval", "rejected"},
                {Align::kLeft, Align::kRight, Align::kRight, Align::kLeft, Align::kRight});
  for (const auto& c : e.per_class)
    classes.add({c.label, std::to_string(c.samples),
                 percent(static_cast<double>(c.correct) / static_cast<double>(c.samples), 2),
                 range(c.correct, c.samples), std::to_string(c.rejected)});
  classes.print();
  if (e.confusions.empty()) return;
  print("");
  Table confusions({"label", "read as", "times"}, {Align::kLeft, Align::kLeft, Align::kRight});
  for (std::size_t i = 0; i < std::min(kMostConfusions, e.confusions.size()); ++i) {
    const auto& c = e.confusions[i];
    confusions.add({c.label, c.read.empty() ? "nothing" : c.read, std::to_string(c.count)});
  }
  confusions.print();
}

Result<std::filesystem::path> write_report(const EvaluateOptions& options, const Evaluation& e,
                                           const data::Dataset& set) {
  evaluation::Report report;
  report.title = e.model.name;
  report.subtitle = "Read from " + set_name(options);
  report.facts = {{"Model", e.model.name + " " + e.model.version},
                  {"Normalization", e.normalization},
                  {"Time", duration(e.seconds)}};
  report.sections.push_back({std::filesystem::path(set_name(options)).filename().string(), e,
                             evaluation::worst_errors(e, set)});
  const auto file = std::filesystem::path(options.report) / "report.html";
  return evaluation::write_report(report, file).map([&] { return file; });
}

int evaluate(const EvaluateOptions& options) {
  const int sources = (options.images.empty() ? 0 : 1) + (options.folder.empty() ? 0 : 1) +
                      (options.strokes.empty() ? 0 : 1);
  if (sources != 1)
    return usage_error("give one data set: --images with --labels, --folder, or --strokes");
  auto model = choose_model(options.model);
  if (!model) return model_failure(model.error());
  const recognizer::Recognizer recognizer(std::move(*model));
  const auto set = read_set(options, recognizer.model().card().alphabet);
  if (!set) return model_failure(set.error());

  catch_interrupts();
  Result<Evaluation> result = fail(ErrorCode::kCancelled, "");
  {
    Progress progress("reading");
    evaluation::Options how;
    how.threads = options.threads;
    if (options.model.raw) how.normalization = ink::Normalization::kRaw;
    how.progress = [&](std::size_t done, std::size_t total) { progress.at(done, total); };
    how.stop = &interrupted();
    result = evaluation::evaluate(recognizer, *set, how);
  }
  if (!result && result.error().code == ErrorCode::kCancelled) return kInterrupted;
  if (!result) return failure(result.error());
  if (options.json) {
    print(api::to_text(to_json(*result)));
  } else {
    print_summary(*result);
    print_details(*result);
  }
  if (options.report.empty()) return kSuccess;
  const auto file = write_report(options, *result, *set);
  if (!file) return failure(file.error());
  if (!options.json) print("\nThe report is " + file->string());
  return kSuccess;
}

}  // namespace

void add_evaluate(CLI::App& program, Run& run) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App& command = *program.add_subcommand(
      "evaluate", "Measure a model on a labelled set of pictures or strokes");
  command.footer(kExamples);
  options->model.add_options(command);
  auto* const images =
      command.add_option("--images", options->images, "Pictures in IDX form, plain or gzipped")
          ->type_name("FILE");
  auto* const labels =
      command
          .add_option("--labels", options->labels,
                      "Their labels, IDX: class indices, or 32-bit Unicode code points")
          ->type_name("FILE");
  images->needs(labels);
  labels->needs(images);
  command
      .add_option("--folder", options->folder, "One folder a character: DIR/7/*.png, DIR/U+0041/*")
      ->type_name("DIR");
  command
      .add_option("--strokes", options->strokes,
                  "One {\"label\": ..., \"strokes\": ...} a line, plain or gzipped")
      ->type_name("FILE");
  command.add_flag("--transpose", options->transpose, "The IDX file holds columns first (EMNIST)")
      ->needs(images);
  command
      .add_option("--label-map", options->label_map,
                  "What 8-bit labels stand for: lines of index and code point")
      ->type_name("FILE")
      ->needs(images);
  command.add_option("--report", options->report, "Also write DIR/report.html")->type_name("DIR");
  command.add_option("--threads", options->threads, "Samples read at once (as many as cores)")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
  command.add_flag("--json", options->json, "One JSON object, see docs/formats.md");
  command.callback([options, &run] { run = [options] { return evaluate(*options); }; });
}

}  // namespace longhand::cli
