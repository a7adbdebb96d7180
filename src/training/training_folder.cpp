#include "training/training_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>
#include <utility>

namespace longhand::training {

namespace fs = std::filesystem;

TrainingFolder::TrainingFolder(TrainingFolder&& other) noexcept
    : folder_(std::move(other.folder_)),
      name_(std::move(other.name_)),
      lock_(std::exchange(other.lock_, -1)) {}

TrainingFolder::~TrainingFolder() {
  if (lock_ >= 0) ::close(lock_);
}

Result<TrainingFolder> TrainingFolder::begin(fs::path folder, const std::string& name) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(ErrorCode::kIo, folder.string() + " can't be made: " + error.message());
  TrainingFolder result(std::move(folder), name);
  if (auto ok = result.lock(); !ok) return tl::unexpected(ok.error());
  if (auto ok = result.refuse_files(); !ok) return tl::unexpected(ok.error());
  return result;
}

Result<TrainingFolder> TrainingFolder::resume(fs::path folder, const std::string& name) {
  TrainingFolder result(std::move(folder), name);
  std::error_code error;
  if (!fs::exists(result.checkpoint(), error)) {
    return fail(ErrorCode::kNotFound, "there is no checkpoint " + result.checkpoint().string());
  }
  if (auto ok = result.lock(); !ok) return tl::unexpected(ok.error());
  return result;
}

Result<void> TrainingFolder::lock() {
  const fs::path file = folder_ / "lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) {
    return fail(ErrorCode::kIo,
                file.string() + " can't be made: " + std::generic_category().message(errno));
  }
  // A file system without locks is no reason not to train.
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return {};
  return fail(ErrorCode::kConflict, "another training is running in " + folder_.string() +
                                        "; wait until it has ended, or give another --out");
}

Result<void> TrainingFolder::refuse_files() const {
  std::string found;
  for (const fs::path& file : {checkpoint(), log(), model(), report()}) {
    std::error_code error;
    if (!fs::exists(file, error)) continue;
    found += (found.empty() ? "" : ", ") + file.filename().string();
  }
  if (found.empty()) return {};
  std::error_code error;
  const bool resumable = fs::exists(checkpoint(), error);
  return fail(ErrorCode::kConflict, folder_.string() + " holds a training already (" + found +
                                        "); " + (resumable ? "--resume goes on with it, " : "") +
                                        "another --out begins anew");
}

}  // namespace longhand::training
