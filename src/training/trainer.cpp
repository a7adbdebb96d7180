#include "training/trainer.h"

#include <c10/util/Exception.h>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <new>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "training/calibration.h"
#include "training/conclude.h"
#include "training/epoch.h"
#include "training/examine.h"
#include "training/learner.h"
#include "training/loader.h"
#include "training/samples.h"
#include "training/schedule.h"
#include "training/teacher.h"
#include "training/training_folder.h"
#include "training/training_log.h"

namespace longhand::training {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The recipe's, else SOURCE_DATE_EPOCH's (reproducible-builds.org), else today; YYYY-MM-DD.
std::string date_of(const Recipe& recipe) {
  if (!recipe.date.empty()) return recipe.date;
  std::time_t when = std::time(nullptr);
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {
    when = static_cast<std::time_t>(std::strtoll(epoch, nullptr, 10));
  }
  std::tm utc{};
  gmtime_r(&when, &utc);
  char text[16];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d", &utc);
  return {text, length};
}

std::int64_t steps_of(const Recipe& recipe, std::int64_t steps_per_epoch) {
  return recipe.training.steps > 0 ? recipe.training.steps
                                   : recipe.training.epochs * steps_per_epoch;
}

class Trainer {
 public:
  // `begun` is what to go on from.
  Trainer(const Recipe& recipe, const TrainOptions& options, const TrainingFolder& folder,
          std::optional<Checkpoint> begun, Network network, TrainingData data, Teachers teachers,
          Observer& observer)
      : recipe_(recipe),
        options_(options),
        folder_(folder),
        begun_(std::move(begun)),
        network_(std::move(network)),
        data_(std::move(data)),
        observer_(observer),
        maker_(recipe_, data_.train, std::move(teachers)),
        learner_(network_, recipe_,
                 class_shares(data_.train, static_cast<std::size_t>(network_.classes))),
        steps_(steps_of(recipe_, maker_.steps_per_epoch())),
        log_(folder_.log()) {
    const auto pixels = normalize_all(data_.validation, recipe_.normalization);
    validation_inputs_.reserve(pixels.size());
    for (const std::uint8_t pixel : pixels) {
      validation_inputs_.push_back(static_cast<float>(pixel) / 255.0F);
    }
  }

  Result<Outcome> run() {
    if (!options_.cache.empty()) {
      const std::int64_t epochs = (steps_ - 1) / maker_.steps_per_epoch() + 1;
      if (auto ok = maker_.keep_in(options_.cache, epochs); !ok) return tl::unexpected(ok.error());
    }
    started_ = Clock::now();
    if (auto ok = prepare(); !ok) return tl::unexpected(ok.error());
    Loader loader(maker_, learner_steps_, steps_, static_cast<int>(recipe_.training.loaders));
    while (learner_steps_ < steps_) {
      if (options_.stop != nullptr && *options_.stop) return stop();
      if (auto ok = take_step(loader.next()); !ok) return tl::unexpected(ok.error());
      const bool epoch_ended =
          learner_steps_ % maker_.steps_per_epoch() == 0 || learner_steps_ == steps_;
      if (epoch_ended) {
        if (auto ok = end_epoch(); !ok) return tl::unexpected(ok.error());
      }
      if (epoch_ended || learner_steps_ % recipe_.training.checkpoint_every == 0) {
        if (auto ok = save(); !ok) return tl::unexpected(ok.error());
      }
    }
    return finish();
  }

 private:
  Result<void> prepare() {
    const bool resumed = begun_.has_value();
    if (resumed) {
      state_ = std::move(*begun_);
      learner_.restore(state_.learner);
      learner_steps_ = state_.learner.steps;
    } else {
      state_.date = date_of(recipe_);
      if (const auto& start = recipe_.training.start; !start.empty()) {
        if (auto ok = begin_from(start); !ok) return ok;
      }
    }
    state_.recipe_digest = recipe_.weights_digest;
    // From here on there is something to go on with: a log without a checkpoint is of no use.
    if (!resumed) {
      if (auto ok = save(); !ok) return ok;
    }
    Observer::Start start;
    start.train = data_.train.size();
    start.validation = data_.validation.size();
    start.skipped = data_.skipped;
    start.parameters = network_.parameters();
    start.multiply_adds = network_.multiply_adds;
    start.steps = steps_;
    start.steps_per_epoch = maker_.steps_per_epoch();
    if (resumed) start.resumed_at = learner_steps_;
    observer_.started(start);
    return log_.start(start, recipe_, state_.epochs.size());
  }

