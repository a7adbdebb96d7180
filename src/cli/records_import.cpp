#include "cli/records_import.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/sha256.h"
#include "cli/records_read.h"
#include "records/record_blob.h"
#include "records/wait_for.h"

namespace longhand::cli {
namespace {

constexpr std::size_t kTogether = 16;  // records under way at once; each waits for two stores
constexpr std::size_t kTellEvery = 1'000;

// Calls `work` with 0 to `count` - 1 from several threads, in about that order; gives the first
// error.
Result<void> for_all(std::size_t count, const std::function<Result<void>(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::optional<Error> error;
  const auto loop = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      const auto done = work(i);
      if (done) continue;
      const std::lock_guard lock(mutex);
      if (!error) error = done.error();
      next = count;
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(kTogether, count); ++i) threads.emplace_back(loop);
  for (auto& thread : threads) thread.join();
  if (error) return tl::unexpected(std::move(*error));
  return {};
}

using Digest = Sha256::Digest;

// nullopt for a record that is not there.
Result<std::optional<Digest>> digest_of(records::RecordStore& store, const Uuid& id,
                                        const records::Viewer& viewer) {
  const auto record = read_record(store, id, viewer);
  if (record) return sha256(records::encode_record(*record));
  if (record.error().code == ErrorCode::kNotFound) return std::optional<Digest>();
  return tl::unexpected(record.error());
}

class Import {
 public:
  Import(records::RecordStore& from, records::RecordStore& to, const records::Viewer& viewer,
         std::vector<Uuid> ids)
      : from_(from), to_(to), viewer_(viewer), ids_(std::move(ids)), digests_(ids_.size()) {}

  Result<void> bring(std::size_t i) {
    const Uuid& id = ids_[i];
    const auto there = records::wait_for<records::Summary>(
        [&](auto done) { to_.get(id, viewer_, std::move(done)); });
    if (there) return {};
    if (there.error().code != ErrorCode::kNotFound) return tl::unexpected(there.error());
    auto record = read_record(from_, id, viewer_);
    if (!record && record.error().code == ErrorCode::kNotFound) return {};  // deleted meanwhile
    if (!record) return tl::unexpected(record.error());
    const auto stored = records::wait_for<records::Stored>(
        [&](auto done) { to_.add(std::move(*record), std::move(done)); });
    if (!stored) return tl::unexpected(stored.error());
    ++added_;
    return {};
  }

  Result<void> compare(std::size_t i) {
    const auto here = digest_of(from_, ids_[i], viewer_);
    if (!here) return tl::unexpected(here.error());
    if (!*here) return {};
    const auto there = digest_of(to_, ids_[i], viewer_);
    if (!there) return tl::unexpected(there.error());
    digests_[i] = *here;
    if (*here == *there) return {};
    return fail(ErrorCode::kCorruptData,
                "record " + ids_[i].to_string() +
                    (*there ? " differs between the two stores: it was changed in one of them"
                            : " did not arrive: it was deleted in the other store"));
  }

  ImportResult result() const {
    ImportResult result;
    result.added = added_;
    Sha256 all;
    for (const auto& digest : digests_) {
      if (!digest) continue;
      ++result.records;
      all.update(std::as_bytes(std::span(*digest)));
    }
    result.checksum = to_hex(all.finish());
    return result;
  }

 private:
  records::RecordStore& from_;
  records::RecordStore& to_;
  const records::Viewer viewer_;
  const std::vector<Uuid> ids_;
  std::vector<std::optional<Digest>> digests_;
  std::atomic<std::size_t> added_{0};
};

}  // namespace

Result<ImportResult> import_records(
    records::RecordStore& from, records::RecordStore& to, records::Query query,
    const std::function<void(std::size_t done, std::size_t of)>& progress) {
  auto ids = find_all(from, query);
  if (!ids) return tl::unexpected(ids.error());
  std::reverse(ids->begin(), ids->end());
  const std::size_t count = ids->size();
  Import import(from, to, query.viewer, std::move(*ids));
  const auto step = [&](std::size_t i, std::size_t before, Result<void> done) {
    if (done && (before + i + 1) % kTellEvery == 0) progress(before + i + 1, 2 * count);
    return done;
  };
  auto done = for_all(count, [&](std::size_t i) { return step(i, 0, import.bring(i)); });
  if (done) done = for_all(count, [&](std::size_t i) { return step(i, count, import.compare(i)); });
  if (!done) return tl::unexpected(done.error());
  return import.result();
}

}  // namespace longhand::cli
