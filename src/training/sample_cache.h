#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

namespace longhand::training {

// What was made of samples before (bent and normalised glyphs, a teacher's answers), in a file that
// several trainings share, one after the other or at once: preparing a glyph takes as long as
// learning from it, and trainings that differ in their seed or their network alone prepare the same
// ones. Every entry carries a checksum, so that a torn or foreign one is only made anew.
// Thread-safe, and safe between processes: two that make the same entry write the same bytes.
class SampleCache {
 public:
  // The file `key`.samples in the folder (made if missing), sparse, grown to `entries` of
  // `entry_bytes` each. kIo where the folder, the file or the disk does not allow it.
  static Result<std::unique_ptr<SampleCache>> open(const std::filesystem::path& folder,
                                                   const std::string& key, std::size_t entries,
                                                   std::size_t entry_bytes);
  ~SampleCache();
  SampleCache(const SampleCache&) = delete;
  SampleCache& operator=(const SampleCache&) = delete;

  // Copies an entry out; false where it is not there yet. `out` holds entry_bytes.
  bool get(std::size_t entry, std::span<std::byte> out) const;
  void put(std::size_t entry, std::span<const std::byte> bytes) const;

 private:
  SampleCache(std::byte* data, std::size_t entries, std::size_t entry_bytes)
      : data_(data), entries_(entries), entry_bytes_(entry_bytes) {}
  std::byte* place(std::size_t entry) const;

  std::byte* data_;
  std::size_t entries_;
  std::size_t entry_bytes_;
};

}  // namespace longhand::training
