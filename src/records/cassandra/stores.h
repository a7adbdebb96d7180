#pragma once

#include "records/cassandra/cluster.h"
#include "records/store.h"

namespace longhand::records::cassandra {

// The three stores on one cluster, which must outlive them.

class CassandraRecordStore final : public RecordStore {
 public:
  explicit CassandraRecordStore(Cluster& cluster) : cluster_(cluster) {}

  // Also refuses ids of another version than 7 (kInvalidArgument).
  void add(Record record, Done<Stored> done) override;
  void list(const Query& query, Done<Page> done) override;
  void get(const Uuid& id, const Viewer& viewer, Done<Summary> done) override;
  void content(const Uuid& id, const Viewer& viewer, Done<Content> done) override;
  void set_label(const Uuid& id, const Viewer& viewer, std::optional<std::string> label,
                 Done<Summary> done) override;
  void remove(const Uuid& id, const Viewer& viewer, Done<void> done) override;
  void ping(Done<void> done) override;

 private:
  Cluster& cluster_;
  const Uuid writer_ = make_uuid7();
};

class CassandraModelStore final : public ModelStore {
 public:
  explicit CassandraModelStore(Cluster& cluster) : cluster_(cluster) {}

  void put(std::string name, std::string version, std::int64_t created_us,
           std::vector<std::byte> onnx, Done<void> done) override;
  void get(std::string name, std::string version, Done<std::vector<std::byte>> done) override;
  void list(Done<Listing> done) override;
  void choose(std::string name, std::string version, Done<void> done) override;

 private:
  Cluster& cluster_;
};

class CassandraJobStore final : public JobStore {
 public:
  explicit CassandraJobStore(Cluster& cluster) : cluster_(cluster) {}

  void add(Job job, Done<void> done) override;
  void get(const Uuid& id, Done<Job> done) override;
  void list(Done<std::vector<Job>> done) override;
  void claim(std::string worker, std::int64_t stale_us, Done<std::optional<Job>> done) override;
  void update(Job job, Done<void> done) override;
  void cancel(const Uuid& id, Done<Job> done) override;

 private:
  Cluster& cluster_;
};

}  // namespace longhand::records::cassandra
