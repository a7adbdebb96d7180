#include <algorithm>

#include "records/cassandra/record_io.h"
#include "records/cassandra/record_key.h"
#include "records/encoded_record.h"

namespace longhand::records::cassandra {
namespace {

constexpr std::size_t kMaxLimit = 200;
constexpr std::size_t kMaxScanned = 2'000;  // rows that one page with a filter looks at, about
constexpr std::size_t kFilteredAtOnce = 200;
constexpr std::int32_t kBucketsAtOnce = 500;
constexpr std::int64_t kUsualLagUs = 10'000'000;

// Ids from `lowest` to before `end`.
struct IdRange {
  Uuid lowest = first_id_of(0);
  Uuid end = first_id_of(INT64_MAX);
};

bool has_filter(const Query& query) {
  return query.since_us || query.until_us || query.text || query.alphabet || query.corrected;
}

bool matches(const Summary& summary, const Query& query) {
  return (!query.since_us || summary.created_us >= *query.since_us) &&
         (!query.until_us || summary.created_us < *query.until_us) &&
         (!query.text || summary.label.value_or(summary.reading.text) == *query.text) &&
         (!query.alphabet || summary.reading.alphabet == *query.alphabet) &&
         (!query.corrected || summary.label.has_value() == *query.corrected);
}

// The end of the ids before a cursor, which may be any bytes: ids are of version 7.
Uuid end_before(const Uuid& cursor) {
  const int version = cursor.bytes[6] >> 4;
  if (version == 7) return cursor;
  return first_id_of(cursor.unix_ms() + (version > 7 ? 1 : 0));
}

// The ids that records of the query's times can have, given how far the times in ids are off.
Async<Result<IdRange>> id_range(Cluster& cluster, Query query) {
  IdRange range;
  if (query.before) range.end = std::min(range.end, end_before(*query.before));
  if (!query.since_us && !query.until_us) co_return range;
  Asked asked(cluster.session(), Request{cluster.statements().list_lags, {}});
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  Rows& lags = rows->front();
  const bool known = lags.next() && !lags.null(0) && !lags.null(1);
  // Lags are rounded to powers of two beyond any time that is taken.
  constexpr std::int64_t kMostS = std::int64_t{1} << 40;
  const auto micros = [&](std::size_t column) {
    return known ? std::clamp(lags.bigint(column), -kMostS, kMostS) * 1'000'000 : 0;
  };
  const std::int64_t shortest = std::min(-kUsualLagUs, micros(0));
  const std::int64_t longest = std::max(kUsualLagUs, micros(1));
  const auto ms_of = [](std::int64_t us, std::int64_t lag) {
    return (std::clamp<std::int64_t>(us, 0, kLastTime + 1) - lag) / 1000;
  };
  if (query.since_us) range.lowest = first_id_of(ms_of(*query.since_us, longest));
  if (query.until_us) {
    range.end = std::min(range.end, first_id_of(ms_of(*query.until_us, shortest) + 1));
  }
  co_return range;
}

// Part of an hour: the records of the ids that were looked at, newest first.
struct Scan {
  std::vector<Summary> records;
  std::optional<Uuid> last;  // the oldest id looked at, where older ones may follow in this hour
};

Async<Result<Scan>> scan_owner(Cluster& cluster, OwnerHash owner, std::int32_t bucket,
                               IdRange range, std::size_t limit) {
  Request request{cluster.statements().list_recognitions, {}};
  request.values.blob(std::span<const std::uint8_t>(owner))
      .integer(bucket)
      .uuid(range.lowest)
      .uuid(range.end)
      .integer(static_cast<std::int32_t>(limit));
  Asked asked(cluster.session(), std::move(request));
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  Scan scan;
  while (rows->front().next()) {
    auto summary = read_recognition(rows->front(), owner);
    if (!summary) co_return tl::unexpected(summary.error());
    scan.records.push_back(std::move(*summary));
  }
  if (scan.records.empty()) co_return scan;
  if (scan.records.size() == limit) scan.last = scan.records.back().id;

  Request labels{cluster.statements().list_corrections, {}};
  labels.values.blob(std::span<const std::uint8_t>(owner))
      .integer(bucket)
      .uuid(scan.records.back().id)
      .uuid(scan.records.front().id);
  Asked asked_labels(cluster.session(), std::move(labels));
  auto corrections = co_await asked_labels;
  if (!corrections) co_return tl::unexpected(corrections.error());
  auto record = scan.records.begin();
  for (Rows& row = corrections->front(); row.next();) {
    const Uuid id = row.uuid(0);
    while (record != scan.records.end() && record->id > id) ++record;
    if (record == scan.records.end()) break;
    if (record->id == id) record->label = row.optional_text(2);
  }
  co_return scan;
}

// The operator's: the hour's shards merged, then the records that they name.
Async<Result<Scan>> scan_everyone(Cluster& cluster, std::int32_t bucket, IdRange range,
                                  std::size_t limit) {
  std::vector<Request> requests;
  for (std::int32_t shard = 0; shard < kShards; ++shard) {
    requests.push_back({cluster.statements().list_by_time, {}});
    requests.back()
        .values.integer(bucket)
        .integer(shard)
        .uuid(range.lowest)
        .uuid(range.end)
        .integer(static_cast<std::int32_t>(limit));
  }
  Asked asked(cluster.session(), std::move(requests));
  auto shards = co_await asked;
  if (!shards) co_return tl::unexpected(shards.error());
  std::vector<Place> places;
  for (Rows& row : *shards) {
    while (row.next()) {
      Place place;
      place.id = row.uuid(0);
      if (read_owner(row.blob(1), place.owner)) places.push_back(place);
    }
  }
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.id > b.id; });
  Scan scan;
  if (places.size() >= limit) {
    places.resize(limit);
    scan.last = places.back().id;
  }
  auto fetching = fetch_records(cluster, std::move(places));
  auto found = co_await fetching;
  if (!found) co_return tl::unexpected(found.error());
  for (auto& summary : *found) {
    if (summary) scan.records.push_back(std::move(*summary));
  }
  co_return scan;
}

