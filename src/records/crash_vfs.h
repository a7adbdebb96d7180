#pragma once

// A disk that can lose its power, for tests of stores. Not for the library.

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace longhand::records::testing {

// What is known of a file: its bytes as of the last sync, and what was done to it since.
struct DiskFile {
  struct Change {
    bool truncates = false;
    std::int64_t offset = 0;  // the new size, where it truncates
    std::vector<std::uint8_t> bytes;
  };
  std::vector<std::uint8_t> synced;
  std::vector<Change> changes;
  bool entry_synced = false;  // would the folder still name it?
};

// All files of a store at one moment.
struct DiskImage {
  std::map<std::string, DiskFile> files;     // by name, without the folder
  std::map<std::string, DiskFile> unlinked;  // deleted, but the folder was not synced since
};

// What becomes, in a power loss, of that which was not synced.
enum class Loss {
  kEverything,  // all of it is lost
  kNothing,     // none of it
  kTheLast,     // all from some moment on
  kAnything,    // any of it, in any order, writes torn at sectors
};

// Writes to `folder` (made anew) what a power loss may leave of the image.
void write_after_power_loss(const DiskImage& image, Loss loss, std::mt19937& random,
                            const std::filesystem::path& folder);

// An SQLite VFS over the system's, which does what it is told and keeps a model of what the disk
// holds for sure. Its rule is that of POSIX: written is not synced, a name is on the disk when its
// folder is. (SQLite syncs the folder together with the first sync of a log or journal that it
// made; so does the model.) It can also refuse: see fail_writes(). Thread-safe.
class CrashVfs {
 public:
  CrashVfs();
  ~CrashVfs();
  CrashVfs(const CrashVfs&) = delete;
  CrashVfs& operator=(const CrashVfs&) = delete;

  // For SqliteOptions::open.vfs.
  const char* name() const { return name_.c_str(); }

  // The disk as it is now. May be called in the hook.
  DiskImage image() const;
  // Called before each write, truncation, sync and deletion, on the thread that does it.
  void set_hook(std::function<void()> hook) { hook_ = std::move(hook); }

  std::size_t syncs() const { return syncs_; }
  std::size_t writes() const { return writes_; }

  enum class Failing {
    kNone,
    kWrites,   // every one
    kGrowing,  // those that would make a file longer, as a full disk does
    kSyncs,
    kBeyond,  // writes that end beyond the `after`-th byte of a file
  };
  // From the `after`-th such operation on, they fail with SQLite's `code`.
  void fail(Failing what, std::size_t after = 0, int code = SQLITE_FULL);
  // Has an operation failed since?
  bool has_failed() const { return has_failed_; }
  // A disk that says that it has synced and has not: for tests of the tests.
  void lie_about_syncs() { lies_ = true; }

 private:
  friend struct CrashFile;
  friend struct CrashCalls;

  bool fails(Failing what);
  bool fails_beyond(std::int64_t end);

  std::string name_;
  sqlite3_vfs vfs_{};
  sqlite3_vfs* real_ = nullptr;
  std::function<void()> hook_;
  mutable std::mutex mutex_;
  DiskImage image_;
  std::atomic<std::size_t> syncs_ = 0;
  std::atomic<std::size_t> writes_ = 0;
  Failing failing_ = Failing::kNone;
  std::size_t fail_after_ = 0;
  std::atomic<int> fail_code_ = 0;
  std::atomic<bool> has_failed_ = false;
  std::atomic<bool> lies_ = false;
};

// Holds whoever touches the disk next until let go. The hook must be free, and set to nothing
// before this is gone.
class HeldDisk {
 public:
  explicit HeldDisk(CrashVfs& disk) : disk_(disk), syncs_(disk.syncs()) {
    disk_.set_hook([this] {
      if (held_.exchange(true)) return;
      reached_.set_value();
      let_go_.get_future().wait();
    });
  }
  void wait_until_held() { reached_.get_future().wait(); }
  void let_go() { let_go_.set_value(); }
  std::size_t syncs_since() const { return disk_.syncs() - syncs_; }

 private:
  CrashVfs& disk_;
  const std::size_t syncs_;
  std::atomic<bool> held_ = false;
  std::promise<void> reached_;
  std::promise<void> let_go_;
};

}  // namespace longhand::records::testing
