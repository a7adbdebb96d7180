#include "server/training_folders.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace longhand::server {
namespace {

namespace fs = std::filesystem;
using records::Job;

bool has_ended(const Job& job) {
  return job.state != Job::State::kQueued && job.state != Job::State::kRunning;
}

bool needs_no_checkpoint(const Job& job) {
  return job.state == Job::State::kDone || job.state == Job::State::kCancelled;
}

// A folder itself, not a link to one.
bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(fs::symlink_status(path, error));
}

const Job* find_job(const std::vector<Job>& jobs, const Uuid& id) {
  const auto at =
      std::find_if(jobs.begin(), jobs.end(), [&](const Job& job) { return job.id == id; });
  return at == jobs.end() ? nullptr : &*at;
}

bool is_needed(const std::vector<Job>& jobs, const Uuid& id) {
  const std::string name = id.to_string();
  return std::any_of(jobs.begin(), jobs.end(), [&](const Job& job) {
    return !has_ended(job) && (job.id == id || job.recipe.find(name) != std::string::npos);
  });
}

// With the one that was being written when its writer died.
std::error_code remove_checkpoint(const fs::path& folder) {
  std::error_code error, other;
  fs::remove(folder / "checkpoint", error);
  fs::remove(folder / "checkpoint.partial", other);
  return error ? error : other;
}

}  // namespace

std::vector<Uuid> TrainingFolders::find() const {
  std::vector<Uuid> found;
  if (keep_.count() == 0) return found;
  std::error_code error;
  for (fs::directory_iterator it(place_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const auto id = Uuid::parse(name);
    if (id && id->to_string() == name && is_folder(it->path())) found.push_back(*id);
  }
  return found;
}

TrainingFolders::Tidied TrainingFolders::tidy(const std::vector<Uuid>& found,
                                              const std::vector<Job>& jobs,
                                              std::int64_t now_us) const {
  Tidied tidied;
  if (keep_.count() == 0) return tidied;
  for (const Uuid& id : found) {
    // What has ended stays so: no later word of the store's makes this wrong.
    const Job* const job = find_job(jobs, id);
    if (job == nullptr || !has_ended(*job) || is_needed(jobs, id)) continue;
    const fs::path folder = of(id);
    if (!is_folder(folder)) continue;
    std::error_code error;
    if (now_us - job->updated_us > std::chrono::microseconds(keep_).count()) {
      fs::remove_all(folder, error);
      if (!error) tidied.removed.push_back(id);
    } else if (needs_no_checkpoint(*job)) {
      error = remove_checkpoint(folder);
    }
    if (error) {
      tidied.faults.push_back(folder.string() + " can't be tidied up: " + error.message());
    }
  }
  return tidied;
}

}  // namespace longhand::server
