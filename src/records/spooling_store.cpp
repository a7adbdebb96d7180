#include "records/spooling_store.h"

#include <algorithm>
#include <future>
#include <utility>

namespace longhand::records {
namespace {

constexpr std::size_t kTogether = 32;  // records on their way to the store at once

bool is_out_of_reach(const Error& error) {
  return error.code == ErrorCode::kUnavailable;
}

tl::unexpected<Error> on_its_way(const Uuid& id) {
  return fail(ErrorCode::kUnavailable, "record " + id.to_string() +
                                           " is still on its way to the store, which is out of "
                                           "reach; try again when it is back");
}

}  // namespace

// Counts the calls whose answers still come back to the store.
class SpoolingRecordStore::UnderWay {
 public:
  explicit UnderWay(SpoolingRecordStore& store) : store_(store) {
    const std::lock_guard lock(store_.mutex_);
    ++store_.under_way_;
  }
  ~UnderWay() {
    // With the lock held: the destructor of the store goes on as soon as it may.
    const std::lock_guard lock(store_.mutex_);
    --store_.under_way_;
    store_.changed_.notify_all();
  }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

 private:
  SpoolingRecordStore& store_;
};

SpoolingRecordStore::SpoolingRecordStore(std::shared_ptr<RecordStore> store,
                                         std::unique_ptr<Spool> spool, Options options)
    : options_(options), store_(std::move(store)), spool_(std::move(spool)) {
  drainer_ = std::thread([this] { drain_loop(); });
}

SpoolingRecordStore::~SpoolingRecordStore() {
  {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return under_way_ == 0; });
  }
  drainer_.join();
}

void SpoolingRecordStore::add(Record record, Done<Stored> done) {
  const auto held = std::make_shared<UnderWay>(*this);
  if (lost_) return spool(record, held, std::move(done));
  // Kept until it is known that the store has it.
  const auto kept = std::make_shared<const Record>(std::move(record));
  store_->add(*kept, [this, held, kept, done = std::move(done)](Result<Stored> stored) {
    if (stored || !is_out_of_reach(stored.error())) return done(std::move(stored));
    lost_ = true;
    spool(*kept, held, done);
  });
}

void SpoolingRecordStore::spool(const Record& record, const std::shared_ptr<UnderWay>& held,
                                Done<Stored> done) {
  spool_->append(record, [this, held, done = std::move(done)](Result<void> kept) {
    wake_drainer();
    done(kept ? Result<Stored>(Stored::kSpooled) : tl::unexpected(std::move(kept.error())));
  });
}

bool SpoolingRecordStore::is_here(const Uuid& id, const Viewer& viewer) const {
  const auto owner = spool_->owner_of(id);
  return owner && (viewer.is_operator || *owner == viewer.owner);
}

void SpoolingRecordStore::list(const Query& query, Done<Page> done) {
  store_->list(query, std::move(done));
}

void SpoolingRecordStore::get(const Uuid& id, const Viewer& viewer, Done<Summary> done) {
  if (!is_here(id, viewer)) return store_->get(id, viewer, std::move(done));
  const auto held = std::make_shared<UnderWay>(*this);
  spool_->read(id, [this, held, id, viewer, done = std::move(done)](Result<Record> record) {
    // Drained since it was looked for.
    if (!record) return store_->get(id, viewer, done);
    done(std::move(record->summary));
  });
}

void SpoolingRecordStore::content(const Uuid& id, const Viewer& viewer, Done<Content> done) {
  if (!is_here(id, viewer)) return store_->content(id, viewer, std::move(done));
  const auto held = std::make_shared<UnderWay>(*this);
  spool_->read(id, [this, held, id, viewer, done = std::move(done)](Result<Record> record) {
    if (!record) return store_->content(id, viewer, done);
    done(std::move(record->content));
  });
}

void SpoolingRecordStore::set_label(const Uuid& id, const Viewer& viewer,
                                    std::optional<std::string> label, Done<Summary> done) {
  if (is_here(id, viewer)) return done(on_its_way(id));
  store_->set_label(id, viewer, std::move(label), std::move(done));
}

