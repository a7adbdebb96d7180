// How many records a second the store makes durable, and what that costs in syncs, by how many
// clients wait at once. The disk decides: name the folder on the disk in question.
//
//   records_bench [--seconds 2] [FOLDER, else the system's temporary one]

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "records/store.h"

namespace {

std::atomic<long> syncs = 0;

}  // namespace

// Stand before libc's, so that every sync of SQLite's is counted.
extern "C" int fdatasync(int fd) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}
extern "C" int fsync(int fd) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

namespace {

using namespace longhand;
using namespace longhand::records;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kPictureBytes = 3'000;  // a photographed digit as PNG

Record make_record() {
  Record record;
  record.summary.id = make_uuid7();
  record.summary.created_us = unix_micros();
  record.summary.name = "meter.png";
  auto& reading = record.summary.reading;
  reading.alphabet = "digits";
  reading.text = "7";
  reading.model = {"digits", "0123456789ab"};
  recognizer::GlyphReading glyph;
  glyph.text = "7";
  for (int i = 0; i < 10; ++i) glyph.candidates.push_back({std::to_string(i), 0.1F});
  reading.glyphs.push_back(glyph);
  record.content.normalization = "ink-1";
  record.content.picture = Picture{"image/png", std::vector<std::byte>(kPictureBytes)};
  random_bytes(reinterpret_cast<std::uint8_t*>(record.content.picture->bytes.data()),
               kPictureBytes);
  record.content.glyphs.emplace_back(28, 28);
  return record;
}

// One client: a record, and the next when it is done.
void write_until(RecordStore& store, Clock::time_point end, std::atomic<long>& done) {
  while (Clock::now() < end) {
    std::promise<bool> stored;
    store.add(make_record(), [&stored](Result<Stored> r) { stored.set_value(r.has_value()); });
    if (stored.get_future().get()) ++done;
  }
}

bool measure(const std::filesystem::path& folder, int clients, double seconds) {
  const auto file = folder / ("records-" + make_uuid7().to_string()) / "store.db";
  auto stores = open_stores("sqlite:" + file.string());
  if (!stores) {
    std::fprintf(stderr, "%s\n", stores.error().message.c_str());
    return false;
  }
  std::atomic<long> done = 0;
  const long syncs_before = syncs;
  const auto start = Clock::now();
  const auto end =
      start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&] { write_until(*stores->records, end, done); });
  }
  for (auto& thread : threads) thread.join();
  const std::chrono::duration<double> took = Clock::now() - start;
  const auto records = static_cast<double>(done.load());
  std::printf("%8d %12.0f %14.2f %16.3f\n", clients, records / took.count(),
              1000 * took.count() * clients / records,
              static_cast<double>(syncs - syncs_before) / records);
  *stores = {};
  std::filesystem::remove_all(file.parent_path());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::filesystem::path folder = std::filesystem::temp_directory_path();
  double seconds = 2;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--seconds") == 0 && i + 1 < argc) {
      seconds = std::atof(argv[++i]);
    } else {
      folder = argv[i];
    }
  }
  std::printf("records of a picture of %zu bytes, in %s\n", kPictureBytes, folder.c_str());
  std::printf("%8s %12s %14s %16s\n", "clients", "records/s", "ms a record", "syncs a record");
  for (const int clients : {1, 4, 16, 64}) {
    if (!measure(folder, clients, seconds)) return 1;
  }
}
