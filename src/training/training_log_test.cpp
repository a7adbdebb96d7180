#include "training/training_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "training/progress.h"

namespace longhand::training {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Log : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "log.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::vector<std::string> lines() const {
    std::vector<std::string> result;
    std::ifstream in(folder_ / "log.jsonl");
    for (std::string line; std::getline(in, line);) result.push_back(line);
    return result;
  }

  std::filesystem::path folder_;
};

EpochResult epoch(std::int64_t number) {
  EpochResult result;
  result.epoch = number;
  return result;
}

TEST_F(Log, KeepsEachEpochOnceOverAResumption) {
  TrainingLog log(folder_ / "log.jsonl");
  Recipe recipe;
  recipe.name = "t";
  ASSERT_TRUE(log.start({}, recipe, 0));
  for (int i = 1; i <= 12; ++i) ASSERT_TRUE(log.epoch(epoch(i), true));
  std::ofstream(folder_ / "log.jsonl", std::ios::app)
      << "{\"event\":\"epo";  // killed while writing

  Observer::Start resumed;
  resumed.resumed_at = 50;
  ASSERT_TRUE(log.start(resumed, recipe, 2));  // the checkpoint knows two epochs
  ASSERT_TRUE(log.epoch(epoch(3), false));
  EXPECT_FALSE(log.has_ended());
  ASSERT_TRUE(log.end({}, 1, 0.5, 0.25));
  EXPECT_TRUE(log.has_ended());
  EXPECT_THAT(
      lines(),
      ElementsAre(StartsWith(R"({"event":"start",)"), StartsWith(R"({"event":"epoch","epoch":1,)"),
                  StartsWith(R"({"event":"epoch","epoch":2,)"), StartsWith(R"({"event":"resume",)"),
                  StartsWith(R"({"event":"epoch","epoch":3,)"),
                  HasSubstr(R"("reject_threshold":0.5,"negatives_refused":0.25)")));
}

TEST_F(Log, BeginsAnewWhereNothingIsResumed) {
  TrainingLog log(folder_ / "log.jsonl");
  ASSERT_TRUE(log.start({}, Recipe{}, 0));
  ASSERT_TRUE(log.start({}, Recipe{}, 0));
  EXPECT_EQ(lines().size(), 1U);
  Observer::Start resumed;
  resumed.resumed_at = 0;  // stopped before its first step
  ASSERT_TRUE(log.start(resumed, Recipe{}, 0));
  EXPECT_THAT(lines(), ElementsAre(HasSubstr("start"), HasSubstr("resume")));
}

TEST(Json, EscapesText) {
  EXPECT_EQ(json_string("a\"b\\c\n\x01"), R"("a\"b\\c\u000a\u0001")");
  EXPECT_EQ(json_number(0.1), "0.1");
}

TEST(Progress, SaysHowLong) {
  EXPECT_EQ(duration_text(-3), "0 s");
  EXPECT_EQ(duration_text(59.6), "1 min 00 s");
  EXPECT_EQ(duration_text(3725), "1 h 02 min");
}

TEST(Progress, WritesPlainLinesWhereThereIsNoTerminal) {
  std::ostringstream out;
  ProgressPrinter printer(out, false);
  Observer::Progress progress;
  progress.step = 5;
  progress.steps = 10;
  progress.epoch = 1;
  progress.loss = 0.25;
  progress.accuracy = 0.5;
  progress.seconds_left = 75;
  printer.progressed(progress);
  printer.progressed(progress);  // too soon for another line
  EXPECT_EQ(out.str(), "epoch 1  step 5/10  loss 0.2500  accuracy 50.00 %  1 min 15 s left\n");
}

TEST(Progress, DrawsABarOnATerminalAndLeavesItsLine) {
  std::ostringstream out;
  ProgressPrinter printer(out, true);
  Observer::Progress progress;
  progress.step = 5;
  progress.steps = 10;
  printer.progressed(progress);
  EXPECT_THAT(out.str(), HasSubstr("[============            ]"));
  EXPECT_THAT(out.str(), Not(HasSubstr("\n")));
  printer.end();
  EXPECT_EQ(out.str().back(), '\n');
}

}  // namespace
}  // namespace longhand::training
