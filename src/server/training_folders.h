#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "records/store.h"

namespace longhand::server {

// The folders that trainings run in, one each, named by the job's id, and what of them goes again:
// the checkpoint, by far the largest part, once the job is done, which is to say that its model is
// in the store, or cancelled; the whole folder some days after the job has ended, however it did.
// One that failed keeps its checkpoint until then, for whoever looks into it. Thread-safe.
class TrainingFolders {
 public:
  // `place` holds them; it need not be there yet. With a `keep` of zero nothing ever goes.
  TrainingFolders(std::filesystem::path place, std::chrono::days keep)
      : place_(std::move(place)), keep_(keep) {}

  std::filesystem::path of(const Uuid& id) const { return place_ / id.to_string(); }

  // Of the folders there are, those whose names are ids; none where nothing is to go.
  std::vector<Uuid> find() const;

  struct Tidied {
    std::vector<Uuid> removed;        // whole folders
    std::vector<std::string> faults;  // what could not be removed, and why
  };
  // Removes what is to go now of the folders `found`. `jobs` are all that the store has. Not touched
  // is what belongs to a job that waits or runs, whoever runs it, or is named in its recipe, which
  // may begin from that checkpoint; nor what belongs to no job of the store; nor what a symbolic
  // link leads to.
  Tidied tidy(const std::vector<Uuid>& found, const std::vector<records::Job>& jobs,
              std::int64_t now_us) const;

 private:
  const std::filesystem::path place_;
  const std::chrono::days keep_;
};

}  // namespace longhand::server
