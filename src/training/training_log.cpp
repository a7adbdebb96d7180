#include "training/training_log.h"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <utility>

namespace longhand::training {
namespace {

constexpr std::string_view kEpochLine = "{\"event\":\"epoch\",\"epoch\":";

std::string object(std::string_view event,
                   std::initializer_list<std::pair<std::string_view, std::string>> fields) {
  std::string line = "{\"event\":" + json_string(event);
  for (const auto& [key, value] : fields) line += "," + json_string(key) + ":" + value;
  return line + "}";
}

bool is_end(const std::string& line) {
  return line.starts_with("{\"event\":\"end\"");
}

// Whether the line belongs to a log cut back to `epochs` epochs.
bool counts(const std::string& line, std::size_t epochs) {
  if (is_end(line) || line.empty() || line.back() != '}') return false;
  if (line.rfind(kEpochLine, 0) != 0) return true;
  std::size_t epoch = 0;
  std::from_chars(line.data() + kEpochLine.size(), line.data() + line.size(), epoch);
  return epoch <= epochs;
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      result += escape;
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string json_number(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

Result<void> TrainingLog::start(const Observer::Start& start, const Recipe& recipe,
                                std::size_t epochs) {
  const bool resumed = start.resumed_at >= 0;
  std::string kept;
  if (resumed) {
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);) {
      if (counts(line, epochs)) kept += line + "\n";
    }
  }
  if (auto ok = write_file_atomically(file_, kept); !ok) return ok;
  return append(object(resumed ? "resume" : "start",
                       {{"name", json_string(recipe.name)},
                        {"recipe", json_string(recipe.file)},
                        {"recipe_digest", json_string(recipe.digest)},
                        {"seed", std::to_string(recipe.seed)},
                        {"step", std::to_string(resumed ? start.resumed_at : 0)},
                        {"steps", std::to_string(start.steps)},
                        {"steps_per_epoch", std::to_string(start.steps_per_epoch)},
                        {"train_samples", std::to_string(start.train)},
                        {"validation_samples", std::to_string(start.validation)},
                        {"parameters", std::to_string(start.parameters)},
                        {"multiply_adds", std::to_string(start.multiply_adds)},
                        {"threads", std::to_string(recipe.training.threads)}}));
}

Result<void> TrainingLog::epoch(const EpochResult& result, bool best) {
  return append(object("epoch", {{"epoch", std::to_string(result.epoch)},
                                 {"train_loss", json_number(result.train_loss)},
                                 {"train_accuracy", json_number(result.train_accuracy)},
                                 {"validation_loss", json_number(result.validation_loss)},
                                 {"validation_accuracy", json_number(result.validation_accuracy)},
                                 {"rate", json_number(result.rate)},
                                 {"best", best ? "true" : "false"}}));
}

Result<void> TrainingLog::end(const Outcome& outcome, double temperature, double threshold,
                              double negatives_refused) {
  return append(object(
      "end", {{"chosen_epoch", std::to_string(outcome.chosen_epoch)},
              {"validation_accuracy", json_number(outcome.validation_accuracy)},
              {"test_samples", std::to_string(outcome.test_samples)},
              {"test_accuracy", outcome.test_accuracy < 0 ? std::string("null")
                                                          : json_number(outcome.test_accuracy)},
              {"temperature", json_number(temperature)},
              {"reject_threshold", json_number(threshold)},
              {"negatives_refused", json_number(negatives_refused)},
              {"minutes", json_number(outcome.minutes)}}));
}

bool TrainingLog::has_ended() const {
  std::ifstream in(file_);
  std::string last;
  for (std::string line; std::getline(in, line);) last = std::move(line);
  return is_end(last);
}

Result<void> TrainingLog::append(const std::string& line) {
  std::ofstream out(file_, std::ios::app | std::ios::binary);
  out << line << '\n' << std::flush;
  if (out) return {};
  return fail(ErrorCode::kIo, file_.string() + " can't be written");
}

}  // namespace longhand::training
