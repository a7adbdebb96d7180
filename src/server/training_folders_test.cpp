#include "server/training_folders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "records/testing.h"

namespace longhand::server {
namespace {

namespace fs = std::filesystem;
using records::Job;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using State = Job::State;

constexpr std::int64_t kNow = 1'700'000'000'000'000;
constexpr std::int64_t kDay = 86'400'000'000;

class TrainingFoldersTest : public ::testing::Test {
 protected:
  // A job that was last heard of so many days ago, and its folder.
  Job make(State state, double days_ago, const std::string& recipe = "name = 'digits'") {
    Job job;
    job.id = make_uuid7();
    job.state = state;
    job.recipe = recipe;
    job.updated_us = kNow - static_cast<std::int64_t>(days_ago * static_cast<double>(kDay));
    fill(place_ / job.id.to_string());
    jobs_.push_back(job);
    return job;
  }
  static void fill(const fs::path& folder) {
    fs::create_directories(folder);
    for (const char* name : {"checkpoint", "checkpoint.partial", "log.jsonl", "report.html"}) {
      std::ofstream(folder / name) << name;
    }
  }
  // What is left: "whole", "no checkpoint", or "nothing".
  static std::string left(const fs::path& folder) {
    if (!fs::exists(folder)) return "nothing";
    EXPECT_TRUE(fs::exists(folder / "log.jsonl") && fs::exists(folder / "report.html"));
    EXPECT_EQ(fs::exists(folder / "checkpoint"), fs::exists(folder / "checkpoint.partial"));
    return fs::exists(folder / "checkpoint") ? "whole" : "no checkpoint";
  }
  std::string left(const Job& job) const { return left(place_ / job.id.to_string()); }
  TrainingFolders::Tidied tidy(int keep = 30) const {
    const TrainingFolders folders(place_, std::chrono::days(keep));
    return folders.tidy(folders.find(), jobs_, kNow);
  }