  // The chosen weights of another training, with an optimiser that knows nothing yet.
  Result<void> begin_from(const std::filesystem::path& file) {
    auto other = load_checkpoint(file);
    if (!other) return tl::unexpected(other.error());
    const LearnerState fresh = learner_.state();
    const Weights& chosen = other->best_epoch > 0 ? other->best : other->learner.average;
    if (chosen.decayed.size() != fresh.weights.decayed.size() ||
        chosen.plain.size() != fresh.weights.plain.size() ||
        chosen.statistics.size() != fresh.weights.statistics.size()) {
      return fail(ErrorCode::kInvalidArgument,
                  "training.start: " + file.string() + " is of another network");
    }
    learner_.restore({chosen, chosen, {}, 0});
    return {};
  }

  Result<void> take_step(const Batch& batch) {
    rate_ = rate_share(recipe_.schedule, learner_steps_, steps_);
    const Learner::Step step = learner_.step(batch.inputs, batch.labels, batch.taught, rate_,
                                             ema_decay(recipe_.training.ema, learner_steps_));
    ++learner_steps_;
    if (!std::isfinite(step.loss)) return diverged();
    RunningSums& sums = state_.sums;
    sums.loss += step.loss;
    sums.correct += step.correct;
    sums.characters += step.characters;
    ++sums.steps;
    ++steps_here_;
    Observer::Progress progress;
    progress.step = learner_steps_;
    progress.steps = steps_;
    progress.epoch = (learner_steps_ - 1) / maker_.steps_per_epoch() + 1;
    progress.loss = sums.loss / static_cast<double>(sums.steps);
    progress.accuracy = static_cast<double>(sums.correct) / static_cast<double>(sums.characters);
    progress.seconds_left = seconds_since(started_) / static_cast<double>(steps_here_) *
                            static_cast<double>(steps_ - learner_steps_);
    observer_.progressed(progress);
    return {};
  }

  // What is saved stays as it was before.
  Result<void> diverged() const {
    return fail(ErrorCode::kInvalidArgument,
                "the loss is no finite number after step " + std::to_string(learner_steps_) +
                    " of " + std::to_string(steps_) +
                    ": the training has diverged; begin anew with a lower optimizer.rate or some "
                    "schedule.warmup");
  }

  Result<void> end_epoch() {
    const auto logits =
        learner_.logits(validation_inputs_, static_cast<std::int64_t>(data_.validation.size()));
    const RunningSums& sums = state_.sums;
    EpochResult result;
    result.epoch = static_cast<std::int64_t>(state_.epochs.size()) + 1;
    result.train_loss = sums.loss / static_cast<double>(sums.steps);
    result.train_accuracy =
        static_cast<double>(sums.correct) / static_cast<double>(sums.characters);
    result.validation_loss = negative_log_likelihood(
        logits, data_.validation.labels, fit_temperature(logits, data_.validation.labels));
    if (!std::isfinite(result.validation_loss)) return diverged();
    result.validation_accuracy = accuracy(logits, data_.validation.labels);
    result.rate = recipe_.optimizer.rate * rate_;
    const bool best = is_best(result);
    if (best) {
      state_.best_epoch = result.epoch;
      state_.best = learner_.result();
    }
    state_.epochs.push_back(result);
    state_.sums = {};
    observer_.finished_epoch(result, best);
    return log_.epoch(result, best);
  }

  // Equals go to the later epoch.
  bool is_best(const EpochResult& result) const {
    if (state_.best_epoch == 0 || recipe_.training.choose == TrainingPlan::Choice::kLast)
      return true;
    const EpochResult& best = state_.epochs[static_cast<std::size_t>(state_.best_epoch - 1)];
    const bool by_loss = result.validation_loss <= best.validation_loss;
    if (recipe_.training.choose == TrainingPlan::Choice::kLoss) return by_loss;
    if (result.validation_accuracy != best.validation_accuracy) {
      return result.validation_accuracy > best.validation_accuracy;
    }
    return by_loss;
  }

  Result<void> save() {
    Checkpoint now = state_;
    now.learner = learner_.state();
    now.seconds = seconds();
    return save_checkpoint(now, folder_.checkpoint());
  }

  double seconds() const { return state_.seconds + seconds_since(started_); }

  Result<Outcome> stop() {
    if (auto ok = save(); !ok) return tl::unexpected(ok.error());
    return fail(ErrorCode::kCancelled, "stopped after step " + std::to_string(learner_steps_) +
                                           " of " + std::to_string(steps_) +
                                           " and saved; the same command with --resume goes on");
  }

