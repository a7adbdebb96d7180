#include "server/models.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <optional>

#include "base/sha256.h"
#include "recognizer/try_out.h"
#include "records/wait_for.h"

namespace longhand::server {
namespace {

using recognizer::Registry;
using records::ModelStore;
using records::wait_for;

// A model that comes from outside must not take a replica's memory or time: a digit takes 5 million
// multiply-adds, the largest alphabet some hundred.
constexpr nn::LoadLimits kLimits{.max_file_bytes = Models::kMostBytes,
                                 .max_tensor_elements = 4U << 20,
                                 .max_multiply_adds = 1'000'000'000,
                                 .max_weights = 16U << 20};
constexpr std::size_t kMostWaiting = 16;
constexpr std::size_t kMostReasons = 8;  // that are logged until the store answers again

std::string title(const std::string& name, const std::string& version) {
  return name + " " + version;
}

Result<Models::ModelPointer> load(const Models::Bytes& onnx) {
  auto model = recognizer::Model::load(onnx, kLimits);
  if (!model) return model;
  if (auto sound = recognizer::try_out(**model); !sound) return tl::unexpected(sound.error());
  return model;
}

// Whether another attempt could give another answer.
bool is_final(const Error& error) {
  return error.code == ErrorCode::kCorruptModel || error.code == ErrorCode::kUnsupportedModel ||
         error.code == ErrorCode::kTooLarge;
}

Models::ModelPointer find(const Registry& registry, const std::string& name) {
  for (const auto& model : registry.models()) {
    if (model->card().name == name) return model;
  }
  return nullptr;
}

bool knows(const Registry& registry, const Registry::Fault& fault) {
  return std::any_of(registry.faults().begin(), registry.faults().end(), [&](const auto& other) {
    return other.file == fault.file && other.error.message == fault.error.message;
  });
}

}  // namespace

Models::Models(Registry installed, std::shared_ptr<ModelStore> store,
               std::chrono::milliseconds look_every, std::shared_ptr<spdlog::logger> logger)
    : installed_(std::move(installed)),
      look_every_(look_every),
      logger_(std::move(logger)),
      store_(std::move(store)),
      current_(std::make_shared<const Registry>(installed_)),
      thread_([this] { run(); }) {}

Models::~Models() {
  stop();
}

void Models::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  store_.reset();
}

Models::Snapshot Models::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

Models::ModelPointer Models::installed(const std::string& name) const {
  return find(installed_, name);
}

Models::ModelPointer Models::served(const std::string& name) const {
  return find(*current(), name);
}

template <typename T, typename Work>
void Models::submit(Work work, records::Done<T> done) {
  // Shared, since a std::function may copy what it holds.
  auto job = [work = std::make_shared<Work>(std::move(work)), done](bool runs) {
    if (!runs) return done(fail(ErrorCode::kUnavailable, "the server is shutting down"));
    std::optional<Result<T>> result;
    try {
      result.emplace((*work)());
    } catch (const std::bad_alloc&) {
      result.emplace(fail(ErrorCode::kBusy, "the server is short of memory"));
    }
    done(std::move(*result));
  };
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && jobs_.size() < kMostWaiting) {
      jobs_.push_back(std::move(job));
      changed_.notify_all();
      return;
    }
  }
  done(fail(ErrorCode::kBusy, "too much is to be done with the models; try again in a moment"));
}

void Models::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const bool woken =
        changed_.wait_for(lock, look_every_, [&] { return stopping_ || !jobs_.empty(); });
    if (stopping_) break;
    Job job = [this](bool) { static_cast<void>(look()); };
    if (woken) {
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    lock.unlock();
    try {
      job(true);
    } catch (const std::exception& error) {
      logger_->error("looking at the store's models: {}", error.what());
    }
    job = nullptr;  // what it holds goes before the next thing is waited for
    lock.lock();
  }
  const std::deque<Job> left = std::move(jobs_);
  jobs_.clear();
  lock.unlock();
  for (const Job& job : left) job(false);
}

void Models::look_again() {
  const std::lock_guard lock(mutex_);
  if (stopping_ || look_waits_) return;
  look_waits_ = true;
  jobs_.push_back([this](bool runs) {
    {
      const std::lock_guard guard(mutex_);
      look_waits_ = false;  // what changes from here on takes another look
    }
    if (runs) static_cast<void>(look());
  });
  changed_.notify_all();
}

