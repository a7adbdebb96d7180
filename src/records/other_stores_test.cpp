#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "base/sha256.h"
#include "records/backends.h"
#include "records/testing.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h
using ::testing::HasSubstr;

class OtherStoresTest : public BackendTest {
 protected:
  void SetUp() override {
    auto opened = open_stores(url(keyspace_));
    ASSERT_TRUE(opened) << opened.error().message;
    stores_ = std::move(*opened);
  }
  ModelStore& models() { return *stores_.models; }
  JobStore& jobs() { return *stores_.jobs; }

  Result<void> put(const std::string& name, const std::string& version,
                   std::vector<std::byte> onnx) {
    return wait_for<void>(
        [&](auto done) { models().put(name, version, ++created_us_, onnx, done); });
  }
  Result<std::vector<std::byte>> get_model(const std::string& name, const std::string& version) {
    return wait_for<std::vector<std::byte>>([&](auto done) { models().get(name, version, done); });
  }
  Result<ModelStore::Listing> list_models() {
    return wait_for<ModelStore::Listing>([&](auto done) { models().list(done); });
  }
  Result<void> choose(const std::string& name, const std::string& version) {
    return wait_for<void>([&](auto done) { models().choose(name, version, done); });
  }
  Result<void> add_job(const Job& job) {
    return wait_for<void>([&](auto done) { jobs().add(job, done); });
  }
  Result<Job> get_job(const Uuid& id) {
    return wait_for<Job>([&](auto done) { jobs().get(id, done); });
  }
  Result<std::optional<Job>> claim(const std::string& worker, std::int64_t stale_us = 0) {
    return wait_for<std::optional<Job>>([&](auto done) { jobs().claim(worker, stale_us, done); });
  }
  Result<Job> cancel(const Uuid& id) {
    return wait_for<Job>([&](auto done) { jobs().cancel(id, done); });
  }
  Result<void> update(const Job& job) {
    return wait_for<void>([&](auto done) { jobs().update(job, done); });
  }
  static Job queued(const std::string& recipe) {
    Job job;
    job.id = make_uuid7();
    job.recipe = recipe;
    job.created_us = job.updated_us = unix_micros();
    return job;
  }

  const std::string keyspace_ = unique_keyspace();
  Stores stores_;
  std::int64_t created_us_ = 1'000;
};

TEST_P(OtherStoresTest, ModelsComeBackByNameAndVersion) {
  std::vector<std::byte> onnx(1'500'000);
  for (std::size_t i = 0; i < onnx.size(); ++i) onnx[i] = static_cast<std::byte>(i * 7);
  ASSERT_TRUE(put("digits", "aaaaaaaaaaaa", onnx));
  ASSERT_TRUE(put("digits", "bbbbbbbbbbbb", {}));
  EXPECT_EQ(get_model("digits", "aaaaaaaaaaaa"), onnx);
  EXPECT_EQ(get_model("digits", "bbbbbbbbbbbb"), std::vector<std::byte>{});
  const auto missing = get_model("letters", "aaaaaaaaaaaa");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr("letters"));
}

TEST_P(OtherStoresTest, AModelOfAVersionStaysAsItIs) {
  ASSERT_TRUE(put("digits", "aaaaaaaaaaaa", {std::byte{1}}));
  ASSERT_TRUE(put("digits", "aaaaaaaaaaaa", {std::byte{2}}));
  EXPECT_EQ(get_model("digits", "aaaaaaaaaaaa"), std::vector{std::byte{1}});
}

TEST_P(OtherStoresTest, ModelsAreListedWithTheirSizes) {
  ASSERT_TRUE(put("letters", "cccccccccccc", std::vector<std::byte>(5)));
  ASSERT_TRUE(put("digits", "aaaaaaaaaaaa", std::vector<std::byte>(3)));
  const auto listing = list_models();
  ASSERT_TRUE(listing);
  const auto& entries = listing->entries;
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].name, "digits");
  EXPECT_EQ(entries[0].bytes, 3U);
  EXPECT_EQ(entries[0].sha256, to_hex(sha256(std::vector<std::byte>(3))));
  EXPECT_EQ(entries[1].version, "cccccccccccc");
  EXPECT_GT(entries[1].created_us, 0);
  EXPECT_TRUE(listing->choices.empty());
}

