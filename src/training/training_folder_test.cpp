#include "training/training_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <fstream>
#include <optional>

namespace longhand::training {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Folder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "folder.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static std::string message(const Result<TrainingFolder>& folder) {
    return folder ? "no error" : folder.error().message;
  }

  std::filesystem::path folder_;
};

TEST_F(Folder, IsMadeAndHeldByOneAtATime) {
  const auto place = folder_ / "a" / "b";
  std::optional<TrainingFolder> first;
  {
    auto begun = TrainingFolder::begin(place, "tiny");
    ASSERT_TRUE(begun) << begun.error().message;
    EXPECT_EQ(begun->model(), place / "tiny.onnx");
    first.emplace(std::move(*begun));
  }
  EXPECT_THAT(message(TrainingFolder::begin(place, "tiny")), HasSubstr("another training"));
  std::ofstream(place / "checkpoint") << "x";
  EXPECT_THAT(message(TrainingFolder::resume(place, "tiny")), HasSubstr("another training"));
  first.reset();
  EXPECT_EQ(message(TrainingFolder::resume(place, "tiny")), "no error");
}

TEST_F(Folder, WithATrainingsFilesIsNotBegunIn) {
  std::ofstream(folder_ / "notes.txt") << "x";
  std::ofstream(folder_ / "other.onnx") << "x";
  EXPECT_EQ(message(TrainingFolder::begin(folder_, "tiny")), "no error");
  std::ofstream(folder_ / "tiny.onnx") << "x";
  EXPECT_THAT(message(TrainingFolder::begin(folder_, "tiny")),
              AllOf(HasSubstr("(tiny.onnx)"), Not(HasSubstr("--resume"))));
  std::ofstream(folder_ / "checkpoint") << "x";
  EXPECT_THAT(message(TrainingFolder::begin(folder_, "tiny")),
              AllOf(HasSubstr("(checkpoint, tiny.onnx)"), HasSubstr("--resume")));
}

TEST_F(Folder, WithoutACheckpointIsNotGoneOnWithNorMade) {
  const auto nowhere = folder_ / "nowhere";
  EXPECT_THAT(message(TrainingFolder::resume(nowhere, "tiny")), HasSubstr("no checkpoint"));
  EXPECT_FALSE(std::filesystem::exists(nowhere));
}

}  // namespace
}  // namespace longhand::training