// The hours that hold something for the viewer, newest first, from `newest` back to `oldest`.
Async<Result<std::vector<std::int32_t>>> find_buckets(Cluster& cluster, Viewer viewer,
                                                      std::int32_t oldest, std::int32_t newest) {
  Request request{cluster.statements().list_buckets, {}};
  viewer.is_operator ? request.values.blob(std::span<const std::byte>(kEveryone))
                     : request.values.blob(std::span<const std::uint8_t>(viewer.owner));
  request.values.integer(oldest).integer(newest).integer(kBucketsAtOnce);
  Asked asked(cluster.session(), std::move(request));
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  std::vector<std::int32_t> buckets;
  while (rows->front().next()) buckets.push_back(rows->front().integer(0));
  co_return buckets;
}

// A page while it is filled.
struct Filling {
  Page page;
  std::size_t scanned = 0;
  std::optional<Uuid> last;  // the last id that was taken or passed over
  bool full = false;
};

void fill(Filling& filling, Scan scan, const Query& query) {
  for (Summary& summary : scan.records) {
    if (filling.page.records.size() == query.limit) {
      filling.page.next = filling.last;
      filling.full = true;
      return;
    }
    ++filling.scanned;
    filling.last = summary.id;
    if (matches(summary, query)) filling.page.records.push_back(std::move(summary));
  }
  if (scan.last) filling.last = scan.last;
  if (filling.scanned >= kMaxScanned && filling.last) {
    filling.page.next = filling.last;
    filling.full = true;
  }
}

// All of an hour that the page has room for.
Async<Result<void>> scan_bucket(Cluster& cluster, const Query& query, std::int32_t bucket,
                                IdRange range, Filling& filling) {
  for (bool more = true; more && !filling.full;) {
    const std::size_t limit =
        has_filter(query) ? kFilteredAtOnce : query.limit + 1 - filling.page.records.size();
    auto scanning = query.viewer.is_operator
                        ? scan_everyone(cluster, bucket, range, limit)
                        : scan_owner(cluster, query.viewer.owner, bucket, range, limit);
    auto scan = co_await scanning;
    if (!scan) co_return tl::unexpected(scan.error());
    more = scan->last.has_value();
    if (more) range.end = *scan->last;
    fill(filling, std::move(*scan), query);
  }
  co_return Result<void>();
}

}  // namespace

Async<Result<Page>> list_records(Cluster& cluster, Query query) {
  if (query.limit < 1 || query.limit > kMaxLimit) {
    co_return fail(ErrorCode::kInvalidArgument,
                   "a page's limit must be from 1 to 200, not " + std::to_string(query.limit));
  }
  auto ranging = id_range(cluster, query);
  const auto range = co_await ranging;
  if (!range) co_return tl::unexpected(range.error());
  Filling filling;
  std::int32_t newest = bucket_of(range->end);
  const std::int32_t oldest = bucket_of(range->lowest);
  while (newest >= oldest && !filling.full) {
    auto finding = find_buckets(cluster, query.viewer, oldest, newest);
    const auto buckets = co_await finding;
    if (!buckets) co_return tl::unexpected(buckets.error());
    for (const std::int32_t bucket : *buckets) {
      auto scanning = scan_bucket(cluster, query, bucket, *range, filling);
      const auto scanned = co_await scanning;
      if (!scanned) co_return tl::unexpected(scanned.error());
      if (filling.full) break;
    }
    if (buckets->size() < static_cast<std::size_t>(kBucketsAtOnce)) break;
    newest = buckets->back() - 1;
  }
  co_return std::move(filling.page);
}

}  // namespace longhand::records::cassandra