void SpoolingRecordStore::remove(const Uuid& id, const Viewer& viewer, Done<void> done) {
  if (is_here(id, viewer)) return done(on_its_way(id));
  store_->remove(id, viewer, std::move(done));
}

void SpoolingRecordStore::ping(Done<void> done) {
  // A record finds a place, whether the store answers or not. Balancers that ask twice a second
  // must not wait for one that doesn't.
  if (spool_->has_room()) return done({});
  const auto held = std::make_shared<UnderWay>(*this);
  store_->ping([this, held, done = std::move(done)](Result<void> pinged) {
    if (!pinged && is_out_of_reach(pinged.error()) && spool_->has_room()) pinged = {};
    done(std::move(pinged));
  });
}

SpoolingRecordStore::Numbers SpoolingRecordStore::numbers() const {
  return {spool_->numbers(), drained_, !lost_};
}

void SpoolingRecordStore::wake_drainer() {
  const std::lock_guard lock(mutex_);
  awaited_ = true;
  changed_.notify_all();
}

void SpoolingRecordStore::drain_loop() {
  using Clock = std::chrono::steady_clock;
  auto pause = options_.first_pause;
  auto adopt_at = Clock::now() + options_.adopt_every;
  bool done = false;  // nothing is left to do but to wait
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      const auto longest = done ? options_.adopt_every : pause;
      changed_.wait_for(lock, longest, [&] { return closed_ || (done && awaited_); });
      if (closed_) return;
      awaited_ = false;
    }
    if (Clock::now() >= adopt_at) {
      spool_->adopt();
      adopt_at = Clock::now() + options_.adopt_every;
    }
    done = drain_all();
    if (done) lost_ = false;
    pause = done ? options_.first_pause : std::min(pause * 2, options_.longest_pause);
  }
}

// Brings what there is to the store; false when the store can't be reached.
bool SpoolingRecordStore::drain_all() {
  if (lost_ && !probe()) return false;
  std::optional<Uuid> last;
  for (;;) {
    const auto records = spool_->oldest(kTogether, last);
    if (records.empty()) return true;
    if (drain(records) < records.size()) return false;
    // New ones go to the store while these are drained, so that this comes to an end.
    lost_ = false;
    last = records.back().summary.id;
    const std::lock_guard lock(mutex_);
    if (closed_) return true;
  }
}

// How many the store took, or refused for good: those stay in the spool, for somebody to look at.
std::size_t SpoolingRecordStore::drain(const std::vector<Record>& records) {
  std::vector<std::future<Result<Stored>>> answers;
  for (const Record& record : records) {
    auto answer = std::make_shared<std::promise<Result<Stored>>>();
    answers.push_back(answer->get_future());
    store_->add(record, [answer](Result<Stored> stored) { answer->set_value(std::move(stored)); });
  }
  std::size_t passed = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto stored = answers[i].get();
    if (stored) {
      spool_->settle(records[i].summary.id);
      ++drained_;
    }
    const bool later =
        !stored && (is_out_of_reach(stored.error()) || stored.error().code == ErrorCode::kBusy);
    passed += later ? 0 : 1;
  }
  return passed;
}

bool SpoolingRecordStore::probe() {
  auto answer = std::make_shared<std::promise<Result<void>>>();
  auto pinged = answer->get_future();
  store_->ping([answer](Result<void> result) { answer->set_value(std::move(result)); });
  return pinged.get().has_value();
}

Result<Stores> with_spool(Stores stores, Spool::Options options) {
  auto spool = Spool::open(std::move(options));
  if (!spool) return tl::unexpected(spool.error());
  const auto spooling = std::make_shared<SpoolingRecordStore>(stores.records, std::move(*spool),
                                                              SpoolingRecordStore::Options{});
  stores.records = spooling;
  stores.spooling = spooling;
  return stores;
}

}  // namespace longhand::records
