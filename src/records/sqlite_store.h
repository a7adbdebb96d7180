#pragma once

#include "records/readers.h"
#include "records/store.h"
#include "records/writer.h"

namespace longhand::records {

// The three stores on one writer and one set of readers, which must outlive them.

class SqliteRecordStore final : public RecordStore {
 public:
  SqliteRecordStore(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

  void add(Record record, Done<Stored> done) override;
  void list(const Query& query, Done<Page> done) override;
  void get(const Uuid& id, const Viewer& viewer, Done<Summary> done) override;
  void content(const Uuid& id, const Viewer& viewer, Done<Content> done) override;
  void set_label(const Uuid& id, const Viewer& viewer, std::optional<std::string> label,
                 Done<Summary> done) override;
  void remove(const Uuid& id, const Viewer& viewer, Done<void> done) override;
  void ping(Done<void> done) override;

 private:
  Writer& writer_;
  Readers& readers_;
};

class SqliteModelStore final : public ModelStore {
 public:
  SqliteModelStore(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

  void put(std::string name, std::string version, std::int64_t created_us,
           std::vector<std::byte> onnx, Done<void> done) override;
  void get(std::string name, std::string version, Done<std::vector<std::byte>> done) override;
  void list(Done<Listing> done) override;
  void choose(std::string name, std::string version, Done<void> done) override;

 private:
  Writer& writer_;
  Readers& readers_;
};

class SqliteJobStore final : public JobStore {
 public:
  SqliteJobStore(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

  void add(Job job, Done<void> done) override;
  void get(const Uuid& id, Done<Job> done) override;
  void list(Done<std::vector<Job>> done) override;
  void claim(std::string worker, std::int64_t stale_us, Done<std::optional<Job>> done) override;
  void update(Job job, Done<void> done) override;
  void cancel(const Uuid& id, Done<Job> done) override;

 private:
  Writer& writer_;
  Readers& readers_;
};

}  // namespace longhand::records
