// A spool's file and the records in it: whatever the bytes, entries or an error. What is found reads
// back, the log takes more behind it, and a record that is taken is written again as the same.

#include <cstdlib>
#include <memory>
#include <span>

#include "records/memory_disk.h"
#include "records/record_blob.h"

namespace {

using namespace longhand::records;

void check_record(std::span<const std::byte> blob) {
  const auto record = decode_record(blob);
  if (!record) return;
  const auto again = encode_record(*record);
  const auto second = decode_record(again);
  if (!second || encode_record(*second) != again) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  check_record(bytes);
  const auto platter = std::make_shared<testing::Platter>();
  platter->bytes.assign(bytes.begin(), bytes.end());
  auto log = SpoolLog::open(std::make_unique<testing::MemoryDisk>(platter));
  if (!log) return 0;
  for (const auto& entry : log->found()) {
    const auto payload = log->read(entry);
    if (!payload) std::abort();
    check_record(*payload);
  }
  if (!log->append({bytes})) std::abort();
  const auto again = SpoolLog::open(std::make_unique<testing::MemoryDisk>(platter));
  if (!again || again->found().size() != log->found().size() + 1) std::abort();
  return 0;
}
