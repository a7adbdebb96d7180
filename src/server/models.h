#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "recognizer/model.h"
#include "records/store.h"

namespace spdlog {
class logger;
}

namespace longhand::server {

// The models that are served: those of the folder, and in their place or beside them those of the
// store that its choices name. A thread of its own does all that changes them, one thing after the
// other: it looks at the store at intervals and when told to, fetches what was chosen, loads it
// beside what is served and then puts it in its place. Who reads with a model holds it as long as
// that takes. All methods are thread-safe.
class Models {
 public:
  using Snapshot = std::shared_ptr<const recognizer::Registry>;
  using ModelPointer = std::shared_ptr<const recognizer::Model>;
  using Bytes = std::vector<std::byte>;

  // A version of a model that could be served.
  struct Version {
    records::ModelStore::Entry entry;  // of an installed one: no time and no checksum
    bool installed = false;            // of this replica's folder, not of the store
    bool served = false;
  };

  // What a model that comes from outside may be: bytes of its file, and what its network takes.
  static constexpr std::size_t kMostBytes = 32U << 20;

  Models(recognizer::Registry installed, std::shared_ptr<records::ModelStore> store,
         std::chrono::milliseconds look_every, std::shared_ptr<spdlog::logger> logger);
  ~Models();

  // Looks at the store, and waits for that, but no longer than `patience`.
  void look_first(std::chrono::milliseconds patience);
  // Nothing is changed or called once it returns; what waits gets kUnavailable. Lets go of the
  // store.
  void stop();

  // What is served now.
  Snapshot current() const;
  // The store may have changed. Doesn't wait.
  void look_again();

  // Checks a model, keeps it and serves it in place of what has its name; done once this replica
  // serves it. kCorruptModel, kUnsupportedModel and kTooLarge for what is no model that can be
  // served; kConflict where its name is that of a model for another alphabet, or where the store
  // has its version with another card.
  void add(Bytes onnx, records::Done<ModelPointer> done);
  // Serves another version of a model; done once this replica does. kNotFound lists the versions.
  void choose(std::string name, std::string version, records::Done<ModelPointer> done);
  // Oldest first, the installed one before all; kNotFound where there is none of the name.
  void versions(std::string name, records::Done<std::vector<Version>> done);
  // The file of a version that the store has.
  void file(std::string name, std::string version, records::Done<Bytes> done);

  // Called, on the thread of the changes, when this replica has changed the store. Set before the
  // first change.
  void set_relay(std::function<void()> relay) { relay_ = std::move(relay); }

 private:
  // Runs on the thread, or, with false, is told that it won't.
  using Job = std::function<void(bool runs)>;

  template <typename T, typename Work>
  void submit(Work work, records::Done<T> done);
  void run();
  Result<void> look();
  void tell_silence(const std::string& reason);
  Result<ModelPointer> fetch(const records::ModelStore::Choice& choice);
  void serve(std::vector<recognizer::Registry::Fault> faults);
  void log_changes(const recognizer::Registry& before, const recognizer::Registry& now);
  Result<ModelPointer> put(const Bytes& onnx);
  Result<ModelPointer> switch_to(const std::string& name, const std::string& version);
  Result<ModelPointer> choose_and_look(const recognizer::ModelRef& ref, const std::string& choice);
  Result<std::vector<Version>> find_versions(const std::string& name);
  ModelPointer installed(const std::string& name) const;
  ModelPointer served(const std::string& name) const;

  const recognizer::Registry installed_;
  const std::chrono::milliseconds look_every_;
  const std::shared_ptr<spdlog::logger> logger_;
  std::shared_ptr<records::ModelStore> store_;
  std::function<void()> relay_;

  // Of the thread alone.
  std::map<std::string, ModelPointer> chosen_;  // from the store, by name
  std::map<std::string, Error> broken_;         // what will never load, by name and version
  std::set<std::string> silences_;              // why the store doesn't answer, as it was logged

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Snapshot current_;
  std::deque<Job> jobs_;
  bool look_waits_ = false;  // among the jobs
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace longhand::server
