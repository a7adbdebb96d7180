#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace longhand::training {

// What a training writes, and the folder that it holds for itself: no other process takes it until
// this object goes or its process ends, however it ends.
class TrainingFolder {
 public:
  // To begin a training in `folder`, which is made where it is missing; `name` is the model's.
  // kConflict where another process holds it, or where any of a training's files lies already: the
  // message names them.
  static Result<TrainingFolder> begin(std::filesystem::path folder, const std::string& name);
  // To go on with the one in it. kNotFound where there is no checkpoint, kConflict as above.
  static Result<TrainingFolder> resume(std::filesystem::path folder, const std::string& name);

  TrainingFolder(TrainingFolder&& other) noexcept;
  TrainingFolder& operator=(TrainingFolder&&) = delete;
  ~TrainingFolder();

  std::filesystem::path checkpoint() const { return folder_ / "checkpoint"; }
  std::filesystem::path log() const { return folder_ / "log.jsonl"; }
  std::filesystem::path report() const { return folder_ / "report.html"; }
  std::filesystem::path model() const { return folder_ / (name_ + ".onnx"); }

 private:
  TrainingFolder(std::filesystem::path folder, std::string name)
      : folder_(std::move(folder)), name_(std::move(name)) {}
  Result<void> lock();
  Result<void> refuse_files() const;

  std::filesystem::path folder_;
  std::string name_;
  int lock_ = -1;  // a descriptor of the file "lock", which stays: only who holds it counts
};

}  // namespace longhand::training