TEST_P(OtherStoresTest, TheLastChoiceOfAModelCounts) {
  const auto chosen = [&] {
    std::string text;
    const auto listing = list_models();
    for (const auto& choice : listing->choices) text += choice.name + "=" + choice.version + " ";
    return text;
  };
  ASSERT_TRUE(choose("letters", "cccccccccccc"));
  ASSERT_TRUE(choose("digits", "aaaaaaaaaaaa"));
  EXPECT_EQ(chosen(), "digits=aaaaaaaaaaaa letters=cccccccccccc ");
  ASSERT_TRUE(choose("digits", "bbbbbbbbbbbb"));
  ASSERT_TRUE(choose("digits", "bbbbbbbbbbbb")) << "again is as good";
  EXPECT_EQ(chosen(), "digits=bbbbbbbbbbbb letters=cccccccccccc ");
  ASSERT_TRUE(choose("digits", "aaaaaaaaaaaa"));
  ASSERT_TRUE(choose("letters", ""));
  EXPECT_EQ(chosen(), "digits=aaaaaaaaaaaa letters= ");
}

TEST_P(OtherStoresTest, JobsAreClaimedOldestFirst) {
  const auto first = queued("first"), second = queued("second");
  ASSERT_TRUE(add_job(second));
  ASSERT_TRUE(add_job(first));
  const auto claimed = claim("one");
  ASSERT_TRUE(claimed && *claimed) << "there are two";
  EXPECT_EQ((*claimed)->recipe, "first");
  EXPECT_EQ((*claimed)->state, Job::State::kRunning);
  EXPECT_EQ((*claimed)->worker, "one");
  EXPECT_EQ((*claim("two"))->recipe, "second");
  const auto third = claim("three");
  ASSERT_TRUE(third);
  EXPECT_FALSE(*third) << "none is left";
  EXPECT_EQ(get_job(first.id)->worker, "one");
}

TEST_P(OtherStoresTest, TwoWorkersNeverGetOneJob) {
  const int kJobs = GetParam().is_cassandra() ? 12 : 60;
  for (int i = 0; i < kJobs; ++i) ASSERT_TRUE(add_job(queued("r")));
  // A second opening of the same file stands for another process.
  auto other = open_stores(url(keyspace_));
  ASSERT_TRUE(other) << other.error().message;
  std::vector<std::vector<Uuid>> claimed(4);
  std::vector<std::thread> workers;
  for (std::size_t t = 0; t < claimed.size(); ++t) {
    workers.emplace_back([&, t] {
      auto& store = t % 2 == 0 ? *stores_.jobs : *other->jobs;
      for (;;) {
        const auto job = wait_for<std::optional<Job>>(
            [&](auto done) { store.claim("worker " + std::to_string(t), 0, done); });
        ASSERT_TRUE(job) << job.error().message;
        if (!*job) return;
        claimed[t].push_back((*job)->id);
      }
    });
  }
  for (auto& worker : workers) worker.join();
  std::set<Uuid> all;
  std::size_t count = 0;
  for (const auto& mine : claimed) all.insert(mine.begin(), mine.end()), count += mine.size();
  EXPECT_EQ(count, static_cast<std::size_t>(kJobs));
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kJobs));
}

