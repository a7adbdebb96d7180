#pragma once

#include <algorithm>
#include <cstdint>

#include "base/uuid.h"
#include "records/record.h"

namespace longhand::records::cassandra {

// Where a record lies, and when it was written, as functions of its id alone: every replica, and
// every retry, comes to the same.

inline constexpr std::int64_t kBucketMs = 3'600'000;
inline constexpr int kShards = 8;  // of an hour of all owners

inline std::int32_t bucket_of(const Uuid& id) {
  return static_cast<std::int32_t>(id.unix_ms() / kBucketMs);
}
inline std::int32_t shard_of(const Uuid& id) {
  return id.bytes.back() % kShards;
}

// Ids of this store are of version 7: Cassandra sorts them by version first, then as their bytes.
inline bool is_version7(const Uuid& id) {
  return id.bytes[6] >> 4 == 7 && id.bytes[8] >> 6 == 2;
}
// The least id of a millisecond.
inline Uuid first_id_of(std::int64_t unix_ms) {
  unix_ms = std::clamp<std::int64_t>(unix_ms, 0, (std::int64_t{1} << 48) - 1);
  Uuid id;
  for (std::size_t i = 0; i < 6; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(unix_ms >> (40 - 8 * i) & 0xff);
  }
  id.bytes[6] = 0x70;
  id.bytes[8] = 0x80;
  return id;
}

// Write times, in microseconds. Cassandra keeps what was written last; we keep the first of two
// records of one id, whole: a later add has an earlier time, by as much as it comes after its id.
// A deletion is later than anything that is ever written of a record, whatever any clock says.
inline std::int64_t add_time(const Uuid& id, std::int64_t now_us) {
  const std::int64_t id_us = id.unix_ms() * 1000;
  return id_us - std::max<std::int64_t>(0, now_us - id_us);
}
inline std::int64_t correction_time(const Uuid& id) {
  return id.unix_ms() * 1000;
}
inline std::int64_t removal_time(const Uuid& id) {
  return id.unix_ms() * 1000 + 1;
}

}  // namespace longhand::records::cassandra
