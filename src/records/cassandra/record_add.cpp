#include <bit>
#include <cstdlib>
#include <iterator>
#include <string>

#include "records/cassandra/record_io.h"
#include "records/cassandra/record_key.h"
#include "records/encoded_record.h"

namespace longhand::records::cassandra {
namespace {

// A write of Cassandra's has a limit, 16 MiB as it comes; small ones are kinder to its memory.
constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
constexpr std::size_t kBatchBytes = 4096;  // of values; see Batch
constexpr std::int64_t kUsualLagS = 10;
constexpr std::int64_t kLongestTtl = 630'720'000;  // Cassandra's limit, 20 years

using Bytes = std::span<const std::byte>;

// The seconds that something which ends at `end_ms` plus the retention still has; 0: for ever.
// nullopt where it is over.
std::optional<std::int32_t> time_to_live(const Cluster& cluster, std::int64_t end_ms) {
  const std::int64_t retention = cluster.retention().count();
  if (retention == 0) return 0;
  const std::int64_t left = retention + (end_ms - unix_micros() / 1000) / 1000;
  if (left <= 0) return std::nullopt;
  return static_cast<std::int32_t>(std::min(left, kLongestTtl));
}

struct Lifetime {
  std::int32_t ttl = 0;
  std::int64_t time = 0;  // of the write
};

Request insert_recognition(const Statements& statements, const EncodedRecord& encoded,
                           const Lifetime& life) {
  const Summary& summary = encoded.record.summary;
  const auto& reading = summary.reading;
  Request request{statements.add_recognition, {}};
  request.values.blob(std::span<const std::uint8_t>(summary.owner))
      .integer(bucket_of(summary.id))
      .uuid(summary.id)
      .bigint(summary.created_us)
      .blob(std::as_bytes(std::span(summary.name)))
      .text(summary.mode)
      .text(reading.alphabet)
      .text(reading.text)
      .real(reading.confidence)
      .boolean(reading.rejected)
      .text(reading.model.name)
      .text(reading.model.version)
      .bigint(reading.ink_us)
      .bigint(reading.net_us)
      .blob(Bytes(encoded.glyphs))
      .integer(life.ttl)
      .bigint(life.time);
  return request;
}

// The first chunk has all but the rest of the picture. What is absent is written as null, so that
// nothing of another record of the same id can show through.
std::vector<Request> insert_content(const Statements& statements, const EncodedRecord& encoded,
                                    const Lifetime& life) {
  const Summary& summary = encoded.record.summary;
  const Content& content = encoded.record.content;
  const Bytes picture = content.picture ? Bytes(content.picture->bytes) : Bytes();
  const std::size_t chunks =
      std::max<std::size_t>(1, (picture.size() + kChunkBytes - 1) / kChunkBytes);
  std::vector<Request> requests;
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    const Bytes part = picture.subspan(chunk * kChunkBytes,
                                       std::min(kChunkBytes, picture.size() - chunk * kChunkBytes));
    Request request{statements.add_content, {}};
    Values& values = request.values;
    values.uuid(summary.id)
        .integer(static_cast<std::int32_t>(chunk))
        .blob(std::span<const std::uint8_t>(summary.owner))
        .integer(static_cast<std::int32_t>(chunks))
        .text(content.normalization);
    chunk == 0 ? values.blob(Bytes(encoded.images)) : values.null();
    chunk == 0 && encoded.strokes ? values.blob(Bytes(*encoded.strokes)) : values.null();
    content.picture ? values.text(content.picture->media_type) : values.null();
    content.picture ? values.blob(part) : values.null();
    values.integer(life.ttl).bigint(life.time);
    requests.push_back(std::move(request));
  }
  return requests;
}

Request insert_by_time(const Statements& statements, const Summary& summary, const Lifetime& life) {
  Request request{statements.add_by_time, {}};
  request.values.integer(bucket_of(summary.id))
      .integer(shard_of(summary.id))
      .uuid(summary.id)
      .blob(std::span<const std::uint8_t>(summary.owner))
      .integer(life.ttl)
      .bigint(life.time);
  return request;
}

// Notes that the record's hour holds something: once for an owner and a process.
struct Notes {
  std::vector<std::string> keys;
};

void note_bucket(Cluster& cluster, Bytes owner, std::int32_t bucket, std::vector<Request>& requests,
                 Notes& notes) {
  std::string key(reinterpret_cast<const char*>(owner.data()), owner.size());
  key += std::to_string(bucket);
  if (cluster.written().contains(key)) return;
  // Outlives all that the hour can hold.
  const auto ttl = time_to_live(cluster, (std::int64_t{bucket} + 3) * kBucketMs);
  Request request{cluster.statements().add_bucket, {}};
  request.values.blob(owner).integer(bucket).integer(ttl.value_or(1));
  requests.push_back(std::move(request));
  notes.keys.push_back(std::move(key));
}

void note_lag(Cluster& cluster, const Summary& summary, std::vector<Request>& requests,
              Notes& notes) {
  const std::int64_t lag_s = summary.created_us / 1'000'000 - summary.id.unix_ms() / 1000;
  const auto distance = static_cast<std::uint64_t>(std::abs(lag_s)) + 1;
  if (std::abs(lag_s) < kUsualLagS) return;
  const auto rounded = static_cast<std::int64_t>(std::bit_ceil(distance));
  std::string key = "lag " + std::to_string(lag_s < 0 ? -rounded : rounded);
  if (cluster.written().contains(key)) return;
  Request request{cluster.statements().add_lag, {}};
  request.values.bigint(lag_s < 0 ? -rounded : rounded);
  requests.push_back(std::move(request));
  notes.keys.push_back(std::move(key));
}

Request insert_label(const Statements& statements, const Summary& summary, const Lifetime& life) {
  Request request{statements.add_correction, {}};
  request.values.blob(std::span<const std::uint8_t>(summary.owner))
      .integer(bucket_of(summary.id))
      .uuid(summary.id)
      .uuid(summary.id)
      .text(*summary.label)
      .integer(life.ttl)
      .bigint(life.time);
  return request;
}

// All that a record needs besides its content, and at the end the row that makes it be there.
std::vector<Request> insert_rows(Cluster& cluster, const EncodedRecord& encoded,
                                 const Lifetime& life, Notes& notes) {
  const Statements& statements = cluster.statements();
  const Summary& summary = encoded.record.summary;
  const auto bucket = bucket_of(summary.id);
  std::vector<Request> rows;
  rows.push_back(insert_by_time(statements, summary, life));
  note_bucket(cluster, std::as_bytes(std::span(summary.owner)), bucket, rows, notes);
  note_bucket(cluster, kEveryone, bucket, rows, notes);
  note_lag(cluster, summary, rows, notes);
  if (summary.label) rows.push_back(insert_label(statements, summary, life));
  rows.push_back(insert_recognition(statements, encoded, life));
  return rows;
}

std::size_t bytes_of(const std::vector<Request>& requests) {
  std::size_t sum = 0;
  for (const Request& request : requests) sum += request.values.bytes().size();
  return sum;
}

void append(std::vector<Request>& to, std::vector<Request> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

struct Sending {
  std::vector<Request> before;  // what is too large for the batch
  Batch batch;                  // has the row that makes the record be there
};

// Most records are one request. A content of several chunks, being large, is never seen in part.
Sending arrange(std::vector<Request> content, std::vector<Request> rows) {
  const std::size_t bytes = bytes_of(rows);
  if (bytes + bytes_of(content) <= kBatchBytes) {
    append(rows, std::move(content));
    return {{}, std::move(rows)};
  }
  if (bytes <= kBatchBytes) return {std::move(content), std::move(rows)};
  Batch last;
  last.push_back(std::move(rows.back()));
  rows.pop_back();
  append(content, std::move(rows));
  return {std::move(content), std::move(last)};
}

}  // namespace

Async<Result<Stored>> add_record(Cluster& cluster, Record record) {
  if (!is_version7(record.summary.id)) {
    co_return fail(ErrorCode::kInvalidArgument, "a record's id must be a UUID of version 7, not " +
                                                    record.summary.id.to_string());
  }
  auto encoded = encode(std::move(record));
  if (!encoded) co_return tl::unexpected(encoded.error());
  const Summary& summary = encoded->record.summary;
  const auto ttl = time_to_live(cluster, summary.id.unix_ms());
  if (!ttl) co_return Stored::kDurable;  // it would be gone already
  const Lifetime life{*ttl, add_time(summary.id, unix_micros())};

  Notes notes;
  Sending sending = arrange(insert_content(cluster.statements(), *encoded, life),
                            insert_rows(cluster, *encoded, life, notes));
  Asked large(cluster.session(), std::move(sending.before));
  if (const auto written = co_await large; !written) co_return tl::unexpected(written.error());
  Asked rest(cluster.session(), std::vector<Batch>{std::move(sending.batch)});
  if (const auto written = co_await rest; !written) co_return tl::unexpected(written.error());
  for (std::string& key : notes.keys) cluster.written().insert(std::move(key));
  co_return Stored::kDurable;
}

Async<Result<Summary>> correct_record(Cluster& cluster, Uuid id, Viewer viewer,
                                      std::optional<std::string> label) {
  auto reading = get_record(cluster, id, viewer);
  auto summary = co_await reading;
  if (!summary) co_return summary;
  const auto ttl = time_to_live(cluster, id.unix_ms());
  if (!ttl) co_return fail(ErrorCode::kNotFound, "there is no record " + id.to_string());

  // The newest by its id counts: ours must come after what there is, also where the clock that made
  // that one is ahead.
  Request newest{cluster.statements().get_correction, {}};
  newest.values.blob(std::span<const std::uint8_t>(summary->owner)).integer(bucket_of(id)).uuid(id);
  Asked asked(cluster.session(), std::move(newest));
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  Uuid correction = make_uuid7();
  if (rows->front().next()) {
    const Uuid latest = rows->front().uuid(1);
    if (correction <= latest) correction = first_id_of(latest.unix_ms() + 1);
  }

  Request request{cluster.statements().add_correction, {}};
  Values& values = request.values;
  values.blob(std::span<const std::uint8_t>(summary->owner))
      .integer(bucket_of(id))
      .uuid(id)
      .uuid(correction);
  label ? values.text(*label) : values.null();
  values.integer(*ttl).bigint(correction_time(id));
  Asked writing(cluster.session(), std::move(request));
  const auto written = co_await writing;
  if (!written) co_return tl::unexpected(written.error());
  summary->label = std::move(label);
  co_return summary;
}

Async<Result<void>> remove_record(Cluster& cluster, Uuid id, Viewer viewer) {
  auto reading = get_record(cluster, id, viewer);
  const auto summary = co_await reading;
  if (!summary) co_return tl::unexpected(summary.error());

  const Statements& statements = cluster.statements();
  const std::span<const std::uint8_t> owner(summary->owner);
  Batch rows(4);
  rows[0].statement = statements.remove_recognition;
  rows[0].values.bigint(removal_time(id)).blob(owner).integer(bucket_of(id)).uuid(id);
  rows[1].statement = statements.remove_corrections;
  rows[1].values.bigint(removal_time(id)).blob(owner).integer(bucket_of(id)).uuid(id);
  rows[2].statement = statements.remove_by_time;
  rows[2].values.bigint(removal_time(id)).integer(bucket_of(id)).integer(shard_of(id)).uuid(id);
  rows[3].statement = statements.remove_content;
  rows[3].values.bigint(removal_time(id)).uuid(id);
  Asked removing(cluster.session(), std::vector<Batch>{std::move(rows)});
  const auto removed = co_await removing;
  if (!removed) co_return tl::unexpected(removed.error());
  co_return Result<void>();
}

}  // namespace longhand::records::cassandra