TEST_P(OtherStoresTest, OnlyItsWorkerUpdatesAJobAndOnlyUntilItEnds) {
  ASSERT_TRUE(add_job(queued("r")));
  auto job = **claim("one");
  job.progress = R"({"step":1})";
  EXPECT_TRUE(update(job));
  EXPECT_EQ(get_job(job.id)->progress, job.progress);
  auto foreign = job;
  foreign.worker = "two";
  EXPECT_EQ(update(foreign).error().code, ErrorCode::kNotFound);
  job.state = Job::State::kFailed;
  job.error = "no data";
  EXPECT_TRUE(update(job));
  EXPECT_EQ(get_job(job.id)->error, "no data");
  job.state = Job::State::kRunning;
  EXPECT_EQ(update(job).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(get_job(job.id)->state, Job::State::kFailed);
}

TEST_P(OtherStoresTest, AJobGivenBackIsClaimedAgain) {
  ASSERT_TRUE(add_job(queued("r")));
  auto job = **claim("one");
  job.state = Job::State::kQueued;
  ASSERT_TRUE(update(job));
  EXPECT_EQ(get_job(job.id)->worker, "");
  EXPECT_EQ((*claim("two"))->worker, "two");
}

TEST_P(OtherStoresTest, AJobOfADeadWorkerIsTakenOver) {
  ASSERT_TRUE(add_job(queued("r")));
  auto job = **claim("one");
  job.progress = R"({"step":1})";
  ASSERT_TRUE(update(job));
  const auto last_heard = get_job(job.id)->updated_us;
  EXPECT_FALSE(*claim("two", last_heard)) << "it was heard of since";
  const auto taken = claim("two", last_heard + 1);
  ASSERT_TRUE(taken && *taken);
  EXPECT_EQ((*taken)->id, job.id);
  EXPECT_EQ((*taken)->worker, "two");
  EXPECT_EQ((*taken)->progress, job.progress);
  EXPECT_EQ(update(job).error().code, ErrorCode::kNotFound) << "the first was not dead after all";
  EXPECT_EQ(get_job(job.id)->worker, "two");
}

TEST_P(OtherStoresTest, AnAttemptIsCountedWhenItsWorkerDied) {
  ASSERT_TRUE(add_job(queued("r")));
  auto job = **claim("one");
  EXPECT_EQ(job.attempts, 0) << "it is the first";
  job.state = Job::State::kQueued;
  ASSERT_TRUE(update(job));
  job = **claim("two");
  EXPECT_EQ(job.attempts, 0) << "it was given back";
  for (const int died : {1, 2, 3}) {
    job = **claim("three", unix_micros() + 1);
    EXPECT_EQ(job.attempts, died);
    EXPECT_EQ(get_job(job.id)->attempts, died);
  }
  job.attempts = 7;
  job.state = Job::State::kQueued;
  ASSERT_TRUE(update(job));
  EXPECT_EQ((*claim("four"))->attempts, 3) << "claims alone count, and what they counted stays";
}

TEST_P(OtherStoresTest, ADeathIsCountedOnceHoweverManyTakeOver) {
  const auto job = queued("r");
  ASSERT_TRUE(add_job(job));
  ASSERT_TRUE(*claim("the first"));
  auto other = open_stores(url(keyspace_));
  ASSERT_TRUE(other) << other.error().message;
  constexpr int kDeaths = 6;
  for (int died = 1; died <= kDeaths; ++died) {
    const auto stale_us = get_job(job.id)->updated_us + 1;
    std::atomic<int> taken = 0;
    std::vector<std::thread> workers;
    for (int t = 0; t < 4; ++t) {
      workers.emplace_back([&, t] {
        auto& store = t % 2 == 0 ? *stores_.jobs : *other->jobs;
        const auto mine = wait_for<std::optional<Job>>(
            [&](auto done) { store.claim("worker " + std::to_string(t), stale_us, done); });
        ASSERT_TRUE(mine) << mine.error().message;
        if (!*mine) return;
        ++taken;
        EXPECT_EQ((*mine)->attempts, died);
      });
    }
    for (auto& worker : workers) worker.join();
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(get_job(job.id)->attempts, died);
  }
}

TEST_P(OtherStoresTest, ACancelledJobIsNeitherClaimedNorUpdated) {
  ASSERT_TRUE(add_job(queued("first")));
  auto running = **claim("one");
  const auto waiting = queued("second");
  ASSERT_TRUE(add_job(waiting));
  for (const auto& id : {running.id, waiting.id}) {
    EXPECT_EQ(cancel(id)->state, Job::State::kCancelled);
    EXPECT_EQ(cancel(id)->state, Job::State::kCancelled) << "again";
  }
  EXPECT_FALSE(*claim("two", unix_micros() + 1));
  EXPECT_EQ(update(running).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(cancel(make_uuid7()).error().code, ErrorCode::kNotFound);
}

TEST_P(OtherStoresTest, AJobThatHasEndedIsNotCancelled) {
  ASSERT_TRUE(add_job(queued("r")));
  auto job = **claim("one");
  job.state = Job::State::kDone;
  ASSERT_TRUE(update(job));
  EXPECT_EQ(cancel(job.id)->state, Job::State::kDone);
}

TEST_P(OtherStoresTest, JobsAreListedNewestFirstAndTheUnknownIsNotFound) {
  const auto first = queued("first"), second = queued("second");
  ASSERT_TRUE(add_job(first));
  ASSERT_TRUE(add_job(second));
  const auto all = wait_for<std::vector<Job>>([&](auto done) { jobs().list(done); });
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].recipe, "second");
  EXPECT_EQ(get_job(make_uuid7()).error().code, ErrorCode::kNotFound);
}

INSTANTIATE_TEST_SUITE_P(Stores, OtherStoresTest, ::testing::ValuesIn(backends()), name_of);

}  // namespace
}  // namespace longhand::records
