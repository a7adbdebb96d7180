#include <algorithm>

#include "records/cassandra/record_io.h"
#include "records/cassandra/record_key.h"
#include "records/encoded_record.h"

namespace longhand::records::cassandra {
namespace {

tl::unexpected<Error> not_found(const Uuid& id) {
  return fail(ErrorCode::kNotFound, "there is no record " + id.to_string());
}

tl::unexpected<Error> makes_no_sense(const std::string& what) {
  return fail(ErrorCode::kCorruptStore,
              what + " makes no sense: something else has written into the keyspace");
}

// Who owns the record, as far as the viewer may know.
Async<Result<OwnerHash>> find_owner(Cluster& cluster, Uuid id, Viewer viewer) {
  if (!viewer.is_operator) co_return viewer.owner;
  Request request{cluster.statements().get_owner, {}};
  request.values.uuid(id);
  Asked asked(cluster.session(), std::move(request));
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  OwnerHash owner{};
  if (!rows->front().next()) co_return not_found(id);
  if (!read_owner(rows->front().blob(0), owner)) {
    co_return makes_no_sense("the owner of record " + id.to_string());
  }
  co_return owner;
}

void key(Values& values, const Place& place) {
  values.blob(std::span<const std::uint8_t>(place.owner))
      .integer(bucket_of(place.id))
      .uuid(place.id);
}

// The rows of get_content as the content, or nullopt when the first chunk isn't there.
Result<std::optional<Content>> read_content(Rows& rows, const Uuid& id) {
  if (!rows.next() || rows.integer(0) != 0) return std::optional<Content>();
  Content content;
  const std::int32_t chunks = rows.integer(2);
  content.normalization = rows.text(3);
  auto images = decode_images(rows.blob(4));
  bool sound = images.has_value();
  if (images) content.glyphs = std::move(*images);
  if (!rows.null(5)) {
    auto strokes = decode_strokes(rows.blob(5));
    sound = sound && strokes;
    if (strokes) content.strokes = std::move(*strokes);
  }
  if (!rows.null(6)) {
    const auto part = rows.blob(7);
    content.picture = Picture{rows.text(6), {part.begin(), part.end()}};
  }
  // Chunks beyond the first one's count are of a record that came second.
  for (std::int32_t chunk = 1; sound && chunk < chunks; ++chunk) {
    sound = rows.next() && rows.integer(0) == chunk && content.picture;
    if (!sound) break;
    const auto part = rows.blob(7);
    content.picture->bytes.insert(content.picture->bytes.end(), part.begin(), part.end());
  }
  if (sound && rows.well_typed()) return std::optional(std::move(content));
  return makes_no_sense("the content of record " + id.to_string());
}

}  // namespace

bool read_owner(std::span<const std::byte> blob, OwnerHash& owner) {
  if (blob.size() != owner.size()) return false;
  std::transform(blob.begin(), blob.end(), owner.begin(),
                 [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
  return true;
}

Result<Summary> read_recognition(Rows& row, const OwnerHash& owner) {
  Summary summary;
  summary.id = row.uuid(0);
  summary.owner = owner;
  summary.created_us = row.bigint(1);
  summary.name = row.text(2);
  summary.mode = row.text(3);
  auto& reading = summary.reading;
  reading.alphabet = row.text(4);
  reading.text = row.text(5);
  reading.confidence = row.real(6);
  reading.rejected = row.boolean(7);
  reading.model = {row.text(8), row.text(9)};
  reading.ink_us = row.bigint(10);
  reading.net_us = row.bigint(11);
  auto glyphs = decode_glyphs(row.blob(12));
  const bool dated = summary.created_us >= 0 && summary.created_us <= kLastTime;
  if (!glyphs || !row.well_typed() || !dated) {
    return makes_no_sense("the row of record " + summary.id.to_string());
  }
  reading.glyphs = std::move(*glyphs);
  return summary;
}

Async<Result<std::vector<std::optional<Summary>>>> fetch_records(Cluster& cluster,
                                                                 std::vector<Place> places) {
  std::vector<Request> requests;
  for (const Place& place : places) {
    requests.push_back({cluster.statements().get_recognition, {}});
    key(requests.back().values, place);
    requests.push_back({cluster.statements().get_correction, {}});
    key(requests.back().values, place);
  }
  Asked asked(cluster.session(), std::move(requests));
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  std::vector<std::optional<Summary>> found;
  for (std::size_t i = 0; i < places.size(); ++i) {
    Rows& row = (*rows)[2 * i];
    if (!row.next()) {
      found.emplace_back();
      continue;
    }
    auto summary = read_recognition(row, places[i].owner);
    if (!summary) co_return tl::unexpected(summary.error());
    Rows& correction = (*rows)[2 * i + 1];
    if (correction.next()) summary->label = correction.optional_text(2);
    found.emplace_back(std::move(*summary));
  }
  co_return found;
}

Async<Result<Summary>> get_record(Cluster& cluster, Uuid id, Viewer viewer) {
  auto finding = find_owner(cluster, id, viewer);
  const auto owner = co_await finding;
  if (!owner) co_return tl::unexpected(owner.error());
  std::vector<Place> places(1);
  places.front().owner = *owner;
  places.front().id = id;
  auto fetching = fetch_records(cluster, std::move(places));
  auto found = co_await fetching;
  if (!found) co_return tl::unexpected(found.error());
  if (!found->front()) co_return not_found(id);
  co_return std::move(*found->front());
}

Async<Result<Content>> get_content(Cluster& cluster, Uuid id, Viewer viewer) {
  auto finding = find_owner(cluster, id, viewer);
  const auto owner = co_await finding;
  if (!owner) co_return tl::unexpected(owner.error());
  Place place;
  place.owner = *owner;
  place.id = id;
  std::vector<Request> requests(2);
  requests[0].statement = cluster.statements().get_recognition;
  key(requests[0].values, place);
  requests[1].statement = cluster.statements().get_content;
  requests[1].values.uuid(id);
  Asked asked(cluster.session(), std::move(requests));
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  if (!(*rows)[0].next()) co_return not_found(id);
  auto content = read_content((*rows)[1], id);
  if (!content) co_return tl::unexpected(content.error());
  // Being deleted: its content goes first.
  if (!*content) co_return not_found(id);
  co_return std::move(**content);
}

}  // namespace longhand::records::cassandra
