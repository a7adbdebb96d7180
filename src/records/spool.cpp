#include "records/spool.h"

#include <iterator>
#include <utility>

#include "records/record_blob.h"

namespace longhand::records {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostQueued = 1024;
constexpr std::size_t kMostQueuedBytes = std::size_t{64} << 20;
constexpr const char* kExtension = ".spool";

Error full(const std::string& why) {
  return {ErrorCode::kUnavailable,
          "the store is out of reach and nothing more can be kept for it "
          "meanwhile: " +
              why};
}

}  // namespace

Result<std::unique_ptr<Spool>> Spool::open(Options options) {
  std::unique_ptr<Spool> spool(new Spool(std::move(options)));
  if (auto made = spool->make_own_file(); !made) return tl::unexpected(made.error());
  spool->adopt();
  spool->thread_ = std::thread([&self = *spool] { self.loop(); });
  return spool;
}

Spool::~Spool() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  std::error_code ignored;
  if (own_ && own_->pending == 0 && !own_->path.empty()) fs::remove(own_->path, ignored);
}

Result<void> Spool::make_own_file() {
  std::unique_ptr<Disk> disk;
  fs::path path;
  if (options_.make_disk) {
    auto made = options_.make_disk();
    if (!made) return tl::unexpected(made.error());
    disk = std::move(*made);
  } else {
    std::error_code error;
    if (fs::create_directories(options_.folder, error)) {
      fs::permissions(options_.folder, fs::perms::owner_all, error);
    }
    if (error) {
      return fail(ErrorCode::kIo, "the spool's folder " + options_.folder.string() +
                                      " can't be made: " + error.message());
    }
    path = options_.folder / (make_uuid7().to_string() + kExtension);
    auto file = LockedFile::open(path, LockedFile::Mode::kCreate);
    if (!file) return tl::unexpected(file.error());
    disk = std::move(*file);
  }
  auto log = SpoolLog::open(std::move(disk));
  if (!log) return tl::unexpected(log.error());
  own_ = std::make_shared<File>(path, std::move(*log));
  take_in(own_);
  return {};
}

// The records that a file held when it was opened.
void Spool::take_in(const std::shared_ptr<File>& file) {
  for (const SpoolLog::Entry& entry : file->log.found()) {
    Place place{file, entry, {}};
    const auto record = read_place(place);
    const std::lock_guard lock(mutex_);
    ++file->pending;  // also of a damaged one: its file must stay
    if (!record) {
      ++numbers_.damaged;
      continue;
    }
    place.owner = record->summary.owner;
    if (!pending_.emplace(record->summary.id, std::move(place)).second) --file->pending;
  }
  const std::lock_guard lock(mutex_);
  numbers_.torn_bytes += file->log.torn();
}

void Spool::adopt() {
  if (options_.folder.empty()) return;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(options_.folder, error)) {
    const fs::path& path = entry.path();
    if (path.extension() != kExtension || path == own_->path) continue;
    auto disk = LockedFile::open(path, LockedFile::Mode::kAdopt);
    if (!disk) continue;  // somebody's
    auto log = SpoolLog::open(std::move(*disk));
    if (!log) continue;  // no spool, or a newer one: it stays as it is
    const auto file = std::make_shared<File>(path, std::move(*log));
    take_in(file);
    {
      const std::lock_guard lock(mutex_);
      adopted_.push_back(file);
    }
    empty_if_settled(file);
  }
}

void Spool::append(const Record& record, std::function<void(Result<void>)> done) {
  Appending appending{record.summary.id, record.summary.owner, encode_record(record), {}};
  const std::size_t bytes = appending.bytes.size();
  {
    const std::lock_guard lock(mutex_);
    const bool room = queue_.size() < kMostQueued && queued_bytes_ + bytes <= kMostQueuedBytes;
    if (room || queue_.empty()) {
      appending.done = std::move(done);
      queued_bytes_ += bytes;
      queue_.push_back(std::move(appending));
      changed_.notify_one();
      return;
    }
  }
  done(fail(ErrorCode::kBusy, "too much is waiting for the disk, try again"));
}

void Spool::loop() {
  for (;;) {
    std::vector<Appending> batch;
    std::deque<std::function<void()>> reads;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closed_ || !queue_.empty() || !reads_.empty(); });
      if (queue_.empty() && reads_.empty()) return;
      batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.end()));
      queue_.clear();
      queued_bytes_ = 0;
      reads.swap(reads_);
    }
    for (const auto& read : reads) read();
    if (!batch.empty()) write(std::move(batch));
  }
}

