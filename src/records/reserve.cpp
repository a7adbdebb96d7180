#include "records/reserve.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace longhand::records {
namespace {

constexpr std::uint64_t kLeast = 64U << 10;  // what is smaller helps nobody

std::uint64_t size_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

// A file beyond this limit (ulimit -f) would be answered by a signal.
std::uint64_t longest_file() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

// Truncated first: what is allocated anew is whole, or the file is empty.
bool allocate(const std::string& path, std::uint64_t bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  const auto size = static_cast<off_t>(bytes);
  const bool made = ::ftruncate(fd, 0) == 0 && ::posix_fallocate(fd, 0, size) == 0;
  if (!made) static_cast<void>(::ftruncate(fd, 0));
  ::close(fd);
  return made;
}

}  // namespace

Reserve::Reserve(const std::string& store, std::uint64_t bytes)
    : path_(store + "-reserve"), most_(bytes), bytes_(size_of(path_)) {}

// Of what the disk has, the rest is for records.
std::uint64_t Reserve::fitting() const {
  struct statvfs disk {};
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  if (::statvfs(folder.c_str(), &disk) != 0) return 0;
  const std::uint64_t available = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  return std::min({most_, available / 8, longest_file()});
}

bool Reserve::make() {
  if (is_made_ || most_ == 0) return true;
  const std::uint64_t wanted = is_given_up_ ? bytes_ : std::max(bytes_, fitting());
  // One that couldn't be made larger is gone, but its room is still free; of what was given up some
  // may be in use for good, by the index of the log.
  for (const std::uint64_t bytes : {wanted, bytes_, bytes_ / 4 * 3}) {
    if (is_made_ || bytes < kLeast) continue;
    is_made_ = size_of(path_) >= bytes || allocate(path_, bytes);
    if (is_made_) bytes_ = bytes;
  }
  if (is_made_) is_given_up_ = false;
  return is_made_;
}

void Reserve::give_up() {
  if (bytes_ < kLeast || is_given_up_) return;
  is_given_up_ = true;
  is_made_ = false;
  static_cast<void>(::truncate(path_.c_str(), 0));
}

}  // namespace longhand::records
