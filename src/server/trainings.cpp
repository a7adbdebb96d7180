#include "server/trainings.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "recognizer/card.h"
#include "records/wait_for.h"

namespace longhand::server {
namespace {

namespace fs = std::filesystem;
using records::Job;
using records::wait_for;

constexpr std::ptrdiff_t kMostQueued = 100;
constexpr std::chrono::seconds kCheckTime{30};

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") names.push_back(it->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

// A folder that is gone with the object.
class Scratch {
 public:
  explicit Scratch(fs::path path) : path_(std::move(path)) { fs::create_directories(path_); }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  const fs::path path_;
};

}  // namespace

Trainings::Trainings(Options options, std::shared_ptr<records::JobStore> jobs, Models& models,
                     std::shared_ptr<spdlog::logger> logger)
    : options_(std::move(options)),
      jobs_(std::move(jobs)),
      models_(models),
      logger_(std::move(logger)) {}

Trainings::~Trainings() {
  stop();
}

void Trainings::start(const std::string& worker, cluster::JobStream* stream) {
  stream_ = stream;
  if (options_.folder.empty()) return;
  worker_ = std::make_unique<TrainingWorker>(
      TrainingWorker::Plan{options_.folder, options_.trainer, worker, options_.keep}, *jobs_,
      models_, stream, logger_);
}

void Trainings::stop() {
  if (worker_) worker_->stop();
  pool_.join();
  worker_.reset();
  jobs_.reset();
}

Result<std::string> Trainings::recipe(const std::string& name) const {
  const fs::path file = options_.recipes / (name + ".toml");
  std::error_code error;
  if (!is_name(name) || options_.recipes.empty() || !fs::is_regular_file(file, error)) {
    return fail(ErrorCode::kNotFound,
                "there is no recipe of that name; there is: " + names_in(options_.recipes) +
                    "; a recipe's text may be sent as \"toml\"");
  }
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  if (text.str().empty()) return fail(ErrorCode::kIo, "can't read the recipe " + file.string());
  return text.str();
}

// The trainer itself says what is wrong with it.
Result<void> Trainings::check(const std::string& recipe) const {
  const Scratch scratch(options_.folder / "trainings" / ("check-" + make_uuid7().to_string()));
  const fs::path file = scratch.path() / "recipe.toml";
  const fs::path said = scratch.path() / "said";
  std::ofstream(file, std::ios::binary) << recipe;
  auto child = Child::start({.command = {options_.trainer.string(), file.string(), "--check"},
                             .folder = options_.folder,
                             .output = said});
  if (!child) return tl::unexpected(child.error());
  const auto deadline = std::chrono::steady_clock::now() + kCheckTime;
  while (!child->ended()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return fail(ErrorCode::kBusy, "the trainer takes too long to look at the recipe");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (child->ended() == 0) return {};
  return fail(ErrorCode::kCorruptData, last_words(said));
}

Result<Job> Trainings::add(std::string recipe) {
  if (recipe.size() > kMostRecipeBytes) {
    return fail(ErrorCode::kTooLarge, "the recipe is longer than 64 KB, the limit for one");
  }
  if (recipe.empty() || recipe.find('\0') != std::string::npos ||
      !recognizer::split_code_points(recipe)) {
    return fail(ErrorCode::kInvalidArgument, "the recipe must be TOML, in UTF-8");
  }
  const auto jobs = list();
  if (!jobs) return tl::unexpected(jobs.error());
  const auto queued = std::count_if(
      jobs->begin(), jobs->end(), [](const Job& job) { return job.state == Job::State::kQueued; });
  if (queued >= kMostQueued) {
    return fail(ErrorCode::kBusy, std::to_string(queued) + " trainings wait already");
  }
  if (!options_.folder.empty()) {
    if (auto sound = check(recipe); !sound) return tl::unexpected(sound.error());
  }
  Job job;
  job.id = make_uuid7();
  job.recipe = std::move(recipe);
  job.created_us = job.updated_us = unix_micros();
  const auto added = wait_for<void>([&](auto done) { jobs_->add(job, std::move(done)); });
  if (!added) return tl::unexpected(added.error());
  if (stream_ != nullptr) stream_->add(job.id.to_string());
  if (worker_) worker_->wake();
  return job;
}

Result<Job> Trainings::get(const Uuid& id) {
  return wait_for<Job>([&](auto done) { jobs_->get(id, std::move(done)); });
}

Result<std::vector<Job>> Trainings::list() {
  return wait_for<std::vector<Job>>([&](auto done) { jobs_->list(std::move(done)); });
}

Result<Job> Trainings::cancel(const Uuid& id) {
  auto job = wait_for<Job>([&](auto done) { jobs_->cancel(id, std::move(done)); });
  if (job && worker_) worker_->wake();
  return job;
}

}  // namespace longhand::server
