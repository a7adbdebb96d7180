#include "records/late_stores.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace longhand::records {
namespace {

constexpr std::chrono::milliseconds kFirstPause{500};
constexpr std::chrono::milliseconds kLongestPause{5'000};

// The thread that opens, and what it has opened.
class Opening {
 public:
  Opening(std::function<Result<Stores>()> open, std::stop_token stop)
      : open_(std::move(open)), stop_(std::move(stop)), thread_([this] { loop(); }) {}
  ~Opening() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Opening(const Opening&) = delete;
  Opening& operator=(const Opening&) = delete;

  // What became of the first try; nullopt where nothing has until then.
  std::optional<Result<Stores>> first(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, stop_, patience, [this] { return tried_; })) return std::nullopt;
    if (opened_ != nullptr) return stores_;
    return tl::unexpected(error_);
  }

  // nullptr until they are open, and then the same for good.
  const Stores* stores() const { return opened_.load(); }

  tl::unexpected<Error> out_of_reach() const {
    const std::lock_guard lock(mutex_);
    // Whatever is wrong now may be right when it is tried again.
    return fail(ErrorCode::kUnavailable, error_.message);
  }

 private:
  void loop();

  const std::function<Result<Stores>()> open_;
  const std::stop_token stop_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Error error_{ErrorCode::kUnavailable, "the store hasn't been opened yet"};
  bool tried_ = false;
  bool closed_ = false;
  Stores stores_;
  std::atomic<const Stores*> opened_{nullptr};
  std::thread thread_;
};

void Opening::loop() {
  auto pause = kFirstPause;
  for (;;) {
    auto opened = open_();
    std::unique_lock lock(mutex_);
    tried_ = true;
    changed_.notify_all();
    if (opened) {
      stores_ = std::move(*opened);
      opened_ = &stores_;
      return;
    }
    error_ = std::move(opened.error());
    if (changed_.wait_for(lock, stop_, pause, [this] { return closed_; })) return;
    if (stop_.stop_requested()) return;
    pause = std::min(pause * 2, kLongestPause);
  }
}

// One of the stores that are being opened.
template <typename Store>
class Late : public Store {
 public:
  Late(std::shared_ptr<const Opening> opening, std::shared_ptr<Store> Stores::*which)
      : opening_(std::move(opening)), which_(which) {}

 protected:
  // Calls the same method of the store, or tells that it isn't there yet.
  template <typename T, typename Method, typename... Arguments>
  void pass(Method method, Done<T>& done, Arguments&&... arguments) {
    const Stores* const all = opening_->stores();
    if (all == nullptr) return done(opening_->out_of_reach());
    ((*(all->*which_)).*method)(std::forward<Arguments>(arguments)..., std::move(done));
  }

 private:
  const std::shared_ptr<const Opening> opening_;
  std::shared_ptr<Store> Stores::*const which_;
};

class LateRecordStore final : public Late<RecordStore> {
 public:
  using Late::Late;
  void add(Record record, Done<Stored> done) override {
    pass(&RecordStore::add, done, std::move(record));
  }
  void list(const Query& query, Done<Page> done) override { pass(&RecordStore::list, done, query); }
  void get(const Uuid& id, const Viewer& viewer, Done<Summary> done) override {
    pass(&RecordStore::get, done, id, viewer);
  }
  void content(const Uuid& id, const Viewer& viewer, Done<Content> done) override {
    pass(&RecordStore::content, done, id, viewer);
  }
  void set_label(const Uuid& id, const Viewer& viewer, std::optional<std::string> label,
                 Done<Summary> done) override {
    pass(&RecordStore::set_label, done, id, viewer, std::move(label));
  }
  void remove(const Uuid& id, const Viewer& viewer, Done<void> done) override {
    pass(&RecordStore::remove, done, id, viewer);
  }
  void ping(Done<void> done) override { pass(&RecordStore::ping, done); }
};

class LateModelStore final : public Late<ModelStore> {
 public:
  using Late::Late;
  void put(std::string name, std::string version, std::int64_t created_us,
           std::vector<std::byte> onnx, Done<void> done) override {
    pass(&ModelStore::put, done, std::move(name), std::move(version), created_us, std::move(onnx));
  }
  void get(std::string name, std::string version, Done<std::vector<std::byte>> done) override {
    pass(&ModelStore::get, done, std::move(name), std::move(version));
  }
  void list(Done<Listing> done) override { pass(&ModelStore::list, done); }
  void choose(std::string name, std::string version, Done<void> done) override {
    pass(&ModelStore::choose, done, std::move(name), std::move(version));
  }
};

class LateJobStore final : public Late<JobStore> {
 public:
  using Late::Late;
  void add(Job job, Done<void> done) override { pass(&JobStore::add, done, std::move(job)); }
  void get(const Uuid& id, Done<Job> done) override { pass(&JobStore::get, done, id); }
  void list(Done<std::vector<Job>> done) override { pass(&JobStore::list, done); }
  void claim(std::string worker, std::int64_t stale_us, Done<std::optional<Job>> done) override {
    pass(&JobStore::claim, done, std::move(worker), stale_us);
  }
  void update(Job job, Done<void> done) override { pass(&JobStore::update, done, std::move(job)); }
  void cancel(const Uuid& id, Done<Job> done) override { pass(&JobStore::cancel, done, id); }
};

}  // namespace

Result<Stores> open_late(std::function<Result<Stores>()> open, std::chrono::milliseconds patience,
                         std::stop_token stop) {
  const auto opening = std::make_shared<Opening>(std::move(open), stop);
  auto first = opening->first(patience);
  if (stop.stop_requested()) {
    return fail(ErrorCode::kCancelled, "the store was closed before it was open");
  }
  if (first && (*first || first->error().code != ErrorCode::kUnavailable)) return *first;
  Stores stores{std::make_shared<LateRecordStore>(opening, &Stores::records),
                std::make_shared<LateModelStore>(opening, &Stores::models),
                std::make_shared<LateJobStore>(opening, &Stores::jobs)};
  stores.warnings.push_back(opening->out_of_reach().value().message);
  return stores;
}

}  // namespace longhand::records
