#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "evaluation/evaluation.h"
#include "source_folder.h"

namespace longhand::evaluation {
namespace {

using ::testing::HasSubstr;

const std::string kDigits = LONGHAND_SOURCE_DIR "/tests/data/digits/";

class Evaluate : public ::testing::Test {
 protected:
  static recognizer::Recognizer recognizer() {
    auto model = recognizer::Model::load_file(kDigits + "linear.onnx");
    if (!model) throw std::runtime_error(model.error().message);
    return recognizer::Recognizer(std::move(*model));
  }

  static data::Dataset digits() {
    data::IdxOptions options;
    for (char c = '0'; c <= '9'; ++c) options.alphabet.emplace_back(1, c);
    auto set =
        data::read_idx(kDigits + "images-idx3-ubyte.gz", kDigits + "labels-idx1-ubyte.gz", options);
    if (!set) throw std::runtime_error(set.error().message);
    return std::move(*set);
  }
};

TEST_F(Evaluate, ReadsEverySampleOnceHoweverManyThreads) {
  const auto set = digits();
  for (const int threads : {1, 3, 50}) {
    Options options;
    options.threads = threads;
    const auto e = evaluate(recognizer(), set, options);
    ASSERT_TRUE(e.has_value()) << e.error().message;
    EXPECT_EQ(e->samples, 200U);
    EXPECT_EQ(e->correct, 191U);
    EXPECT_EQ(e->normalization, "raw");
    EXPECT_EQ(e->model.name, "linear");
    ASSERT_EQ(e->outcomes.size(), 200U);
    for (std::size_t i = 0; i < e->outcomes.size(); ++i) {
      const Outcome& outcome = e->outcomes[i];
      EXPECT_EQ(outcome.sample, i);
      EXPECT_EQ(std::to_string(outcome.label), set.samples[i].label);
      EXPECT_EQ(outcome.seen.empty(), outcome.read == outcome.label);
      EXPECT_EQ(outcome.rank == 0, outcome.read == outcome.label);
    }
  }
}

TEST_F(Evaluate, SkipsLabelsThatTheAlphabetLacks) {
  auto set = digits();
  for (std::size_t i = 0; i < 50; ++i) set.samples[i].label = std::string(i % 2, 'A');
  const auto e = evaluate(recognizer(), set);
  ASSERT_TRUE(e.has_value());
  EXPECT_EQ(e->samples, 150U);
  EXPECT_EQ(e->skipped, 50U);
  EXPECT_EQ(e->outcomes.front().sample, 50U);
  for (auto& sample : set.samples) sample.label = std::string(1, 'A');
  const auto none = evaluate(recognizer(), set);
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(none.error().message, HasSubstr("none of the 200 samples"));
  EXPECT_FALSE(evaluate(recognizer(), {}).has_value());
}

// An empty picture is wrong, rejected, and as unlikely as a guess.
TEST_F(Evaluate, CountsAnEmptyPictureAsAnError) {
  data::Dataset set;
  ink::Raster white;
  white.grey = ink::GreyImage(40, 40, 255);
  set.samples.push_back({white, "7", -1, "white"});
  Options options;
  options.normalization = ink::Normalization::kInk1;
  const auto e = evaluate(recognizer(), set, options);
  ASSERT_TRUE(e.has_value());
  EXPECT_EQ(e->normalization, "ink-1");
  EXPECT_EQ(e->correct, 0U);
  EXPECT_EQ(e->rejected, 1U);
  EXPECT_EQ(e->outcomes[0].read, -1);
  EXPECT_NEAR(e->negative_log_likelihood, 2.302585, 1e-5);
  ASSERT_EQ(e->confusions.size(), 1U);
  EXPECT_EQ(e->confusions[0].read, "");
}

TEST_F(Evaluate, StopsWhenToldTo) {
  std::atomic<bool> stop{true};
  Options options;
  options.stop = &stop;
  const auto e = evaluate(recognizer(), digits(), options);
  ASSERT_FALSE(e.has_value());
  EXPECT_EQ(e.error().code, ErrorCode::kCancelled);
}

TEST_F(Evaluate, PassesOnWhatAThreadThrows) {
  auto set = digits();
  while (set.samples.size() < 20'000) {
    const std::size_t n = set.samples.size();
    set.samples.reserve(2 * n);
    for (std::size_t i = 0; i < n; ++i) set.samples.push_back(set.samples[i]);
  }
  Options options;
  options.threads = 2;
  options.normalization = ink::Normalization::kInk1;  // takes its time, so that progress is told
  options.progress = [](std::size_t, std::size_t) { throw std::runtime_error("from a thread"); };
  EXPECT_THROW(static_cast<void>(evaluate(recognizer(), set, options)), std::runtime_error);
}

}  // namespace
}  // namespace longhand::evaluation
