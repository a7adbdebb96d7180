#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "training/layers.h"
#include "training/recipe.h"
#include "training/samples.h"

namespace longhand::training {

// All that changes in a Learner, as plain numbers: what a checkpoint keeps.
struct LearnerState {
  Weights weights;
  Weights average;                          // the EMA; like weights where the recipe has none
  std::vector<std::vector<float>> moments;  // of the optimiser, in its own order
  std::int64_t steps = 0;                   // taken so far
  bool operator==(const LearnerState&) const = default;
};

// A network in libtorch with its optimiser. Only this and forward.h see libtorch. One thread at a
// time; libtorch's number of threads is set for the whole process.
class Learner {
 public:
  static constexpr std::int32_t kNothing = Samples::kNothing;

  struct Step {
    double loss = 0;           // mean over the batch
    std::int64_t correct = 0;  // of those that are characters
    std::int64_t characters = 0;
  };

  // `shares` says how frequent each class is among what will be learnt from; only a recipe that
  // balances needs it. What the logits then say is what they would if all were alike frequent: in
  // the loss, and there alone, each has the logarithm of its share added ("logit adjustment": Menon
  // et al., Long-tail learning via logit adjustment, 2021).
  Learner(const Network& network, const Recipe& recipe, std::span<const double> shares = {});
  ~Learner();
  Learner(const Learner&) = delete;
  Learner& operator=(const Learner&) = delete;

  // One step on a batch: labels.size() samples, `inputs` that many times the network's input. The
  // generator for dropout is seeded by (seed, number of the step), so it needs no state of its own.
  // `rate_share` is the schedule's, `ema_decay` the weight of the past.
  // `taught` holds the teachers' probabilities for each sample, or nothing.
  Step step(std::span<const float> inputs, std::span<const std::int32_t> labels,
            std::span<const float> taught, double rate_share, double ema_decay);

  // Logits of the averaged weights (where the recipe has an average), in evaluation mode.
  std::vector<float> logits(std::span<const float> inputs, std::int64_t count) const;
  // The same with other weights.
  std::vector<float> logits(const Weights& weights, std::span<const float> inputs,
                            std::int64_t count) const;

  // The weights that a model is made of: the average where there is one.
  Weights result() const;
  LearnerState state() const;
  // A state of this same network and recipe; anything else is a bug (std::logic_error).
  void restore(const LearnerState& state);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

// Weights as the recipe's initialisation makes them from its seed.
Weights initial_weights(const Network& network, const Initialization& initialization,
                        std::uint64_t seed);

}  // namespace longhand::training
