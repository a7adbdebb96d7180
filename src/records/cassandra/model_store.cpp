#include <algorithm>
#include <tuple>

#include "base/sha256.h"
#include "records/cassandra/stores.h"

namespace longhand::records::cassandra {
namespace {

// A write of Cassandra's has a limit, 16 MiB as it comes.
constexpr std::size_t kChunkBytes = std::size_t{512} << 10;
constexpr std::size_t kChunksAtOnce = 16;
constexpr std::size_t kSmall = 1024;

using Bytes = std::span<const std::byte>;

// Chunks lie under the hash of the whole, so that two models put under one name at once can't get
// mixed up: the row that names the hash is written once, by the first.
Async<Result<void>> put_model(Cluster& cluster, std::string name, std::string version,
                              std::int64_t created_us, std::vector<std::byte> onnx) {
  const auto digest = sha256(onnx);
  const std::span<const std::uint8_t> hash(digest);
  const std::size_t chunks = (onnx.size() + kChunkBytes - 1) / kChunkBytes;
  for (std::size_t first = 0; first < chunks; first += kChunksAtOnce) {
    std::vector<Request> requests;
    for (std::size_t chunk = first; chunk < std::min(chunks, first + kChunksAtOnce); ++chunk) {
      const std::size_t at = chunk * kChunkBytes;
      requests.push_back({cluster.statements().add_chunk, {}});
      requests.back()
          .values.blob(hash)
          .integer(static_cast<std::int32_t>(chunk))
          .blob(Bytes(onnx).subspan(at, std::min(kChunkBytes, onnx.size() - at)));
    }
    Asked asked(cluster.session(), std::move(requests));
    const auto written = co_await asked;
    if (!written) co_return tl::unexpected(written.error());
  }
  Request request{cluster.statements().add_model, {}};
  request.values.text(name)
      .text(version)
      .bigint(created_us)
      .bigint(static_cast<std::int64_t>(onnx.size()))
      .integer(static_cast<std::int32_t>(chunks))
      .blob(hash);
  // Whether this one or one before was applied: a model of that version is there.
  Asked asked(cluster.session(), std::move(request));
  const auto done = co_await asked;
  if (!done) co_return tl::unexpected(done.error());
  co_return Result<void>();
}

Async<Result<std::vector<std::byte>>> get_model(Cluster& cluster, std::string name,
                                                std::string version) {
  Request request{cluster.statements().get_model, {}};
  request.values.text(name).text(version);
  Asked asked(cluster.session(), std::move(request));
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  Rows& row = rows->front();
  if (!row.next()) {
    co_return fail(ErrorCode::kNotFound, "there is no model " + name + " of version " + version);
  }
  const std::int64_t size = row.bigint(0);
  const std::int32_t chunks = row.integer(1);
  const auto hash = row.blob(2);
  std::vector<std::byte> onnx;
  for (std::int32_t chunk = 0; chunk < chunks; ++chunk) {
    Request part{cluster.statements().get_chunk, {}};
    part.values.blob(hash).integer(chunk);
    Asked asked_part(cluster.session(), std::move(part));
    auto parts = co_await asked_part;
    if (!parts) co_return tl::unexpected(parts.error());
    if (!parts->front().next()) break;  // the hash tells
    const auto bytes = parts->front().blob(0);
    onnx.insert(onnx.end(), bytes.begin(), bytes.end());
  }
  const auto digest = sha256(onnx);
  const Bytes found = std::as_bytes(std::span(digest));
  const bool sound = row.well_typed() && size == static_cast<std::int64_t>(onnx.size()) &&
                     std::equal(found.begin(), found.end(), hash.begin(), hash.end());
  if (sound) co_return onnx;
  co_return fail(ErrorCode::kCorruptStore,
                 "model " + name + " of version " + version + " is damaged in the store");
}

Async<Result<std::vector<ModelStore::Choice>>> list_choices(Cluster& cluster) {
  Asked asked(cluster.session(), Request{cluster.statements().list_choices, {}});
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  std::vector<ModelStore::Choice> choices;
  for (Rows& row = rows->front(); row.next();) {
    ModelStore::Choice choice;
    choice.name = row.text(0);
    choice.version = row.text(1);
    choices.push_back(std::move(choice));
  }
  std::sort(choices.begin(), choices.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  co_return choices;
}

Async<Result<void>> choose_model(Cluster& cluster, std::string name, std::string version) {
  Request request{cluster.statements().choose_model, {}};
  request.values.text(version).bigint(unix_micros()).text(name).text(version);
  // Not applied means that it is the choice already.
  Asked asked(cluster.session(), std::move(request));
  const auto done = co_await asked;
  if (!done) co_return tl::unexpected(done.error());
  co_return Result<void>();
}

Async<Result<ModelStore::Listing>> list_models(Cluster& cluster) {
  Asked asked(cluster.session(), Request{cluster.statements().list_models, {}});
  auto rows = co_await asked;
  if (!rows) co_return tl::unexpected(rows.error());
  ModelStore::Listing listing;
  for (Rows& row = rows->front(); row.next();) {
    ModelStore::Entry entry;
    entry.name = row.text(0);
    entry.version = row.text(1);
    entry.created_us = row.bigint(2);
    entry.bytes = static_cast<std::size_t>(std::max<std::int64_t>(0, row.bigint(3)));
    const auto digest = row.blob(4);
    const auto* const octets = reinterpret_cast<const std::uint8_t*>(digest.data());
    entry.sha256 = to_hex({octets, digest.size()});
    listing.entries.push_back(std::move(entry));
  }
  auto& entries = listing.entries;
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.name, a.created_us, a.version) < std::tie(b.name, b.created_us, b.version);
  });
  auto choosing = list_choices(cluster);
  auto choices = co_await choosing;
  if (!choices) co_return tl::unexpected(choices.error());
  listing.choices = std::move(*choices);
  co_return listing;
}

}  // namespace

void CassandraModelStore::put(std::string name, std::string version,
                              std::int64_t created_us, std::vector<std::byte> onnx,
                              Done<void> done) {
  const std::size_t bytes = kSmall + onnx.size();
  cluster_.run<void>(
      bytes,
      put_model(cluster_, std::move(name), std::move(version), created_us, std::move(onnx)),
      std::move(done));
}

void CassandraModelStore::get(std::string name, std::string version,
                              Done<std::vector<std::byte>> done) {
  cluster_.run<std::vector<std::byte>>(
      kSmall, get_model(cluster_, std::move(name), std::move(version)), std::move(done));
}

void CassandraModelStore::list(Done<Listing> done) {
  cluster_.run<Listing>(kSmall, list_models(cluster_), std::move(done));
}

void CassandraModelStore::choose(std::string name, std::string version, Done<void> done) {
  cluster_.run<void>(kSmall, choose_model(cluster_, std::move(name), std::move(version)),
                     std::move(done));
}

}  // namespace longhand::records::cassandra
