#include "evaluation/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "evaluation/chart.h"
#include "evaluation/html.h"

namespace longhand::evaluation {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// Ten classes, 300 samples, every seventh wrong.
Evaluation example() {
  std::vector<std::string> alphabet;
  for (char c = '0'; c <= '9'; ++c) alphabet.emplace_back(1, c);
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < 300; ++i) {
    Outcome o;
    o.sample = i;
    o.label = static_cast<int>(i % 10);
    const bool wrong = i % 7 == 0;
    o.read = wrong ? static_cast<int>((i + 3) % 10) : o.label;
    o.rank = wrong ? 1 : 0;
    o.confidence = 0.5F + static_cast<float>(i % 50) / 100;
    o.label_confidence = wrong ? 0.1F : o.confidence;
    if (wrong) o.seen = ink::GreyImage(28, 28, 40);
    outcomes.push_back(std::move(o));
  }
  return summarize(alphabet, std::move(outcomes));
}

data::Dataset example_set() {
  data::Dataset set;
  for (std::size_t i = 0; i < 300; ++i) {
    data::Sample sample;
    sample.label = std::to_string(i % 10);
    sample.source = "index " + std::to_string(i);
    if (i % 2 == 0) {
      ink::Raster raster;
      raster.grey = ink::GreyImage(300, 200, 200);
      raster.alpha = ink::GreyImage(300, 200, 0);
      sample.input = std::move(raster);
    } else {
      ink::Strokes strokes;
      strokes.strokes.push_back({{0, 0}, {1000, 500}});
      sample.input = std::move(strokes);
    }
    set.samples.push_back(std::move(sample));
  }
  return set;
}

TEST(Html, GroupsLongNumbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1234567), "1\u202F234\u202F567");
  EXPECT_EQ(percent(0.99701), "99.70\u00A0%");
  EXPECT_EQ(percent(0.5, 0), "50\u00A0%");
}

TEST(WorstErrors, AreTheSurestWithTheirPictures) {
  const auto worst = worst_errors(example(), example_set(), 5);
  ASSERT_THAT(worst, SizeIs(5));
  for (std::size_t i = 1; i < worst.size(); ++i)
    EXPECT_LE(worst[i].confidence, worst[i - 1].confidence);
  for (const WrongReading& error : worst) {
    EXPECT_NE(error.label, error.read);
    EXPECT_EQ(error.given.width, 112);
    EXPECT_LE(error.given.height, 112);
    EXPECT_EQ(error.seen.width, 28);
  }
}

TEST(LineChart, DrawsWhatItCan) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Chart chart{
      "Loss",
      "epoch",
      "loss",
      {{"training", {{1, 2}, {2, 1}, {3, nan}, {4, 0.5}}}, {"one", {{2, 1}}}, {"none", {}}},
      false};
  const std::string svg = line_chart(chart);
  EXPECT_THAT(svg, AllOf(HasSubstr("<polyline"), HasSubstr("<circle"), HasSubstr("training"),
                         Not(HasSubstr("nan")), Not(HasSubstr("inf"))));
  EXPECT_THAT(line_chart({"Empty", "x", "y", {}, true}), Not(HasSubstr("nan")));
  EXPECT_THAT(line_chart({"Flat", "x", "y", {{"f", {{1, 5}, {2, 5}}}}, false}),
              AllOf(HasSubstr("<polyline"), Not(HasSubstr("nan"))));
}

TEST(ConfusionMatrix, HasACellForEveryPairThatCame) {
  const std::string svg = confusion_matrix(example());
  EXPECT_THAT(svg, AllOf(HasSubstr("<title>0 read as 3"), HasSubstr("<title>0 read as 0")));
  std::vector<std::string> many;
  std::vector<Outcome> outcomes;
  for (int i = 0; i < 101; ++i) {
    many.push_back(std::to_string(i));
    Outcome o;
    o.label = o.read = i;
    o.rank = 0;
    outcomes.push_back(o);
  }
  EXPECT_EQ(confusion_matrix(summarize(many, outcomes)), "");
}

TEST(Report, IsOnePageWithoutScriptsOrFetches) {
  Report report;
  report.title = "digits <script>alert(1)</script>";
  report.facts = {{"Recipe", "a & b"}};
  report.training.push_back({"Loss", "epoch", "loss", {{"x", {{0, 1}, {1, 0.5}}}}, false});
  Section& s = report.sections.emplace_back();
  s.name = "Test";
  s.evaluation = example();
  s.worst = worst_errors(s.evaluation, example_set(), 3);
  const std::string html = to_html(report);
  EXPECT_THAT(html, AllOf(HasSubstr("<!doctype html>"), HasSubstr("prefers-color-scheme:dark"),
                          HasSubstr("a &amp; b"), HasSubstr("data:image/png;base64,iVBORw0KGgo"),
                          HasSubstr("85.67\u00A0%"), HasSubstr("</html>")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("http")), Not(HasSubstr("url(")),
                          Not(HasSubstr("@import")), Not(HasSubstr("nan"))));
}

TEST(Report, IsWrittenWholeOrNotAtAll) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / "longhand-report";
  std::filesystem::remove_all(folder);
  Report report;
  report.title = "t";
  const auto file = folder / "sub" / "report.html";
  ASSERT_TRUE(write_report(report, file).has_value());
  std::ifstream in(file);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(content, to_html(report));
  EXPECT_FALSE(std::filesystem::exists(file.string() + ".part"));
  const auto refused = write_report(report, file / "below-a-file.html");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kIo);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace longhand::evaluation
