#include <algorithm>
#include <array>

#include "base/sha256.h"
#include "records/spool_file.h"

namespace longhand::records {
namespace {

constexpr std::array<std::uint8_t, 8> kMagic = {'L', 'H', 's', 'p', 'o', 'o', 'l', '1'};
constexpr std::size_t kSumBytes = 8;               // of the SHA-256
constexpr std::size_t kHeadBytes = 4 + kSumBytes;  // of an entry

using Bytes = std::span<const std::byte>;
using Head = std::array<std::byte, kHeadBytes>;

// The payload's size, little-endian, and the first bytes of the hash of both.
Head head_of(Bytes payload) {
  Head head{};
  for (std::size_t i = 0; i < 4; ++i) {
    head[i] = static_cast<std::byte>(payload.size() >> 8 * i & 0xff);
  }
  Sha256 hash;
  hash.update(Bytes(head).first(4));
  hash.update(payload);
  const auto digest = hash.finish();
  std::transform(digest.begin(), digest.begin() + kSumBytes, head.begin() + 4,
                 [](std::uint8_t byte) { return std::byte{byte}; });
  return head;
}

std::uint32_t size_in(Bytes head) {
  std::uint32_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size |= std::to_integer<std::uint32_t>(head[i]) << 8 * i;
  return size;
}

bool fits(Bytes head, Bytes payload) {
  const Head wanted = head_of(payload);
  return std::equal(wanted.begin(), wanted.end(), head.begin(), head.end());
}

}  // namespace

Result<SpoolLog> SpoolLog::open(std::unique_ptr<Disk> disk) {
  SpoolLog log(std::move(disk));
  if (auto scanned = log.scan(); !scanned) return tl::unexpected(scanned.error());
  return log;
}

Result<void> SpoolLog::scan() {
  const auto size = disk_->size();
  if (!size) return tl::unexpected(size.error());
  // Shorter than its head: a crash came before the first entry.
  if (*size < kMagic.size()) return begin();
  const auto magic = disk_->read(0, kMagic.size());
  if (!magic) return tl::unexpected(magic.error());
  const Bytes wanted = std::as_bytes(std::span(kMagic));
  if (!std::equal(wanted.begin(), wanted.end(), magic->begin(), magic->end())) {
    return fail(ErrorCode::kCorruptStore, "the file is no spool of Longhand's, or of a newer one");
  }
  end_ = kMagic.size();
  while (*size - end_ >= kHeadBytes) {
    const auto head = disk_->read(end_, kHeadBytes);
    if (!head) return tl::unexpected(head.error());
    const std::uint32_t bytes = size_in(*head);
    if (bytes > kMostBytes || bytes > *size - end_ - kHeadBytes) break;
    const auto payload = disk_->read(end_ + kHeadBytes, bytes);
    if (!payload) return tl::unexpected(payload.error());
    if (!fits(*head, *payload)) break;
    found_.push_back({end_ + kHeadBytes, bytes});
    end_ += kHeadBytes + bytes;
  }
  torn_ = *size - end_;
  return torn_ == 0 ? Result<void>() : disk_->truncate(end_);
}

Result<void> SpoolLog::begin() {
  auto done = disk_->truncate(0);
  if (done) done = disk_->append(std::as_bytes(std::span(kMagic)));
  if (done) done = disk_->sync();
  if (done) end_ = kMagic.size();
  return done;
}

Result<std::vector<SpoolLog::Entry>> SpoolLog::append(const std::vector<Bytes>& payloads) {
  // What a failed append left is cut off before anything comes behind it.
  if (dirty_) {
    if (auto cut = disk_->truncate(end_); !cut) return tl::unexpected(cut.error());
    dirty_ = false;
  }
  std::vector<Entry> entries;
  std::vector<std::byte> bytes;
  std::uint64_t end = end_;
  for (const Bytes payload : payloads) {
    if (payload.size() > kMostBytes) {
      return fail(ErrorCode::kTooLarge, "a record of more than 256 MiB can't be spooled");
    }
    const Head head = head_of(payload);
    bytes.insert(bytes.end(), head.begin(), head.end());
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    entries.push_back({end + kHeadBytes, static_cast<std::uint32_t>(payload.size())});
    end += kHeadBytes + payload.size();
  }
  auto written = disk_->append(bytes);
  if (written) written = disk_->sync();
  if (!written) {
    dirty_ = !disk_->truncate(end_);
    return tl::unexpected(written.error());
  }
  end_ = end;
  return entries;
}

Result<std::vector<std::byte>> SpoolLog::read(const Entry& entry) const {
  auto all = disk_->read(entry.offset - kHeadBytes, kHeadBytes + entry.size);
  if (!all) return all;
  const Bytes bytes(*all);
  if (!fits(bytes.first(kHeadBytes), bytes.subspan(kHeadBytes))) {
    return fail(ErrorCode::kCorruptStore, "an entry of the spool is damaged");
  }
  all->erase(all->begin(), all->begin() + kHeadBytes);
  return all;
}

Result<void> SpoolLog::clear() {
  found_.clear();
  auto cut = disk_->truncate(kMagic.size());
  if (cut) end_ = kMagic.size(), dirty_ = false;
  return cut;
}

}  // namespace longhand::records
