#include "training/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace longhand::training {
namespace {

using testing::HasSubstr;

Checkpoint sample() {
  Checkpoint checkpoint;
  checkpoint.recipe_digest = "abc";
  checkpoint.date = "2026-11-23";
  checkpoint.seconds = 12.5;
  checkpoint.learner.weights = {{1, 2, 3}, {4}, {}};
  checkpoint.learner.average = {{5, 6, 7}, {8}, {}};
  checkpoint.learner.moments = {{1}, {2, 3}, {}};
  checkpoint.learner.steps = 77;
  checkpoint.sums = {1.5, 7, 300, 350};
  checkpoint.epochs = {{1, 0.5, 0.9, 0.4, 0.95, 1e-3}, {2, 0.4, 0.93, 0.3, 0.96, 5e-4}};
  checkpoint.best_epoch = 2;
  checkpoint.best = {{9, 10, 11}, {12}, {}};
  return checkpoint;
}

class CheckpointFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "checkpoint.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path file() const { return folder_ / "checkpoint"; }

  std::filesystem::path folder_;
};

TEST(Checkpoint, ComesBackWhole) {
  const auto back = decode_checkpoint(encode_checkpoint(sample()));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, sample());
}

TEST(Checkpoint, CutShortAnywhereIsRefused) {
  const std::string bytes = encode_checkpoint(sample());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(decode_checkpoint(std::string_view(bytes).substr(0, length))) << length;
  }
  EXPECT_FALSE(decode_checkpoint(bytes + "x"));
}

TEST(Checkpoint, AnyFlippedBitIsRefused) {
  const std::string bytes = encode_checkpoint(sample());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string altered = bytes;
    altered[i] = static_cast<char>(altered[i] ^ (1 << (i % 8)));
    EXPECT_FALSE(decode_checkpoint(altered)) << i;
  }
}

TEST_F(CheckpointFile, SavesAndLoads) {
  ASSERT_TRUE(save_checkpoint(sample(), file()));
  const auto back = load_checkpoint(file());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, sample());
  EXPECT_FALSE(std::filesystem::exists(file().string() + ".partial"));
}

TEST_F(CheckpointFile, SaysWhatIsWrong) {
  const auto missing = load_checkpoint(file());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  std::ofstream(file(), std::ios::binary) << encode_checkpoint(sample()).substr(0, 150);
  const auto cut = load_checkpoint(file());
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::kCorruptData);
  EXPECT_THAT(cut.error().message, HasSubstr("cut short or was altered"));
}

TEST_F(CheckpointFile, AFolderThatIsNotThereIsAnError) {
  const auto saved = save_checkpoint(sample(), folder_ / "none" / "checkpoint");
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error().message, HasSubstr("can't be written"));
}

}  // namespace
}  // namespace longhand::training
