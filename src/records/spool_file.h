#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"

namespace longhand::records {

// The few things that a spool asks of the disk. Tests put one in its place that fails, or forgets
// what was not synced. To be used by one thread at a time, read() by any.
class Disk {
 public:
  virtual ~Disk() = default;
  // Adds bytes at the end; on an error some of them may be there. kDiskFull, kIo.
  virtual Result<void> append(std::span<const std::byte> bytes) = 0;
  // After this what was appended survives a loss of power.
  virtual Result<void> sync() = 0;
  virtual Result<void> truncate(std::uint64_t size) = 0;
  // `size` bytes from `offset`; kIo when there are fewer.
  virtual Result<std::vector<std::byte>> read(std::uint64_t offset, std::size_t size) = 0;
  virtual Result<std::uint64_t> size() = 0;
};

// A file that this process has locked; the lock goes with it.
class LockedFile final : public Disk {
 public:
  enum class Mode { kCreate, kAdopt };

  // kBusy when another process holds it, or, to create, when it is there already.
  static Result<std::unique_ptr<LockedFile>> open(const std::filesystem::path& path, Mode mode);
  ~LockedFile() override;
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

  Result<void> append(std::span<const std::byte> bytes) override;
  Result<void> sync() override;
  Result<void> truncate(std::uint64_t size) override;
  Result<std::vector<std::byte>> read(std::uint64_t offset, std::size_t size) override;
  Result<std::uint64_t> size() override;

 private:
  LockedFile(std::filesystem::path path, int descriptor);
  Error error(const char* what) const;

  const std::filesystem::path path_;
  const int descriptor_;
};

// A log of checksummed entries on a disk: what was appended and synced is there after a crash, what
// was not is cut off. docs/formats.md has the bytes. append() by one thread at a time.
class SpoolLog {
 public:
  // Where an entry's payload lies.
  struct Entry {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
  };

  static constexpr std::size_t kMostBytes = std::size_t{256} << 20;  // of a payload

  // Reads what is there, cuts off a torn end, and writes the head of an empty log. kCorruptStore
  // for a file that is no spool, which stays as it is.
  static Result<SpoolLog> open(std::unique_ptr<Disk> disk);

  // In the order of the log; of what open() found.
  const std::vector<Entry>& found() const { return found_; }
  // Bytes that were cut off at open().
  std::uint64_t torn() const { return torn_; }
  std::uint64_t bytes() const { return end_; }

  // All of them or none: after an error the log is as it was. kDiskFull, kIo; kTooLarge for a
  // payload over kMostBytes.
  Result<std::vector<Entry>> append(const std::vector<std::span<const std::byte>>& payloads);
  // The payload; kCorruptStore when the disk gives back something else than it was given.
  Result<std::vector<std::byte>> read(const Entry& entry) const;
  // Forgets all entries.
  Result<void> clear();

 private:
  explicit SpoolLog(std::unique_ptr<Disk> disk) : disk_(std::move(disk)) {}
  Result<void> scan();
  Result<void> begin();

  std::unique_ptr<Disk> disk_;
  std::vector<Entry> found_;
  std::uint64_t end_ = 0;  // of the last sound entry
  std::uint64_t torn_ = 0;
  bool dirty_ = false;  // something may stand behind end_
};

}  // namespace longhand::records
