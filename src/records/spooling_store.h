#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "records/spool.h"
#include "records/store.h"

namespace longhand::records {

// A store that may be out of reach, and this machine's disk for as long as it is. A record that the
// store doesn't take in time goes to the spool, is answered for from there, and is brought to the
// store in the order of ids once that takes records again; it is safe to bring one twice, since a
// store keeps the first of an id. Nothing else is spooled: corrections, deletions and lists wait
// for the store (kUnavailable).
class SpoolingRecordStore final : public RecordStore {
 public:
  struct Options {
    std::chrono::milliseconds first_pause{100};  // between two attempts to drain
    std::chrono::milliseconds longest_pause{5'000};
    std::chrono::milliseconds adopt_every{30'000};
  };

  struct Numbers {
    Spool::Numbers spool;
    std::uint64_t drained = 0;  // brought to the store, since the start
    bool store_reached = true;  // as far as is known
  };

  SpoolingRecordStore(std::shared_ptr<RecordStore> store, std::unique_ptr<Spool> spool,
                      Options options);
  // What has not been drained stays on the disk, for whoever opens the folder next.
  ~SpoolingRecordStore() override;

  // kUnavailable where neither the store nor the disk takes it.
  void add(Record record, Done<Stored> done) override;
  void list(const Query& query, Done<Page> done) override;
  void get(const Uuid& id, const Viewer& viewer, Done<Summary> done) override;
  void content(const Uuid& id, const Viewer& viewer, Done<Content> done) override;
  void set_label(const Uuid& id, const Viewer& viewer, std::optional<std::string> label,
                 Done<Summary> done) override;
  void remove(const Uuid& id, const Viewer& viewer, Done<void> done) override;
  // Succeeds at once while the spool would take records in the store's place.
  void ping(Done<void> done) override;

  Numbers numbers() const;

 private:
  class UnderWay;

  void spool(const Record& record, const std::shared_ptr<UnderWay>& held, Done<Stored> done);
  bool is_here(const Uuid& id, const Viewer& viewer) const;
  void wake_drainer();
  void drain_loop();
  bool drain_all();
  std::size_t drain(const std::vector<Record>& records);
  bool probe();

  const Options options_;
  std::shared_ptr<RecordStore> store_;
  std::unique_ptr<Spool> spool_;
  std::atomic<bool> lost_{false};  // the last that was heard of the store
  std::atomic<std::uint64_t> drained_{0};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t under_way_ = 0;
  bool awaited_ = false;  // something came into the spool
  bool closed_ = false;
  std::thread drainer_;
};

// The same stores, their records behind a spool. kIo, kDiskFull for
// a folder that can't be used.
Result<Stores> with_spool(Stores stores, Spool::Options options);

}  // namespace longhand::records
