#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "training/checkpoint.h"
#include "training/layers.h"
#include "training/recipe.h"

namespace longhand::training {

// Who watches a training; called from the training's own thread.
class Observer {
 public:
  virtual ~Observer() = default;

  struct Start {
    std::size_t train = 0;
    std::size_t validation = 0;
    std::size_t skipped = 0;
    std::int64_t parameters = 0;
    std::int64_t multiply_adds = 0;
    std::int64_t steps = 0;
    std::int64_t steps_per_epoch = 0;
    std::int64_t resumed_at = -1;  // steps done before; -1: it begins
  };
  struct Progress {
    std::int64_t step = 0;  // done
    std::int64_t steps = 0;
    std::int64_t epoch = 0;  // from 1
    double loss = 0;         // of the epoch so far
    double accuracy = 0;
    double seconds_left = 0;
  };
  virtual void started(const Start& start) = 0;
  virtual void progressed(const Progress& progress) = 0;
  virtual void finished_epoch(const EpochResult& result, bool best) = 0;
  virtual void note(std::string_view line) = 0;
};

struct TrainOptions {
  std::filesystem::path out;  // made if missing; holds checkpoint, log, model and report
  bool resume = false;
  bool conclude_again = false;  // with resume: calibrate and write anew what was finished
  std::filesystem::path
      cache;  // where what is made of samples is kept for other trainings; "": not
  const std::atomic<bool>* stop = nullptr;  // set: save and return kCancelled
};

// What a training came to.
struct Outcome {
  bool was_finished = false;  // before, and nothing was done: only model and report are told
  std::filesystem::path model;
  std::filesystem::path report;
  std::int64_t chosen_epoch = 0;
  double validation_accuracy = 0;
  double test_accuracy = -1;  // -1 where there is no test set
  std::size_t test_samples = 0;
  double minutes = 0;
};

// The whole training of a recipe, from its data to the model, card, log and report. With `resume`
// it goes on from the checkpoint in `out`, to the same bytes as if it had not stopped (same
// processor, same number of threads). Without it a folder that holds any of a training's files
// is refused, and with or without one where another process trains.
// kTooLarge for what the memory can't hold.
Result<Outcome> train(const Recipe& recipe, const TrainOptions& options, Observer& observer);

}  // namespace longhand::training
