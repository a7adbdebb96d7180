#pragma once

#include <vector>

#include "base/result.h"
#include "training/checkpoint.h"
#include "training/learner.h"
#include "training/loader.h"
#include "training/samples.h"
#include "training/trainer.h"
#include "training/training_log.h"

namespace longhand::training {

// What is there when the last step is done.
struct Conclusion {
  const Recipe& recipe;
  const Network& network;
  const TrainingData& data;
  const Checkpoint& state;
  const BatchMaker& maker;
  const Learner& learner;
  const std::vector<float>& validation_inputs;
  double seconds;
};

// Calibrates the chosen weights on the validation split, looks at the test set for the one time,
// and writes model, card and report.
Result<Outcome> conclude(const Conclusion& from, const TrainOptions& options, Observer& observer,
                         TrainingLog& log);

}  // namespace longhand::training
