#include "training/sample_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace longhand::training {
namespace {

// Behind each entry: never 0, so that a hole of the sparse file is no entry.
using Checksum = std::uint64_t;

Checksum checksum_of(std::span<const std::byte> bytes, std::size_t entry) {
  std::uint64_t sum = 0x9e3779b97f4a7c15U ^ entry;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    sum = (sum ^ word) * 0xff51afd7ed558ccdU;
    sum ^= sum >> 32U;
  }
  for (; i < bytes.size(); ++i) {
    sum = (sum ^ static_cast<std::uint64_t>(bytes[i])) * 0xff51afd7ed558ccdU;
    sum ^= sum >> 32U;
  }
  return sum | 1U;
}

tl::unexpected<Error> io_error(const std::filesystem::path& file, const std::string& what) {
  return fail(ErrorCode::kIo, "the cache " + file.string() + " can't be " + what + ": " +
                                  std::generic_category().message(errno));
}

}  // namespace

Result<std::unique_ptr<SampleCache>> SampleCache::open(const std::filesystem::path& folder,
                                                       const std::string& key, std::size_t entries,
                                                       std::size_t entry_bytes) {
  const std::filesystem::path file = folder / (key + ".samples");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return io_error(file, "opened");
  const std::size_t bytes = entries * (entry_bytes + sizeof(Checksum));
  const off_t has = ::lseek(descriptor, 0, SEEK_END);
  const bool grown =
      has >= static_cast<off_t>(bytes) || ::ftruncate(descriptor, static_cast<off_t>(bytes)) == 0;
  void* data = grown ? ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
                     : MAP_FAILED;
  const int why = errno;
  ::close(descriptor);
  errno = why;
  if (data == MAP_FAILED) return io_error(file, "mapped");
  return std::unique_ptr<SampleCache>(
      new SampleCache(static_cast<std::byte*>(data), entries, entry_bytes));
}

SampleCache::~SampleCache() {
  ::munmap(data_, entries_ * (entry_bytes_ + sizeof(Checksum)));
}

std::byte* SampleCache::place(std::size_t entry) const {
  if (entry >= entries_) throw std::logic_error("no such entry in the cache");
  return data_ + entry * (entry_bytes_ + sizeof(Checksum));
}

bool SampleCache::get(std::size_t entry, std::span<std::byte> out) const {
  const std::byte* from = place(entry);
  std::memcpy(out.data(), from, entry_bytes_);
  Checksum kept;
  std::memcpy(&kept, from + entry_bytes_, sizeof kept);
  return kept != 0 && kept == checksum_of(out, entry);
}

void SampleCache::put(std::size_t entry, std::span<const std::byte> bytes) const {
  std::byte* to = place(entry);
  std::memcpy(to, bytes.data(), entry_bytes_);
  const Checksum sum = checksum_of(bytes, entry);
  std::memcpy(to + entry_bytes_, &sum, sizeof sum);
}

}  // namespace longhand::training
