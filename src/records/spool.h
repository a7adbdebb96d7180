#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "records/record.h"
#include "records/spool_file.h"

namespace longhand::records {

// Records on this machine's disk that are on their way to a store: one log file a process in a
// shared folder, which that process holds locked. Files that nobody holds are of processes that
// ended; whoever finds them takes them over. Thread-safe.
class Spool {
 public:
  struct Options {
    std::filesystem::path folder;
    std::uint64_t most_bytes = std::uint64_t{1} << 30;  // of this process's own file
    // Where own entries go; for tests. By default a new file in the folder.
    std::function<Result<std::unique_ptr<Disk>>()> make_disk;
  };

  struct Numbers {
    std::size_t pending = 0;       // records that the store doesn't have yet
    std::uint64_t bytes = 0;       // of this process's own file
    std::uint64_t spooled = 0;     // since the start
    std::uint64_t refused = 0;     // for want of room
    std::uint64_t torn_bytes = 0;  // cut off what was found at the start
    std::uint64_t damaged = 0;     // entries that can't be read; they stay in their file
  };

  // Makes the folder (0700), an own file, and takes over what nobody holds. kIo, kDiskFull.
  static Result<std::unique_ptr<Spool>> open(Options options);
  // Writes and tells what is queued. A file whose records have all been settled is removed.
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // `done` is called on a thread of the spool's once the record would survive a loss of power, or
  // with kUnavailable where the disk or the limit is in the way, kBusy when too much is waiting.
  void append(const Record& record, std::function<void(Result<void>)> done);

  // Who owns a record that is still here.
  std::optional<OwnerHash> owner_of(const Uuid& id) const;
  // A record that is still here, on a thread of the spool's; kNotFound when it has left meanwhile.
  void read(const Uuid& id, std::function<void(Result<Record>)> done);
  // The oldest, by their ids, after `after`.
  std::vector<Record> oldest(std::size_t count, const std::optional<Uuid>& after);
  // The store has it: it is forgotten here, and with a file's last record the file is emptied.
  void settle(const Uuid& id);

  // Did the last record that was to be kept find room?
  bool has_room() const { return has_room_; }

  // Takes over what nobody holds.
  void adopt();
  Numbers numbers() const;

 private:
  // A file with records; `io` guards its log.
  struct File {
    File(std::filesystem::path where, SpoolLog opened)
        : path(std::move(where)), log(std::move(opened)) {}
    const std::filesystem::path path;  // empty in tests
    std::mutex io;
    SpoolLog log;
    std::size_t pending = 0;  // guarded by the spool's mutex
  };
  struct Place {
    std::shared_ptr<File> file;
    SpoolLog::Entry entry;
    OwnerHash owner{};
  };
  struct Appending {
    Uuid id;
    OwnerHash owner{};
    std::vector<std::byte> bytes;
    std::function<void(Result<void>)> done;
  };

  explicit Spool(Options options) : options_(std::move(options)) {}
  Result<void> make_own_file();
  void take_in(const std::shared_ptr<File>& file);
  void loop();
  void write(std::vector<Appending> batch);
  Result<std::vector<SpoolLog::Entry>> write_together(const std::vector<Appending>& batch);
  Result<Record> read_place(const Place& place);
  void empty_if_settled(const std::shared_ptr<File>& file);

  const Options options_;
  std::shared_ptr<File> own_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Uuid, Place> pending_;
  std::vector<std::shared_ptr<File>> adopted_;
  std::deque<Appending> queue_;
  std::deque<std::function<void()>> reads_;
  std::size_t queued_bytes_ = 0;
  Numbers numbers_;
  std::atomic<bool> has_room_{true};
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace longhand::records
