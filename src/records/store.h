#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "records/record.h"

namespace longhand::records {

// How an answer comes back: called exactly once, maybe before the call returns, maybe on a thread
// of the store's. It must neither block nor throw: hand over to an executor of your own.
template <typename T>
using Done = std::function<void(Result<T>)>;

// Who asks: an owner sees their own records, the operator all; another's record is kNotFound.
struct Viewer {
  OwnerHash owner{};
  bool is_operator = false;
};

// How safe a record is once add() is done.
enum class Stored {
  kDurable,  // survives kill -9 and power loss
  kSpooled,  // on this replica's disk, on its way to the store
};

struct Query {
  Viewer viewer = {};
  std::optional<Uuid> before = {};            // the cursor: only records older than this id
  std::optional<std::int64_t> since_us = {};  // created at or after
  std::optional<std::int64_t> until_us = {};  // created before
  std::optional<std::string> text = {};       // the correction where there is one, else the reading
  std::optional<std::string> alphabet = {};
  std::optional<bool> corrected = {};
  std::size_t limit = 20;  // 1..200
};

// With filters a page may be short, even empty, though more follows: only `next` tells the end.
struct Page {
  std::vector<Summary> records;  // newest first
  std::optional<Uuid> next;      // cursor for the page after; nullopt at the end
};

// Every recognition. All methods are thread-safe and asynchronous; see Done. kBusy comes at once
// when too much is waiting already; kDiskFull and kIo mean that this one thing was not done, and
// that a later one may. After the destructor returns every pending Done has been called; it must
// not run inside a Done.
class RecordStore {
 public:
  virtual ~RecordStore() = default;

  // Done once the record would survive a crash; adding an id again changes nothing (kept as it is).
  virtual void add(Record record, Done<Stored> done) = 0;
  virtual void list(const Query& query, Done<Page> done) = 0;
  virtual void get(const Uuid& id, const Viewer& viewer, Done<Summary> done) = 0;
  virtual void content(const Uuid& id, const Viewer& viewer, Done<Content> done) = 0;
  // Sets or, with nullopt, takes back the correction; the reading stays.
  virtual void set_label(const Uuid& id, const Viewer& viewer, std::optional<std::string> label,
                         Done<Summary> done) = 0;
  virtual void remove(const Uuid& id, const Viewer& viewer, Done<void> done) = 0;
  // Can it take writes now?
  virtual void ping(Done<void> done) = 0;
};

// Models by name and version, as bytes: where replicas find what was uploaded or trained. Which
// version of a name is served is kept beside them, so that all replicas serve the same.
class ModelStore {
 public:
  struct Entry {
    std::string name;
    std::string version;
    std::int64_t created_us = 0;
    std::size_t bytes = 0;
    std::string sha256;  // of the bytes, in hexadecimal
  };
  struct Choice {
    std::string name;
    std::string version;  // "": none of the store's
  };
  struct Listing {
    std::vector<Entry> entries;   // by name, oldest first
    std::vector<Choice> choices;  // by name, one each; names without a choice are not here
  };

  virtual ~ModelStore() = default;
  // A version that is there already stays as it is, whatever `onnx` holds: its sha256 tells.
  virtual void put(std::string name, std::string version, std::int64_t created_us,
                   std::vector<std::byte> onnx, Done<void> done) = 0;
  // kCorruptStore where the bytes are not those of the checksum.
  virtual void get(std::string name, std::string version, Done<std::vector<std::byte>> done) = 0;
  virtual void list(Done<Listing> done) = 0;
  // The last choice of a name counts. Whether the store has such a version is not looked at.
  virtual void choose(std::string name, std::string version, Done<void> done) = 0;
};

// Training jobs: queued, claimed by one worker, run, ended.
struct Job {
  enum class State { kQueued, kRunning, kDone, kFailed, kCancelled };
  Uuid id;
  State state = State::kQueued;
  std::string recipe;    // TOML
  std::string worker;    // who runs it; empty while queued
  std::string progress;  // the last line of the log, JSON
  std::string error;
  std::int64_t created_us = 0;
  std::int64_t updated_us = 0;
  int attempts = 0;  // those that ended with the death of their worker
};

class JobStore {
 public:
  virtual ~JobStore() = default;
  virtual void add(Job job, Done<void> done) = 0;
  virtual void get(const Uuid& id, Done<Job> done) = 0;
  virtual void list(Done<std::vector<Job>> done) = 0;  // newest first
  // Takes for `worker` the oldest job that is queued, or whose worker has not updated it since
  // `stale_us`: that one is dead, and this attempt is counted. nullopt when there is none. Two
  // workers never hold one, and a death is counted once.
  virtual void claim(std::string worker, std::int64_t stale_us, Done<std::optional<Job>> done) = 0;
  // Overwrites state, progress and error of a job that `worker` holds; kNotFound otherwise. The
  // attempts stay as they were counted.
  virtual void update(Job job, Done<void> done) = 0;
  // Ends a job as cancelled unless it has ended, and gives it as it is then. Its worker's next
  // update tells the worker.
  virtual void cancel(const Uuid& id, Done<Job> done) = 0;
};

class SpoolingRecordStore;

// One store of each kind, opened together.
struct Stores {
  std::shared_ptr<RecordStore> records;
  std::shared_ptr<ModelStore> models;
  std::shared_ptr<JobStore> jobs;
  std::shared_ptr<const SpoolingRecordStore> spooling = nullptr;  // `records`, if it has a spool
  std::vector<std::string> warnings = {};  // what the operator should know of them
};

// What becomes of a cluster that is out of reach when it is to be opened.
enum class OutOfReach {
  kFail,   // kUnavailable
  kAwait,  // stores that answer kUnavailable, or spool, until it can be reached
};

// Whether a URL names a store at all, as far as its text tells; kInvalidArgument says what would be
// right. Nothing is opened but the files of passwords that it names.
Result<void> check_store_url(const std::string& url);

// Opens `sqlite:PATH` (made if missing, its folder too). kInvalidArgument for a URL of another
// kind, kCorruptStore for a file that is no database, is damaged, or is of a newer schema; kIo for
// a place that can't be written, kDiskFull, kBusy while another program holds it. Several processes
// of one machine may have a store open at once.
//
// Who ends needn't wait for a cluster that doesn't answer: once `stop` is requested, on whatever
// thread, the opening ends (kCancelled), and what is under way then or asked later is answered
// kUnavailable at once. A file heeds it not.
Result<Stores> open_stores(const std::string& url, OutOfReach out_of_reach = OutOfReach::kFail,
                           std::stop_token stop = {});

}  // namespace longhand::records