void Models::look_first(std::chrono::milliseconds patience) {
  auto promise = std::make_shared<std::promise<void>>();
  auto done = promise->get_future();
  submit<void>([this] { return look(); }, [promise](const Result<void>&) { promise->set_value(); });
  if (done.wait_for(patience) != std::future_status::ready) {
    logger_->warn("the store does not say which models it has; beginning with the installed ones");
  }
}

// --- What the thread does ---------------------------------------------------------------------

Result<void> Models::look() {
  const auto listing =
      wait_for<ModelStore::Listing>([&](auto done) { store_->list(std::move(done)); });
  if (!listing) {
    tell_silence(listing.error().message);
    return tl::unexpected(listing.error());
  }
  if (!std::exchange(silences_, {}).empty()) logger_->info("the store answers again");
  std::vector<Registry::Fault> faults = installed_.faults();
  std::map<std::string, ModelPointer> chosen;
  for (const auto& choice : listing->choices) {
    if (choice.version.empty()) continue;
    auto model = fetch(choice);
    const auto before = chosen_.find(choice.name);
    if (model) {
      chosen[choice.name] = std::move(*model);
    } else {
      faults.push_back({title(choice.name, choice.version), model.error()});
      // What was served before is better than what the choice was to replace.
      if (before != chosen_.end()) chosen[choice.name] = before->second;
    }
  }
  chosen_ = std::move(chosen);
  serve(std::move(faults));
  return {};
}

// A store that nobody reaches at first may refuse a password later: that must not go unsaid.
void Models::tell_silence(const std::string& reason) {
  if (silences_.size() >= kMostReasons || !silences_.insert(reason).second) return;
  logger_->warn("the store's models can't be listed: {}", reason);
}

Result<Models::ModelPointer> Models::fetch(const ModelStore::Choice& choice) {
  const auto known = chosen_.find(choice.name);
  if (known != chosen_.end() && known->second->ref().version == choice.version) {
    return known->second;
  }
  const std::string key = title(choice.name, choice.version);
  if (const auto broken = broken_.find(key); broken != broken_.end()) {
    return tl::unexpected(broken->second);
  }
  const auto onnx = wait_for<Bytes>(
      [&](auto done) { store_->get(choice.name, choice.version, std::move(done)); });
  if (!onnx) return tl::unexpected(onnx.error());
  auto model = load(*onnx);
  if (model && ((*model)->ref().name != choice.name || (*model)->ref().version != choice.version)) {
    model =
        fail(ErrorCode::kCorruptModel,
             "what the store has there is " + title((*model)->ref().name, (*model)->ref().version));
  }
  if (!model && is_final(model.error())) broken_.emplace(key, model.error());
  return model;
}

// Models of the folder stay in their order, which the default of an alphabet may hang on.
void Models::serve(std::vector<Registry::Fault> faults) {
  Registry::Models models = installed_.models();
  for (const auto& [name, model] : chosen_) {
    const std::string& wanted = name;  // a lambda can't capture the binding itself
    const auto place = std::find_if(models.begin(), models.end(), [&](const ModelPointer& other) {
      return other->card().name == wanted;
    });
    if (place == models.end()) {
      models.push_back(model);
    } else {
      *place = model;
    }
  }
  auto now = std::make_shared<const Registry>(std::move(models), std::move(faults));
  const Snapshot before = current();
  {
    const std::lock_guard lock(mutex_);
    current_ = now;
  }
  log_changes(*before, *now);
}

void Models::log_changes(const Registry& before, const Registry& now) {
  for (const auto& model : now.models()) {
    const auto old = find(before, model->ref().name);
    if (old && old->ref() == model->ref()) continue;
    logger_->info("model {} {} is served now{}", model->ref().name, model->ref().version,
                  old ? " in place of " + old->ref().version : "");
  }
  for (const auto& model : before.models()) {
    if (!find(now, model->ref().name))
      logger_->info("model {} is served no longer", model->ref().name);
  }
  for (const auto& fault : now.faults()) {
    if (!knows(before, fault)) {
      logger_->error("model {} not served: {}", fault.file.string(), fault.error.message);
    }
  }
}

