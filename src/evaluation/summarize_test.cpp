#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "evaluation/evaluation.h"

namespace longhand::evaluation {
namespace {

using ::testing::DoubleNear;
using ::testing::SizeIs;

// Label and answer by place in the alphabet.
Outcome outcome(int label, int read, float confidence, float label_confidence, int rank) {
  Outcome o;
  o.label = label;
  o.read = read;
  o.confidence = confidence;
  o.label_confidence = label_confidence;
  o.rank = rank;
  return o;
}

Outcome right(int label, float confidence = 1) {
  return outcome(label, label, confidence, confidence, 0);
}

// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
// Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
TEST(WilsonInterval, GivesPublishedFigures) {
  const auto expect = [](std::size_t hits, std::size_t n, double low, double high) {
    const Interval interval = wilson_interval(hits, n);
    EXPECT_THAT(interval.low, DoubleNear(low, 5e-5)) << hits << " of " << n;
    EXPECT_THAT(interval.high, DoubleNear(high, 5e-5)) << hits << " of " << n;
  };
  expect(81, 263, 0.2553, 0.3662);
  expect(15, 148, 0.0624, 0.1605);
  expect(0, 20, 0.0, 0.1611);
  expect(1, 29, 0.0061, 0.1718);
  expect(20, 20, 1 - 0.1611, 1.0);
  expect(0, 0, 0.0, 1.0);
}

TEST(Summarize, CountsByTheBestCandidateRejectedOrNot) {
  Outcome rejected_right = right(0, 0.2F);
  rejected_right.rejected = true;
  Outcome nothing = outcome(1, -1, 0, 1.0F / 3, -1);
  nothing.rejected = true;
  const Evaluation e =
      summarize({"a", "A", "b"}, {right(0), rejected_right, nothing, outcome(0, 1, 0.6F, 0.3F, 1),
                                  outcome(2, 0, 0.9F, 0.01F, 3)});
  EXPECT_EQ(e.samples, 5U);
  EXPECT_EQ(e.correct, 2U);
  EXPECT_EQ(e.correct_case_folded, 3U);
  EXPECT_EQ(e.correct_top3, 3U);
  EXPECT_EQ(e.correct_top5, 4U);
  EXPECT_EQ(e.rejected, 2U);
  EXPECT_DOUBLE_EQ(e.accuracy(), 0.4);
  EXPECT_DOUBLE_EQ(e.accuracy_case_folded(), 0.6);
  EXPECT_DOUBLE_EQ(e.top3_accuracy(), 0.6);
  EXPECT_DOUBLE_EQ(e.top5_accuracy(), 0.8);
}

TEST(Summarize, CountsByClassAndConfusion) {
  const Evaluation e =
      summarize({"0", "1", "2"}, {right(0), outcome(0, 1, 1, 0, 1), outcome(0, 1, 1, 0, 1),
                                  outcome(2, 0, 1, 0, 1), outcome(0, -1, 0, 0, -1)});
  ASSERT_THAT(e.per_class, SizeIs(2));
  EXPECT_EQ(e.per_class[0].label, "0");
  EXPECT_EQ(e.per_class[0].samples, 4U);
  EXPECT_EQ(e.per_class[0].correct, 1U);
  EXPECT_EQ(e.per_class[0].read, 2U);
  EXPECT_EQ(e.per_class[1].label, "2");
  ASSERT_THAT(e.confusions, SizeIs(3));
  EXPECT_EQ(e.confusions[0].label, "0");
  EXPECT_EQ(e.confusions[0].read, "1");
  EXPECT_EQ(e.confusions[0].count, 2U);
  EXPECT_EQ(e.confusions[1].read, "");
}

TEST(Summarize, MeasuresLikelihood) {
  const Evaluation e =
      summarize({"0", "1"}, {right(0, 0.5F), right(1, 0.25F), outcome(0, 1, 1, 0, 1)});
  EXPECT_NEAR(e.negative_log_likelihood, (std::log(2.0) + std::log(4.0) + 12 * std::log(10.0)) / 3,
              1e-6);
}

// 150 samples, ten a bin: in each bin sure to 0.8 and right in 6 of 10.
TEST(Summarize, MeasuresCalibrationOverBinsOfEqualSize) {
  std::vector<Outcome> outcomes;
  for (int i = 0; i < 150; ++i)
    outcomes.push_back(i % 10 < 6 ? right(0, 0.8F) : outcome(0, 1, 0.8F, 0.2F, 1));
  const Evaluation e = summarize({"0", "1"}, outcomes);
  ASSERT_THAT(e.calibration, SizeIs(15));
  for (const CalibrationBin& bin : e.calibration) {
    EXPECT_EQ(bin.samples, 10U);
    EXPECT_NEAR(bin.confidence, 0.8, 1e-6);
    EXPECT_NEAR(bin.accuracy, 0.6, 1e-9);
  }
  EXPECT_NEAR(e.expected_calibration_error, 0.2, 1e-6);
}

TEST(Summarize, SortsBinsByConfidenceAndSharesSamplesOut) {
  std::vector<Outcome> outcomes;
  for (int i = 0; i < 100; ++i) outcomes.push_back(right(0, static_cast<float>(i) / 100));
  const Evaluation e = summarize({"0"}, outcomes);
  std::size_t samples = 0;
  for (std::size_t i = 0; i < e.calibration.size(); ++i) {
    samples += e.calibration[i].samples;
    if (i > 0) {
      EXPECT_GT(e.calibration[i].confidence, e.calibration[i - 1].confidence);
    }
  }
  EXPECT_EQ(samples, 100U);
}

// With one bin the error of a perfect model is |mean of n Bernoulli draws - p|: at 95 % of a normal
// law 1.96 deviations, sqrt(p (1 - p) / n) each.
TEST(CalibrationErrorBand, IsWhatChanceMakes) {
  const std::vector<float> confidences(10'000, 0.8F);
  const double band = calibration_error_band({{10'000, 0.8, 0}}, confidences);
  EXPECT_NEAR(band, 1.96 * 0.4 / 100, 0.0006);
  EXPECT_EQ(band, calibration_error_band({{10'000, 0.8, 0}}, confidences));
}

TEST(CalibrationErrorBand, ShrinksWithSamplesAndIsZeroForTheSure) {
  const auto band = [](std::size_t n, float confidence) {
    std::vector<Outcome> outcomes(n, right(0, confidence));
    return summarize({"0"}, std::move(outcomes)).calibration_error_band;
  };
  EXPECT_GT(band(100, 0.9F), 2 * band(2000, 0.9F));
  EXPECT_EQ(band(500, 1.0F), 0);
  EXPECT_EQ(calibration_error_band({}, {}), 0);
}

TEST(Summarize, DrawsRiskByCoverage) {
  const Evaluation e = summarize(
      {"0", "1"}, {outcome(0, 1, 0.1F, 0, 1), right(0, 0.9F), right(0, 0.8F), right(0, 0.7F)});
  ASSERT_THAT(e.risk_coverage, SizeIs(4));
  EXPECT_DOUBLE_EQ(e.risk_coverage[2].coverage, 0.75);
  EXPECT_DOUBLE_EQ(e.risk_coverage[2].risk, 0);
  EXPECT_FLOAT_EQ(static_cast<float>(e.risk_coverage[2].confidence), 0.7F);
  EXPECT_DOUBLE_EQ(e.risk_coverage[3].coverage, 1);
  EXPECT_DOUBLE_EQ(e.risk_coverage[3].risk, 0.25);
}

TEST(Summarize, HoldsForOneSampleAndForNone) {
  EXPECT_EQ(summarize({"0"}, {}).samples, 0U);
  EXPECT_EQ(summarize({"0"}, {}).accuracy(), 0);
  const Evaluation one = summarize({"0"}, {right(0)});
  EXPECT_THAT(one.calibration, SizeIs(1));
  EXPECT_THAT(one.risk_coverage, SizeIs(1));
}

}  // namespace
}  // namespace longhand::evaluation
