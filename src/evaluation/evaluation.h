#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "ink/normalize.h"
#include "recognizer/reading.h"
#include "recognizer/recognizer.h"

namespace longhand::evaluation {

// What became of one sample whose label the alphabet has. Classes are places in the alphabet.
struct Outcome {
  std::size_t sample = 0;  // its place in the data set
  int label = 0;
  int read = -1;               // the best candidate, also when rejected; -1 where no ink was found
  int rank = -1;               // the label's place among the candidates (0 the best); -1: not there
  float confidence = 0;        // of `read`, calibrated
  float label_confidence = 0;  // of the label; see `negative_log_likelihood`
  bool rejected = false;
  ink::GreyImage seen;  // what the network saw; kept for wrong readings only
};

// A share of samples, and how sure it is: Wilson's score interval at 95 %, which holds near 0 and 1
// too. E. B. Wilson, "Probable inference", JASA 22 (1927).
struct Interval {
  double low = 0;
  double high = 1;
};
Interval wilson_interval(std::size_t hits, std::size_t n);

struct ClassResult {
  std::string label;
  std::size_t samples = 0;
  std::size_t correct = 0;
  std::size_t rejected = 0;
  std::size_t read = 0;  // how often this was the answer, right or wrong
};

struct Confusion {
  std::string label;
  std::string read;  // empty where no ink was found
  std::size_t count = 0;
};

// Samples of about the same confidence: how sure the model was, and how often it was right.
struct CalibrationBin {
  std::size_t samples = 0;
  double confidence = 0;
  double accuracy = 0;
};

// With the least sure left out so that `coverage` of all is answered, `risk` of those is wrong;
// those answered are at least so sure as `confidence`.
struct RiskPoint {
  double coverage = 0;
  double risk = 0;
  double confidence = 0;
};

struct Evaluation {
  std::vector<std::string> alphabet;
  recognizer::ModelRef model;
  std::string normalization;

  std::size_t samples = 0;  // those with a label of the alphabet; all shares are of them
  std::size_t correct = 0;  // by the best candidate, rejected or not: a threshold hides no error
  std::size_t correct_case_folded = 0;  // A for a counts (A to Z only)
  std::size_t correct_top3 = 0;
  std::size_t correct_top5 = 0;
  std::size_t rejected = 0;
  std::size_t skipped = 0;  // samples whose label the alphabet lacks
  double seconds = 0;

  // Mean of -log(confidence of the label). Exact up to ten classes; beyond, a label that is not
  // among the ten candidates counts with an equal share of what those leave.
  double negative_log_likelihood = 0;
  // Mean distance of confidence and accuracy over `calibration`, weighted by its samples.
  double expected_calibration_error = 0;
  double calibration_error_band = 0;  // see calibration_error_band()
  std::vector<CalibrationBin> calibration;  // 15 bins with the same number of samples, unsure first
  std::vector<RiskPoint> risk_coverage;     // by rising coverage, at most 200 points
  std::vector<ClassResult> per_class;       // in the order of the alphabet, those with samples
  std::vector<Confusion> confusions;        // most frequent first
  std::vector<Outcome> outcomes;            // in the order of the data set

  double accuracy() const;
  double accuracy_case_folded() const;
  double top3_accuracy() const;
  double top5_accuracy() const;
};

struct Options {
  int threads = 0;  // 0: as many as cores
  // Instead of the card's; kRaw is `--raw`. Strokes are drawn by the normalization's own rule.
  std::optional<ink::Normalization> normalization;
  // Called from one thread at a time, a few times a second, with samples done and in all.
  std::function<void(std::size_t done, std::size_t total)> progress;
  const std::atomic<bool>* stop = nullptr;  // set: give up soon
};

// Reads every sample the way a user's is read. kCancelled when stopped; kInvalidArgument for a set
// without samples or of which no label is in the alphabet.
Result<Evaluation> evaluate(const recognizer::Recognizer& recognizer, const data::Dataset& set,
                            const Options& options = {});

// The calibration error that 95 of 100 perfectly calibrated models would stay within, had they these
// very confidences (in the order of the bins): on few samples chance alone makes an error. By a
// parametric bootstrap of 1,000 draws, each sample right with the chance that its confidence states;
// J. Bröcker and L. Smith, "Increasing the reliability of reliability diagrams", 2007.
double calibration_error_band(const std::vector<CalibrationBin>& bins,
                              std::span<const float> unsure_first);

// The figures of outcomes that came about elsewhere; model, normalization, skipped and seconds are
// left to the caller.
Evaluation summarize(std::vector<std::string> alphabet, std::vector<Outcome> outcomes);

}  // namespace longhand::evaluation
