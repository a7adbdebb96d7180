#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "training/trainer.h"

namespace longhand::training {

// The log of a training: one JSON object a line, appended as it goes. A resumed training drops the
// lines of epochs that its checkpoint does not know, so that each epoch stands there once.
class TrainingLog {
 public:
  explicit TrainingLog(std::filesystem::path file) : file_(std::move(file)) {}

  // A resumption goes on with the log that is there, of which `epochs` count; else it is replaced.
  Result<void> start(const Observer::Start& start, const Recipe& recipe, std::size_t epochs);
  Result<void> epoch(const EpochResult& result, bool best);
  Result<void> end(const Outcome& outcome, double temperature, double threshold,
                   double negatives_refused);
  // Whether its last line is the end's.
  bool has_ended() const;

 private:
  Result<void> append(const std::string& line);

  std::filesystem::path file_;
};

// `text` as a JSON string, quotes included.
std::string json_string(std::string_view text);
// A number in the fewest digits that give it back.
std::string json_number(double value);

}  // namespace longhand::training
