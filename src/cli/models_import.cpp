#include "cli/models_import.h"

#include <algorithm>
#include <span>

#include "base/sha256.h"
#include "records/wait_for.h"

namespace longhand::cli {
namespace {

using records::ModelStore;
using records::wait_for;
using Bytes = std::vector<std::byte>;

Result<ModelStore::Listing> list(ModelStore& store) {
  return wait_for<ModelStore::Listing>([&](auto done) { store.list(std::move(done)); });
}

// Of the bytes as they are read, not as the store says that they are.
Result<Sha256::Digest> digest_of(ModelStore& store, const ModelStore::Entry& entry) {
  return wait_for<Bytes>(
             [&](auto done) { store.get(entry.name, entry.version, std::move(done)); })
      .map([](const Bytes& onnx) { return sha256(onnx); });
}

bool has(const ModelStore::Listing& listing, const ModelStore::Entry& wanted) {
  return std::any_of(listing.entries.begin(), listing.entries.end(), [&](const auto& entry) {
    return entry.name == wanted.name && entry.version == wanted.version;
  });
}

Result<void> bring(ModelStore& from, ModelStore& to, const ModelStore::Entry& entry) {
  auto onnx = wait_for<Bytes>(
      [&](auto done) { from.get(entry.name, entry.version, std::move(done)); });
  if (!onnx) return tl::unexpected(onnx.error());
  return wait_for<void>([&](auto done) {
    to.put(entry.name, entry.version, entry.created_us, std::move(*onnx), std::move(done));
  });
}

// The choices of the other store are its operator's: what is served there doesn't change.
Result<void> bring_choices(const ModelStore::Listing& here, const ModelStore::Listing& there,
                           ModelStore& to, ModelsImport& result) {
  for (const auto& choice : here.choices) {
    const auto other =
        std::find_if(there.choices.begin(), there.choices.end(),
                     [&](const auto& one) { return one.name == choice.name; });
    if (other != there.choices.end()) {
      if (other->version != choice.version) result.served_otherwise.push_back(choice.name);
      continue;
    }
    const auto chosen = wait_for<void>(
        [&](auto done) { to.choose(choice.name, choice.version, std::move(done)); });
    if (!chosen) return chosen;
  }
  return {};
}

Result<void> compare(ModelStore& from, ModelStore& to, const ModelStore::Listing& here,
                     ModelsImport& result) {
  Sha256 all;
  for (const auto& entry : here.entries) {
    const auto mine = digest_of(from, entry);
    if (!mine) return tl::unexpected(mine.error());
    const auto other = digest_of(to, entry);
    if (!other) return tl::unexpected(other.error());
    if (*mine != *other) {
      return fail(ErrorCode::kCorruptData, "model " + entry.name + " of version " + entry.version +
                                               " differs between the two stores");
    }
    ++result.versions;
    all.update(std::as_bytes(std::span(*mine)));
  }
  result.checksum = to_hex(all.finish());
  return {};
}

}  // namespace

Result<ModelsImport> import_models(ModelStore& from, ModelStore& to) {
  const auto here = list(from);
  if (!here) return tl::unexpected(here.error());
  const auto there = list(to);
  if (!there) return tl::unexpected(there.error());
  ModelsImport result;
  for (const auto& entry : here->entries) {
    if (has(*there, entry)) continue;
    if (auto brought = bring(from, to, entry); !brought) return tl::unexpected(brought.error());
    ++result.added;
  }
  if (auto same = compare(from, to, *here, result); !same) return tl::unexpected(same.error());
  // Last, so that a server never hears of a choice whose model is not there yet.
  auto chosen = bring_choices(*here, *there, to, result);
  if (!chosen) return tl::unexpected(chosen.error());
  return result;
}

}  // namespace longhand::cli
