#include "records/spool_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace longhand::records {
namespace {

ErrorCode code_of(int number) {
  return number == ENOSPC || number == EDQUOT || number == EFBIG ? ErrorCode::kDiskFull
                                                                 : ErrorCode::kIo;
}

// So that the file's name survives a loss of power too.
bool sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return synced;
}

}  // namespace

LockedFile::LockedFile(std::filesystem::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

LockedFile::~LockedFile() {
  ::close(descriptor_);
}

Error LockedFile::error(const char* what) const {
  return {code_of(errno), "the spool " + path_.string() + " " + what + ": " + std::strerror(errno)};
}

Result<std::unique_ptr<LockedFile>> LockedFile::open(const std::filesystem::path& path, Mode mode) {
  const int flags = O_RDWR | O_CLOEXEC | (mode == Mode::kCreate ? O_CREAT | O_EXCL : 0);
  const int descriptor = ::open(path.c_str(), flags, 0600);
  if (descriptor < 0) {
    const auto code = errno == EEXIST ? ErrorCode::kBusy : code_of(errno);
    return fail(code, "the spool " + path.string() + " can't be opened: " + std::strerror(errno));
  }
  std::unique_ptr<LockedFile> file(new LockedFile(path, descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorCode::kBusy, "the spool " + path.string() + " is another process's");
  }
  if (mode == Mode::kCreate && !sync_folder(path.parent_path())) {
    return tl::unexpected(file->error("can't be synced"));
  }
  return file;
}

Result<void> LockedFile::append(std::span<const std::byte> bytes) {
  const auto end = size();
  if (!end) return tl::unexpected(end.error());
  auto offset = static_cast<off_t>(*end);
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return tl::unexpected(error("can't be written"));
    offset += written;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> LockedFile::sync() {
  if (::fdatasync(descriptor_) != 0) return tl::unexpected(error("can't be synced"));
  return {};
}

Result<void> LockedFile::truncate(std::uint64_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    return tl::unexpected(error("can't be cut"));
  }
  return {};
}

Result<std::vector<std::byte>> LockedFile::read(std::uint64_t offset, std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(descriptor_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(error("can't be read"));
    if (got == 0) {
      return fail(ErrorCode::kIo, "the spool " + path_.string() + " is shorter than it was");
    }
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<std::uint64_t> LockedFile::size() {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return tl::unexpected(error("can't be looked at"));
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace longhand::records