// One sync for all that came meanwhile; where that fails each is tried alone, so that one which is
// too big for what is left doesn't take the others with it.
void Spool::write(std::vector<Appending> batch) {
  const auto written = write_together(batch);
  if (!written && batch.size() > 1) {
    for (Appending& one : batch) {
      std::vector<Appending> alone;
      alone.push_back(std::move(one));
      write(std::move(alone));
    }
    return;
  }
  for (Appending& one : batch) {
    one.done(written ? Result<void>() : tl::unexpected(full(written.error().message)));
  }
}

Result<std::vector<SpoolLog::Entry>> Spool::write_together(const std::vector<Appending>& batch) {
  std::vector<std::span<const std::byte>> payloads;
  std::uint64_t bytes = 0;
  for (const Appending& one : batch) payloads.emplace_back(one.bytes), bytes += one.bytes.size();
  const std::lock_guard io(own_->io);
  auto entries = own_->log.bytes() + bytes > options_.most_bytes
                     ? fail(ErrorCode::kDiskFull, "the spool has reached its limit")
                     : own_->log.append(payloads);
  const std::lock_guard lock(mutex_);
  if (!entries) {
    if (batch.size() == 1) ++numbers_.refused, has_room_ = false;
    return entries;
  }
  has_room_ = true;
  numbers_.bytes = own_->log.bytes();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const bool is_new =
        pending_.emplace(batch[i].id, Place{own_, (*entries)[i], batch[i].owner}).second;
    if (is_new) ++own_->pending;
    ++numbers_.spooled;
  }
  return entries;
}

std::optional<OwnerHash> Spool::owner_of(const Uuid& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = pending_.find(id);
  if (found == pending_.end()) return std::nullopt;
  return found->second.owner;
}

Result<Record> Spool::read_place(const Place& place) {
  const std::lock_guard io(place.file->io);
  const auto bytes = place.file->log.read(place.entry);
  if (!bytes) return tl::unexpected(bytes.error());
  return decode_record(*bytes);
}

void Spool::read(const Uuid& id, std::function<void(Result<Record>)> done) {
  const auto work = [this, id, done = std::move(done)] {
    std::optional<Place> place;
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = pending_.find(id); found != pending_.end()) place = found->second;
    }
    done(place ? read_place(*place)
               : fail(ErrorCode::kNotFound, "there is no spooled record " + id.to_string()));
  };
  const std::lock_guard lock(mutex_);
  reads_.push_back(work);
  changed_.notify_one();
}

std::vector<Record> Spool::oldest(std::size_t count, const std::optional<Uuid>& after) {
  std::vector<std::pair<Uuid, Place>> places;
  {
    const std::lock_guard lock(mutex_);
    auto at = after ? pending_.upper_bound(*after) : pending_.begin();
    for (; at != pending_.end() && places.size() < count; ++at) places.push_back(*at);
  }
  std::vector<Record> records;
  for (const auto& [id, place] : places) {
    auto record = read_place(place);
    if (record) {
      records.push_back(std::move(*record));
      continue;
    }
    const std::lock_guard lock(mutex_);
    ++numbers_.damaged;
    pending_.erase(id);  // but it still counts in its file, which therefore stays
  }
  return records;
}

void Spool::settle(const Uuid& id) {
  std::shared_ptr<File> file;
  {
    const std::lock_guard lock(mutex_);
    const auto found = pending_.find(id);
    if (found == pending_.end()) return;
    file = found->second.file;
    pending_.erase(found);
    --file->pending;
  }
  empty_if_settled(file);
}

void Spool::empty_if_settled(const std::shared_ptr<File>& file) {
  // With `io` held nothing is appended between the question and the cut.
  const std::lock_guard io(file->io);
  const std::lock_guard lock(mutex_);
  if (file->pending > 0) return;
  if (file == own_) {
    // Left as it is on an error, it only grows: its records are known to be settled.
    static_cast<void>(file->log.clear());
    numbers_.bytes = file->log.bytes();
    has_room_ = true;
    return;
  }
  std::error_code ignored;
  fs::remove(file->path, ignored);
  std::erase(adopted_, file);
}

Spool::Numbers Spool::numbers() const {
  const std::lock_guard lock(mutex_);
  Numbers numbers = numbers_;
  numbers.pending = pending_.size();
  return numbers;
}

}  // namespace longhand::records
