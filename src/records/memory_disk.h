#pragma once

// A disk in memory that fails and forgets on purpose. Not for the library.

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "records/spool_file.h"

namespace longhand::records::testing {

// What a disk holds, and what of it would survive a loss of power. Outlives the disks on it.
struct Platter {
  std::vector<std::byte> bytes;
  std::size_t synced = 0;       // the first so many bytes are safe
  std::size_t room = SIZE_MAX;  // bytes, before the disk is full
  bool sync_fails = false;

  // Loses power: of what wasn't synced any part may be there, the end of it as garbage.
  void crash(std::mt19937& random) {
    const std::size_t kept = synced + random() % (bytes.size() - synced + 1);
    bytes.resize(kept);
    if (kept > synced && random() % 2 == 0) bytes.back() ^= std::byte{0x55};
    synced = kept;
  }
};

class MemoryDisk final : public Disk {
 public:
  explicit MemoryDisk(std::shared_ptr<Platter> platter) : platter_(std::move(platter)) {}

  Result<void> append(std::span<const std::byte> bytes) override {
    auto& held = platter_->bytes;
    const std::size_t left = platter_->room - std::min(platter_->room, held.size());
    const auto fitting = bytes.first(std::min(left, bytes.size()));
    held.insert(held.end(), fitting.begin(), fitting.end());
    if (fitting.size() == bytes.size()) return {};
    return fail(ErrorCode::kDiskFull, "no space left");
  }
  Result<void> sync() override {
    if (platter_->sync_fails) return fail(ErrorCode::kIo, "the disk is broken");
    platter_->synced = platter_->bytes.size();
    return {};
  }
  Result<void> truncate(std::uint64_t size) override {
    platter_->bytes.resize(static_cast<std::size_t>(size));
    platter_->synced = std::min(platter_->synced, platter_->bytes.size());
    return {};
  }
  Result<std::vector<std::byte>> read(std::uint64_t offset, std::size_t size) override {
    const auto& held = platter_->bytes;
    if (offset > held.size() || size > held.size() - offset) {
      return fail(ErrorCode::kIo, "beyond the end");
    }
    const auto begin = held.begin() + static_cast<std::ptrdiff_t>(offset);
    return std::vector<std::byte>(begin, begin + static_cast<std::ptrdiff_t>(size));
  }
  Result<std::uint64_t> size() override { return platter_->bytes.size(); }

 private:
  std::shared_ptr<Platter> platter_;
};

}  // namespace longhand::records::testing