  records::testing::TemporaryFolder folder_;
  const fs::path place_ = folder_.path() / "trainings";
  std::vector<Job> jobs_;
};

TEST_F(TrainingFoldersTest, TheCheckpointOfOneThatIsDoneOrCancelledGoesAtOnce) {
  const auto done = make(State::kDone, 0), cancelled = make(State::kCancelled, 29.9);
  const auto failed = make(State::kFailed, 29.9);
  for (int i = 0; i < 2; ++i) {
    const auto tidied = tidy();
    EXPECT_THAT(tidied.removed, IsEmpty());
    EXPECT_THAT(tidied.faults, IsEmpty());
    EXPECT_EQ(left(done), "no checkpoint");
    EXPECT_EQ(left(cancelled), "no checkpoint");
    EXPECT_EQ(left(failed), "whole") << "whoever looks into it may need it";
  }
}

TEST_F(TrainingFoldersTest, WholeFoldersGoWhenTheirTimeIsOver) {
  const auto done = make(State::kDone, 7.1), cancelled = make(State::kCancelled, 8);
  const auto failed = make(State::kFailed, 100), young = make(State::kFailed, 6.9);
  EXPECT_THAT(tidy(7).removed, UnorderedElementsAre(done.id, cancelled.id, failed.id));
  for (const auto& job : {done, cancelled, failed}) EXPECT_EQ(left(job), "nothing");
  EXPECT_EQ(left(young), "whole");
  EXPECT_THAT(tidy(7).removed, IsEmpty());
}

TEST_F(TrainingFoldersTest, WhatWaitsOrRunsIsNotTouchedHoweverLongItWasSilent) {
  const auto queued = make(State::kQueued, 400), running = make(State::kRunning, 400);
  EXPECT_THAT(tidy(1).removed, IsEmpty());
  EXPECT_EQ(left(queued), "whole");
  EXPECT_EQ(left(running), "whole");
}

TEST_F(TrainingFoldersTest, WhatALiveRecipeNamesIsNotTouched) {
  const auto done = make(State::kDone, 0), old = make(State::kDone, 400);
  const auto start = [](const Job& job) {
    return "start = \"trainings/" + job.id.to_string() + "/checkpoint\"";
  };
  make(State::kQueued, 0, start(done));
  make(State::kRunning, 0, start(old));
  EXPECT_THAT(tidy().removed, IsEmpty());
  EXPECT_EQ(left(done), "whole");
  EXPECT_EQ(left(old), "whole");
  for (auto& job : jobs_) job.state = State::kDone;
  EXPECT_THAT(tidy().removed, ElementsAre(old.id));
  EXPECT_EQ(left(done), "no checkpoint");
}

TEST_F(TrainingFoldersTest, WhatBelongsToNoJobOfTheStoreStays) {
  const auto job = make(State::kDone, 400);
  const std::string id = job.id.to_string();
  std::string upper = id;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  ASSERT_NE(upper, id);
  const std::vector<std::string> others{"notes", make_uuid7().to_string(), "check-" + id, upper,
                                        id + ".old", "{" + id + "}"};
  for (const auto& name : others) fill(place_ / name);
  fill(folder_.path() / id);  // beside the place
  EXPECT_THAT(tidy().removed, ElementsAre(job.id));
  for (const auto& name : others) EXPECT_EQ(left(place_ / name), "whole") << name;
  EXPECT_EQ(left(folder_.path() / id), "whole");
}

TEST_F(TrainingFoldersTest, LinksAreNotFollowed) {
  const auto elsewhere = folder_.path() / "elsewhere";
  fill(elsewhere);
  for (const double days_ago : {0.0, 400.0}) {
    const auto job = make(State::kDone, days_ago);
    fs::remove_all(place_ / job.id.to_string());
    fs::create_directory_symlink(elsewhere, place_ / job.id.to_string());
  }
  // Links inside go, what they lead to stays.
  const auto done = make(State::kDone, 0), old = make(State::kDone, 400);
  fs::remove(place_ / done.id.to_string() / "checkpoint");
  fs::create_symlink(elsewhere / "checkpoint", place_ / done.id.to_string() / "checkpoint");
  fs::create_directory_symlink(elsewhere, place_ / old.id.to_string() / "data");
  const auto tidied = tidy();
  EXPECT_THAT(tidied.removed, ElementsAre(old.id));
  EXPECT_THAT(tidied.faults, IsEmpty());
  EXPECT_EQ(left(done), "no checkpoint");
  EXPECT_EQ(left(elsewhere), "whole");
}

TEST_F(TrainingFoldersTest, AFolderThatBecameALinkSinceItWasFoundIsNotFollowed) {
  const auto job = make(State::kDone, 400);
  const TrainingFolders folders(place_, std::chrono::days(30));
  const auto found = folders.find();
  fs::rename(place_ / job.id.to_string(), folder_.path() / "moved");
  fs::create_directory_symlink(folder_.path() / "moved", place_ / job.id.to_string());
  EXPECT_THAT(folders.tidy(found, jobs_, kNow).removed, IsEmpty());
  EXPECT_EQ(left(folder_.path() / "moved"), "whole");
}

TEST_F(TrainingFoldersTest, ThePlaceItselfMayBeALinkOrNotThere) {
  EXPECT_THAT(tidy().faults, IsEmpty());
  fs::create_directory(folder_.path() / "disk");
  fs::create_directory_symlink(folder_.path() / "disk", place_);
  const auto job = make(State::kDone, 400);
  EXPECT_THAT(tidy().removed, ElementsAre(job.id));
  EXPECT_EQ(left(job), "nothing");
}

TEST_F(TrainingFoldersTest, WithoutATimeEverythingIsKept) {
  const auto done = make(State::kDone, 400);
  const TrainingFolders folders(place_, std::chrono::days(0));
  EXPECT_THAT(folders.find(), IsEmpty());
  EXPECT_THAT(folders.tidy({done.id}, jobs_, kNow).removed, IsEmpty());
  EXPECT_EQ(left(done), "whole");
}

TEST_F(TrainingFoldersTest, SaysWhatCouldNotBeRemoved) {
  const auto stuck = make(State::kDone, 0), after = make(State::kDone, 400);
  const auto checkpoint = place_ / stuck.id.to_string() / "checkpoint";
  fs::remove(checkpoint);
  fs::create_directories(checkpoint / "full");  // not the trainer's: no file, so it isn't removed
  const auto tidied = tidy();
  EXPECT_THAT(tidied.faults, ElementsAre(HasSubstr(stuck.id.to_string())));
  EXPECT_THAT(tidied.removed, ElementsAre(after.id));
  EXPECT_TRUE(fs::exists(checkpoint / "full"));
}

}  // namespace
}  // namespace longhand::server
