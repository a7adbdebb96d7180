#pragma once

#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "records/store.h"
#include "server/training_worker.h"

namespace longhand::server {

// The trainings: queued by the operator in the store of jobs, run by whichever replica has the
// trainer. All methods are thread-safe; those that give a Result block, and are to be called on
// executor().
class Trainings {
 public:
  using Job = records::Job;

  static constexpr std::size_t kMostRecipeBytes = 64U << 10;

  struct Options {
    std::filesystem::path recipes;  // folder of *.toml, which jobs may name
    std::filesystem::path folder;   // where trainings run; "": not in this process
    std::filesystem::path trainer;  // the program
    std::chrono::days keep{0};      // what ended trainings left in the folder; 0: for ever
  };

  Trainings(Options options, std::shared_ptr<records::JobStore> jobs, Models& models,
            std::shared_ptr<spdlog::logger> logger);
  ~Trainings();

  // Begins to take jobs where this process runs any. `worker` names it and no other; `stream`,
  // which may be nullptr, must live until stop().
  void start(const std::string& worker, cluster::JobStream* stream);
  // A training under way is saved and given back to the queue. Nothing may be asked of it after;
  // lets go of the store.
  void stop();

  boost::asio::thread_pool::executor_type executor() { return pool_.get_executor(); }

  // The text of a recipe of the folder; kNotFound lists those there are.
  Result<std::string> recipe(const std::string& name) const;
  // Queues a training by a recipe's text. kInvalidArgument for what is no text, kTooLarge; where
  // this process has the trainer kCorruptData for a recipe that makes no sense, elsewhere that is
  // found when it is run. kBusy when too many wait.
  Result<Job> add(std::string recipe);
  Result<Job> get(const Uuid& id);
  Result<std::vector<Job>> list();  // newest first
  // The job as it is then; one that has ended stays as it ended.
  Result<Job> cancel(const Uuid& id);

 private:
  Result<void> check(const std::string& recipe) const;

  const Options options_;
  std::shared_ptr<records::JobStore> jobs_;
  Models& models_;
  const std::shared_ptr<spdlog::logger> logger_;
  cluster::JobStream* stream_ = nullptr;
  std::unique_ptr<TrainingWorker> worker_;
  boost::asio::thread_pool pool_{2};
};

}  // namespace longhand::server