Result<Models::ModelPointer> Models::put(const Bytes& onnx) {
  const auto model = load(onnx);
  if (!model) return model;
  const auto ref = (*model)->ref();
  const auto other = served(ref.name);
  // Who asks by the alphabet, or by none, must not be left without.
  if (other && other->card().alphabet_name != (*model)->card().alphabet_name) {
    return fail(ErrorCode::kConflict,
                "the model " + ref.name + " that is served reads the alphabet " +
                    other->card().alphabet_name + ", this one " + (*model)->card().alphabet_name +
                    "; give it another name in its card");
  }
  const auto kept = wait_for<void>([&](auto done) {
    store_->put(ref.name, ref.version, unix_micros(), onnx, std::move(done));
  });
  if (!kept) return tl::unexpected(kept.error());
  const auto versions = find_versions(ref.name);
  if (!versions) return tl::unexpected(versions.error());
  const std::string digest = to_hex(sha256(onnx));
  for (const Version& version : *versions) {
    if (!version.installed && version.entry.version == ref.version &&
        version.entry.sha256 != digest) {
      return fail(ErrorCode::kConflict,
                  "the store has " + title(ref.name, ref.version) +
                      " with another card: a version is its network's, and stays as it is");
    }
  }
  return choose_and_look(ref, ref.version);
}

Result<Models::ModelPointer> Models::switch_to(const std::string& name,
                                               const std::string& version) {
  const auto versions = find_versions(name);
  if (!versions) return tl::unexpected(versions.error());
  std::string known;
  const Version* found = nullptr;
  for (const Version& one : *versions) {
    if (one.entry.version == version) found = &one;  // the store's goes before the folder's
    known += (known.empty() ? "" : ", ") + one.entry.version;
  }
  if (found == nullptr) {
    return fail(ErrorCode::kNotFound,
                "there is no such version of " + name + "; there is: " + known);
  }
  return choose_and_look({name, version}, found->installed ? "" : version);
}

Result<Models::ModelPointer> Models::choose_and_look(const recognizer::ModelRef& ref,
                                                     const std::string& choice) {
  const auto chosen =
      wait_for<void>([&](auto done) { store_->choose(ref.name, choice, std::move(done)); });
  if (!chosen) return tl::unexpected(chosen.error());
  if (relay_) relay_();
  if (auto looked = look(); !looked) return tl::unexpected(looked.error());
  auto model = served(ref.name);
  if (model && model->ref().version == ref.version) return model;
  return fail(ErrorCode::kUnavailable,
              "the choice is kept, but " + title(ref.name, ref.version) +
                  " could not be fetched yet; this replica goes on trying");
}

Result<std::vector<Models::Version>> Models::find_versions(const std::string& name) {
  auto listing = wait_for<ModelStore::Listing>([&](auto done) { store_->list(std::move(done)); });
  if (!listing) return tl::unexpected(listing.error());
  std::vector<Version> versions;
  const auto now = served(name);
  if (const auto model = installed(name)) {
    versions.push_back(
        {{name, model->ref().version, 0, model->file_bytes(), ""}, true, now == model});
  }
  for (auto& entry : listing->entries) {
    if (entry.name != name) continue;
    const auto chosen = chosen_.find(name);
    const bool is_served =
        chosen != chosen_.end() && chosen->second->ref().version == entry.version;
    versions.push_back({std::move(entry), false, is_served});
  }
  if (versions.empty()) return fail(ErrorCode::kNotFound, "there is no model " + name);
  return versions;
}

// --- What others ask for ----------------------------------------------------------------------

void Models::add(Bytes onnx, records::Done<ModelPointer> done) {
  submit<ModelPointer>([this, onnx = std::move(onnx)] { return put(onnx); }, std::move(done));
}

void Models::choose(std::string name, std::string version, records::Done<ModelPointer> done) {
  submit<ModelPointer>([this, name = std::move(name),
                        version = std::move(version)] { return switch_to(name, version); },
                       std::move(done));
}

void Models::versions(std::string name, records::Done<std::vector<Version>> done) {
  submit<std::vector<Version>>([this, name = std::move(name)] { return find_versions(name); },
                               std::move(done));
}

void Models::file(std::string name, std::string version, records::Done<Bytes> done) {
  submit<Bytes>(
      [this, name = std::move(name), version = std::move(version)] {
        return wait_for<Bytes>([&](auto told) { store_->get(name, version, std::move(told)); });
      },
      std::move(done));
}

}  // namespace longhand::server