  Result<Outcome> finish() {
    Conclusion conclusion{recipe_,  network_,           data_,    state_, maker_,
                          learner_, validation_inputs_, seconds()};
    auto outcome = conclude(conclusion, options_, observer_, log_);
    if (outcome) return outcome;
    return fail(outcome.error().code, outcome.error().message +
                                          "; the training itself is done and saved, and --resume "
                                          "concludes it when that is put right");
  }

  const Recipe& recipe_;
  const TrainOptions& options_;
  const TrainingFolder& folder_;
  std::optional<Checkpoint> begun_;
  Network network_;
  TrainingData data_;
  Observer& observer_;
  BatchMaker maker_;
  Learner learner_;
  std::int64_t steps_;
  TrainingLog log_;
  std::vector<float> validation_inputs_;
  Checkpoint state_;  // but for the learner's part, which lives in learner_
  std::int64_t learner_steps_ = 0;
  std::int64_t steps_here_ = 0;  // by this process
  double rate_ = 0;
  Clock::time_point started_;
};

// What the folder's training has come to so far; refused where the recipe is of other weights.
Result<Checkpoint> checkpoint_of(const Recipe& recipe, const TrainingFolder& folder) {
  auto checkpoint = load_checkpoint(folder.checkpoint());
  if (!checkpoint) return checkpoint;
  const std::string& digest = checkpoint->recipe_digest;
  if (digest == recipe.weights_digest || digest == recipe.digest) return checkpoint;
  return fail(ErrorCode::kInvalidArgument,
              folder.checkpoint().string() +
                  " is of another recipe or other settings; give those that it was begun with, or "
                  "another --out");
}

bool is_finished(const TrainingFolder& folder) {
  std::error_code error;
  return std::filesystem::exists(folder.model(), error) &&
         std::filesystem::exists(folder.report(), error) && TrainingLog(folder.log()).has_ended();
}

// The test set is looked at once: not again because somebody asks to go on with what is done.
Outcome tell_finished(const TrainingFolder& folder, Observer& observer) {
  observer.note("this training is finished, its model is " + folder.model().string() +
                "; nothing was done (--conclude-again calibrates it and writes model and report "
                "anew, with another look at the test set)");
  Outcome outcome;
  outcome.was_finished = true;
  outcome.model = folder.model();
  outcome.report = folder.report();
  return outcome;
}

Result<Outcome> run(const Recipe& recipe, const TrainOptions& options, Observer& observer) {
  const auto folder = options.resume ? TrainingFolder::resume(options.out, recipe.name)
                                     : TrainingFolder::begin(options.out, recipe.name);
  if (!folder) return tl::unexpected(folder.error());
  std::optional<Checkpoint> begun;
  if (options.resume) {
    auto checkpoint = checkpoint_of(recipe, *folder);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    if (!options.conclude_again && is_finished(*folder)) return tell_finished(*folder, observer);
    begun = std::move(*checkpoint);
  }
  auto findings = examine(recipe);
  if (!findings) return tl::unexpected(findings.error());
  auto data = load_training_data(recipe);
  if (!data) return tl::unexpected(data.error());
  auto teachers = Teachers::load(recipe.training.teachers, recipe.alphabet, recipe.normalization);
  if (!teachers) return tl::unexpected(teachers.error());
  return Trainer(recipe, options, *folder, std::move(begun), std::move(findings->network),
                 std::move(*data), std::move(*teachers), observer)
      .run();
}

tl::unexpected<Error> no_memory() {
  return fail(ErrorCode::kTooLarge,
              "there is not memory enough for this training; a smaller network, a smaller "
              "training.batch or fewer training.loaders need less");
}

// Of what libtorch says, which ends with a stack trace, the first line.
tl::unexpected<Error> failure_of(const c10::Error& error) {
  const std::string_view said = error.what_without_backtrace();
  if (said.find("allocate memory") != std::string_view::npos) return no_memory();
  return fail(ErrorCode::kIo,
              "libtorch can't go on: " + std::string(said.substr(0, said.find('\n'))));
}

}  // namespace

Result<Outcome> train(const Recipe& recipe, const TrainOptions& options, Observer& observer) {
  try {
    return run(recipe, options, observer);
  } catch (const c10::Error& error) {
    return failure_of(error);
  } catch (const std::bad_alloc&) {
    return no_memory();
  } catch (const std::length_error&) {  // of a vector that no memory could hold
    return no_memory();
  }
}

}  // namespace longhand::training
