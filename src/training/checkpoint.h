#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "training/learner.h"

namespace longhand::training {

// What one epoch came to, as it stands in the log.
struct EpochResult {
  std::int64_t epoch = 0;  // from 1
  double train_loss = 0;
  double train_accuracy = 0;
  double validation_loss = 0;  // at the temperature that fits best
  double validation_accuracy = 0;
  double rate = 0;
  bool operator==(const EpochResult&) const = default;
};

// Sums over the steps of the epoch so far.
struct RunningSums {
  double loss = 0;
  std::int64_t steps = 0;
  std::int64_t correct = 0;
  std::int64_t characters = 0;
  bool operator==(const RunningSums&) const = default;
};

// All that a training needs to go on as if it had never stopped. The generators need no place here:
// every random number is a function of the seed and the number of the step.
struct Checkpoint {
  std::string recipe_digest;  // its weights_digest; in older ones its digest
  std::string date;           // of the training's start, for the card
  double seconds = 0;         // spent so far
  LearnerState learner;
  RunningSums sums;
  std::vector<EpochResult> epochs;
  std::int64_t best_epoch = 0;  // 0: none yet
  Weights best;
  bool operator==(const Checkpoint&) const = default;
};

// Writes beside, flushes to the disk, then renames: there is always a whole checkpoint.
Result<void> save_checkpoint(const Checkpoint& checkpoint, const std::filesystem::path& file);
// kNotFound when there is none; kCorruptData for one that is cut short, altered or of another
// version.
Result<Checkpoint> load_checkpoint(const std::filesystem::path& file);

// As bytes: see docs/training.md for the format.
std::string encode_checkpoint(const Checkpoint& checkpoint);
Result<Checkpoint> decode_checkpoint(std::string_view bytes);

// Replaces a file whole or not at all, and flushes it to the disk.
Result<void> write_file_atomically(const std::filesystem::path& file, std::string_view bytes);

}  // namespace longhand::training
