#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "cluster/job_stream.h"
#include "records/store.h"
#include "server/child.h"
#include "server/models.h"
#include "server/training_folders.h"

namespace longhand::server {

// Takes queued trainings, one at a time, and runs the trainer for each, in a folder of its own
// under trainings/; the model that comes out is served. A thread of its own. While at a job it says
// so in the store every few seconds: a job whose worker is silent for long is taken over by another
// one, and goes on from its checkpoint where they share the folder. One that three workers died at
// has failed. What ended trainings leave in their folders goes in time (TrainingFolders).
class TrainingWorker {
 public:
  struct Plan {
    std::filesystem::path folder;   // what recipes' paths are relative to
    std::filesystem::path trainer;  // the program
    std::string name;               // of this worker and no other
    std::chrono::days keep;         // folders of trainings that have ended; 0: for ever
  };

  // All that is given must live until stop(). `stream` may be nullptr: there is no Redis.
  TrainingWorker(Plan plan, records::JobStore& jobs, Models& models, cluster::JobStream* stream,
                 std::shared_ptr<spdlog::logger> logger);
  ~TrainingWorker();

  // The training under way is saved and given back to the queue.
  void stop();
  // There may be a new job, or one less. Doesn't wait.
  void wake();

 private:
  using Job = records::Job;
  using Entry = std::optional<cluster::JobStream::Entry>;

  void run();
  // Sleeps; whether it was woken.
  bool rest(std::chrono::milliseconds time);
  bool is_stopping();
  void take_jobs(const Entry& entry);
  void work(Job job, const Entry& entry);
  Result<Child> begin(const Job& job) const;
  // Whether the job is still this worker's.
  bool tell(const Job& job, const Entry& entry);
  void interrupt(Child& child);
  void conclude(Job job, int status, const Entry& entry);
  Result<Models::ModelPointer> deliver(const Job& job, const Entry& entry);
  void end(Job job);
  // Removes what is to go of the folders, now and then.
  void tidy();

  const Plan plan_;
  const TrainingFolders folders_;
  records::JobStore& jobs_;
  Models& models_;
  cluster::JobStream* const stream_;
  const std::shared_ptr<spdlog::logger> logger_;

  // Of the thread alone.
  std::chrono::steady_clock::time_point next_tidy_{};
  std::set<std::string> faults_;  // of the folders, that were told of

  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

// The last line of a file that says anything, as one line of UTF-8 for a person: why a program
// ended.
std::string last_words(const std::filesystem::path& file);

}  // namespace longhand::server
