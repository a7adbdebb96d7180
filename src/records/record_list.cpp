#include <algorithm>
#include <vector>

#include "records/record_rows.h"
#include "records/summary_row.h"

namespace longhand::records {
namespace {

constexpr std::size_t kMaxLimit = 200;
// A filter without an index of its own looks at so many rows for one page at most.
constexpr std::size_t kMaxScanned = 20'000;
constexpr std::int64_t kUsualLag = 10'000'000;  // the index `lagging` holds those beyond

constexpr auto kLags =
    "SELECT (SELECT min(lag_us) FROM records WHERE abs(lag_us) > 10000000), "
    "(SELECT max(lag_us) FROM records WHERE abs(lag_us) > 10000000)";

// Ids from `lowest` to before `end`, as bytes of any length: memcmp's order.
struct IdRange {
  std::vector<std::uint8_t> lowest = std::vector<std::uint8_t>(1, 0);
  std::vector<std::uint8_t> end = std::vector<std::uint8_t>(17, 0xff);

  void starts_at_ms(std::int64_t ms) { lowest = std::max(lowest, bytes_of(ms)); }
  void ends_at_ms(std::int64_t ms) { end = std::min(end, bytes_of(ms)); }

 private:
  static std::vector<std::uint8_t> bytes_of(std::int64_t ms) {
    ms = std::clamp<std::int64_t>(ms, 0, (std::int64_t{1} << 48) - 1);
    std::vector<std::uint8_t> bytes;
    for (int shift = 40; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<std::uint8_t>(ms >> shift & 0xff));
    }
    return bytes;
  }
};

// The ids that records of the query's times can have, given how far the times in ids are off.
Result<IdRange> id_range(Connection& db, const Query& query) {
  IdRange range;
  if (query.before) range.end.assign(query.before->bytes.begin(), query.before->bytes.end());
  if (!query.since_us && !query.until_us) return range;
  Statement lags(db, kLags);
  if (const auto row = lags.step(); !row) return tl::unexpected(row.error());
  const auto shortest = std::min(-kUsualLag, lags.null(0) ? 0 : lags.integer(0));
  const auto longest = std::max(kUsualLag, lags.null(1) ? 0 : lags.integer(1));
  const auto time_of = [](std::int64_t us, std::int64_t lag) {
    us = std::clamp<std::int64_t>(us, 0, kLastTime + 1);
    lag = std::clamp<std::int64_t>(lag, -kLastTime, kLastTime);
    return (us - lag) / 1000;
  };
  if (query.since_us) range.starts_at_ms(time_of(*query.since_us, longest));
  if (query.until_us) range.ends_at_ms(time_of(*query.until_us, shortest) + 1);
  return range;
}

// The filters that no index answers, on a row of kSummaryColumns.
bool matches(Statement& row, const Query& query) {
  const auto created_us = row.integer(kCreatedColumn);
  return (!query.since_us || created_us >= *query.since_us) &&
         (!query.until_us || created_us < *query.until_us) &&
         (!query.alphabet || row.text(kAlphabetColumn) == *query.alphabet) &&
         (!query.corrected || row.null(kLabelColumn) != *query.corrected);
}

// Fills the page from the rows; one row more tells whether a page follows.
Result<void> fill(Connection& db, Statement& rows, const Query& query, Page& page) {
  Uuid last;
  for (std::size_t scanned = 0;; ++scanned) {
    const auto row = rows.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    if (page.records.size() == query.limit || scanned == kMaxScanned) {
      page.next = last;
      return {};
    }
    if (!copy_exactly(rows.blob(kIdColumn), last.bytes)) {
      return tl::unexpected(damaged_store(db.path(), "a record's id makes no sense"));
    }
    if (!matches(rows, query)) continue;
    auto summary = read_summary(db, rows);
    if (!summary) return tl::unexpected(summary.error());
    page.records.push_back(std::move(*summary));
  }
}

}  // namespace

// Each shape of the query walks an index that is in the order of ids.
std::string list_sql(const Query& query) {
  std::string sql =
      "SELECT " + std::string(kSummaryColumns) + " FROM records WHERE id >= ?1 AND id < ?2";
  if (!query.viewer.is_operator) sql += " AND owner = ?3";
  if (query.text) {
    sql += " AND coalesce(label, text) = ?4";
  } else if (query.corrected == true) {
    sql += " AND label IS NOT NULL";
  }
  return sql + " ORDER BY id DESC";
}

Result<Page> select_page(Connection& db, const Query& query) {
  if (query.limit < 1 || query.limit > kMaxLimit) {
    return fail(ErrorCode::kInvalidArgument,
                "a page's limit must be from 1 to 200, not " + std::to_string(query.limit));
  }
  const auto range = id_range(db, query);
  if (!range) return tl::unexpected(range.error());
  const auto sql = list_sql(query);
  Statement rows(db, sql);
  rows.bind(1, std::span<const std::uint8_t>(range->lowest))
      .bind(2, std::span<const std::uint8_t>(range->end));
  if (!query.viewer.is_operator) rows.bind(3, std::span<const std::uint8_t>(query.viewer.owner));
  if (query.text) rows.bind(4, std::string_view(*query.text));
  Page page;
  if (auto done = fill(db, rows, query, page); !done) return tl::unexpected(done.error());
  return page;
}

}  // namespace longhand::records
