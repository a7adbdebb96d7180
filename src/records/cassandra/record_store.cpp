#include "records/cassandra/record_io.h"
#include "records/cassandra/stores.h"

namespace longhand::records::cassandra {
namespace {

constexpr std::size_t kSmall = 1024;  // bytes that an operation holds at the least

std::size_t bytes_of(const Record& record) {
  std::size_t sum = kSmall;
  if (record.content.picture) sum += record.content.picture->bytes.size();
  if (record.content.strokes) {
    for (const auto& stroke : record.content.strokes->strokes) {
      sum += stroke.size() * sizeof(ink::Point);
    }
  }
  for (const auto& image : record.content.glyphs) sum += image.pixels.size();
  return sum;
}

Async<Result<void>> ping_cluster(Cluster& cluster, Uuid writer) {
  Request request{cluster.statements().ping, {}};
  request.values.uuid(writer).bigint(unix_micros());
  Asked asked(cluster.session(), std::move(request));
  const auto written = co_await asked;
  if (!written) co_return tl::unexpected(written.error());
  co_return Result<void>();
}

}  // namespace

void CassandraRecordStore::add(Record record, Done<Stored> done) {
  const std::size_t bytes = bytes_of(record);
  cluster_.run<Stored>(bytes, add_record(cluster_, std::move(record)), std::move(done));
}

void CassandraRecordStore::list(const Query& query, Done<Page> done) {
  cluster_.run<Page>(kSmall, list_records(cluster_, query), std::move(done));
}

void CassandraRecordStore::get(const Uuid& id, const Viewer& viewer, Done<Summary> done) {
  cluster_.run<Summary>(kSmall, get_record(cluster_, id, viewer), std::move(done));
}

void CassandraRecordStore::content(const Uuid& id, const Viewer& viewer, Done<Content> done) {
  cluster_.run<Content>(kSmall, get_content(cluster_, id, viewer), std::move(done));
}

void CassandraRecordStore::set_label(const Uuid& id, const Viewer& viewer,
                                     std::optional<std::string> label, Done<Summary> done) {
  const std::size_t bytes = kSmall + (label ? label->size() : 0);
  cluster_.run<Summary>(bytes, correct_record(cluster_, id, viewer, std::move(label)),
                        std::move(done));
}

void CassandraRecordStore::remove(const Uuid& id, const Viewer& viewer, Done<void> done) {
  cluster_.run<void>(kSmall, remove_record(cluster_, id, viewer), std::move(done));
}

void CassandraRecordStore::ping(Done<void> done) {
  cluster_.run<void>(kSmall, ping_cluster(cluster_, writer_), std::move(done));
}

}  // namespace longhand::records::cassandra
