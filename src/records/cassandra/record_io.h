#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "records/cassandra/async.h"
#include "records/cassandra/cluster.h"
#include "records/store.h"

namespace longhand::records::cassandra {

// What the record store does, step by step. Coroutines: see Async.

Async<Result<Stored>> add_record(Cluster& cluster, Record record);
Async<Result<Page>> list_records(Cluster& cluster, Query query);
Async<Result<Summary>> get_record(Cluster& cluster, Uuid id, Viewer viewer);
Async<Result<Content>> get_content(Cluster& cluster, Uuid id, Viewer viewer);
Async<Result<Summary>> correct_record(Cluster& cluster, Uuid id, Viewer viewer,
                                      std::optional<std::string> label);
Async<Result<void>> remove_record(Cluster& cluster, Uuid id, Viewer viewer);

// A row of get_recognition or list_recognitions. Without its label. kCorruptStore for a row that
// this code can't have written.
Result<Summary> read_recognition(Rows& row, const OwnerHash& owner);

// Whose record is where.
struct Place {
  OwnerHash owner{};
  Uuid id;
};
// Each record with its newest label, nullopt for one that is not there.
Async<Result<std::vector<std::optional<Summary>>>> fetch_records(Cluster& cluster,
                                                                 std::vector<Place> places);

// False when the blob isn't an owner's hash.
bool read_owner(std::span<const std::byte> blob, OwnerHash& owner);

// The key of the table `buckets` under which the hours of all owners stand.
inline constexpr std::byte kEveryone[] = {std::byte{0}};

}  // namespace longhand::records::cassandra
