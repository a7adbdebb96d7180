#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "evaluation/evaluation.h"

namespace longhand::evaluation {
namespace {

constexpr std::size_t kBins = 15;
constexpr std::size_t kRiskPoints = 200;
// A confidence of zero would make the mean infinite by one sample; a float's softmax can't tell
// anything smaller from it.
constexpr double kLeastConfidence = 1e-12;

double share(std::size_t hits, std::size_t n) {
  return n == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(n);
}

bool is_correct(const Outcome& outcome) {
  return outcome.read == outcome.label;
}

std::string folded(const std::string& text) {
  if (text.size() == 1 && text[0] >= 'A' && text[0] <= 'Z')
    return std::string(1, static_cast<char>(text[0] - 'A' + 'a'));
  return text;
}

// The outcomes' places, the surest first; equals keep their order, so that results are the same
// everywhere.
std::vector<std::size_t> surest_first(const std::vector<Outcome>& outcomes) {
  std::vector<std::size_t> order(outcomes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return outcomes[a].confidence > outcomes[b].confidence;
  });
  return order;
}

std::vector<CalibrationBin> calibrate(const std::vector<Outcome>& outcomes,
                                      const std::vector<std::size_t>& order) {
  const std::size_t n = outcomes.size();
  const std::size_t bins = std::min(kBins, n);
  std::vector<CalibrationBin> result;
  for (std::size_t bin = bins; bin-- > 0;) {
    const std::size_t begin = bin * n / bins;
    const std::size_t end = (bin + 1) * n / bins;
    CalibrationBin b;
    b.samples = end - begin;
    std::size_t correct = 0;
    for (std::size_t i = begin; i < end; ++i) {
      b.confidence += static_cast<double>(outcomes[order[i]].confidence);
      correct += is_correct(outcomes[order[i]]) ? 1 : 0;
    }
    b.confidence /= static_cast<double>(b.samples);
    b.accuracy = share(correct, b.samples);
    result.push_back(b);
  }
  return result;
}

std::vector<RiskPoint> risk_by_coverage(const std::vector<Outcome>& outcomes,
                                        const std::vector<std::size_t>& order) {
  const std::size_t n = outcomes.size();
  const std::size_t points = std::min(kRiskPoints, n);
  std::vector<RiskPoint> result;
  std::size_t wrong = 0;
  std::size_t done = 0;
  for (std::size_t point = 1; point <= points; ++point) {
    for (const std::size_t end = point * n / points; done < end; ++done)
      wrong += is_correct(outcomes[order[done]]) ? 0 : 1;
    result.push_back({share(done, n), share(wrong, done),
                      static_cast<double>(outcomes[order[done - 1]].confidence)});
  }
  return result;
}

void count(Evaluation& e) {
  std::vector<ClassResult> classes(e.alphabet.size());
  std::map<std::pair<int, int>, std::size_t> confusions;
  for (const Outcome& outcome : e.outcomes) {
    ClassResult& of_label = classes[static_cast<std::size_t>(outcome.label)];
    ++of_label.samples;
    if (outcome.rejected) {
      ++of_label.rejected;
      ++e.rejected;
    }
    if (outcome.rank >= 0 && outcome.rank < 3) ++e.correct_top3;
    if (outcome.rank >= 0 && outcome.rank < 5) ++e.correct_top5;
    if (outcome.read >= 0) {
      ++classes[static_cast<std::size_t>(outcome.read)].read;
      if (folded(e.alphabet[static_cast<std::size_t>(outcome.read)]) ==
          folded(e.alphabet[static_cast<std::size_t>(outcome.label)]))
        ++e.correct_case_folded;
    }
    if (is_correct(outcome)) {
      ++of_label.correct;
      ++e.correct;
    } else {
      ++confusions[{outcome.label, outcome.read}];
    }
  }
  for (std::size_t i = 0; i < classes.size(); ++i) {
    classes[i].label = e.alphabet[i];
    if (classes[i].samples > 0) e.per_class.push_back(classes[i]);
  }
  for (const auto& [pair, n] : confusions)
    e.confusions.push_back(
        {e.alphabet[static_cast<std::size_t>(pair.first)],
         pair.second < 0 ? "" : e.alphabet[static_cast<std::size_t>(pair.second)], n});
  std::stable_sort(e.confusions.begin(), e.confusions.end(),
                   [](const Confusion& a, const Confusion& b) { return a.count > b.count; });
}

}  // namespace

Interval wilson_interval(std::size_t hits, std::size_t n) {
  if (n == 0) return {0, 1};
  constexpr double kZ = 1.959963984540054;  // of 95 %
  const double count = static_cast<double>(n);
  const double p = share(hits, n);
  const double scale = 1 / (1 + kZ * kZ / count);
  const double middle = scale * (p + kZ * kZ / (2 * count));
  const double half = scale * kZ * std::sqrt(p * (1 - p) / count + kZ * kZ / (4 * count * count));
  // At the ends the formula is exact but for rounding.
  return {hits == 0 ? 0 : std::max(0.0, middle - half),
          hits == n ? 1 : std::min(1.0, middle + half)};
}

double Evaluation::accuracy() const {
  return share(correct, samples);
}
double Evaluation::accuracy_case_folded() const {
  return share(correct_case_folded, samples);
}
double Evaluation::top3_accuracy() const {
  return share(correct_top3, samples);
}
double Evaluation::top5_accuracy() const {
  return share(correct_top5, samples);
}

Evaluation summarize(std::vector<std::string> alphabet, std::vector<Outcome> outcomes) {
  Evaluation e;
  e.alphabet = std::move(alphabet);
  e.outcomes = std::move(outcomes);
  e.samples = e.outcomes.size();
  count(e);
  if (e.outcomes.empty()) return e;

  for (const Outcome& outcome : e.outcomes)
    e.negative_log_likelihood -=
        std::log(std::max(static_cast<double>(outcome.label_confidence), kLeastConfidence));
  e.negative_log_likelihood /= static_cast<double>(e.samples);

  const auto order = surest_first(e.outcomes);
  e.calibration = calibrate(e.outcomes, order);
  for (const CalibrationBin& bin : e.calibration)
    e.expected_calibration_error +=
        std::abs(bin.confidence - bin.accuracy) * share(bin.samples, e.samples);
  std::vector<float> unsure_first;
  for (auto place = order.rbegin(); place != order.rend(); ++place)
    unsure_first.push_back(e.outcomes[*place].confidence);
  e.calibration_error_band = calibration_error_band(e.calibration, unsure_first);
  e.risk_coverage = risk_by_coverage(e.outcomes, order);
  return e;
}

}  // namespace longhand::evaluation
