#include "records/crash_vfs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <new>

#include "records/testing.h"

namespace longhand::records::testing {

// SQLite allots it with room for the system's file behind it.
struct CrashFile {
  sqlite3_file base;
  CrashVfs* vfs;
  const char* path;   // nullptr for a temporary file, which a power loss takes anyway
  bool syncs_folder;  // with its next sync
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

namespace {

namespace fs = std::filesystem;

std::string name_of(const char* path) {
  return fs::path(path).filename().string();
}

void apply(const DiskFile::Change& change, std::vector<std::uint8_t>& bytes) {
  const auto offset = static_cast<std::size_t>(change.offset);
  if (change.truncates) {
    bytes.resize(offset);
    return;
  }
  bytes.resize(std::max(bytes.size(), offset + change.bytes.size()));
  std::copy(change.bytes.begin(), change.bytes.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

// Some sectors of a write.
void apply_torn(const DiskFile::Change& change, std::mt19937& random,
                std::vector<std::uint8_t>& bytes) {
  constexpr std::size_t kSector = 512;
  for (std::size_t at = 0; at < change.bytes.size(); at += kSector) {
    if (random() % 2 == 0) continue;
    const auto first = change.bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto size = std::min(kSector, change.bytes.size() - at);
    apply({false,
           change.offset + static_cast<std::int64_t>(at),
           {first, first + static_cast<std::ptrdiff_t>(size)}},
          bytes);
  }
}

std::vector<std::uint8_t> bytes_after(const DiskFile& file, Loss loss, std::mt19937& random) {
  auto bytes = file.synced;
  auto changes = file.changes;
  switch (loss) {
    case Loss::kEverything:
      changes.clear();
      break;
    case Loss::kNothing:
      break;
    case Loss::kTheLast:
      changes.resize(random() % (changes.size() + 1));
      break;
    case Loss::kAnything:
      std::shuffle(changes.begin(), changes.end(), random);
      break;
  }
  for (const auto& change : changes) {
    const auto fate = loss == Loss::kAnything ? random() % 3 : 0;
    if (fate == 0) apply(change, bytes);
    if (fate == 1 && !change.truncates) apply_torn(change, random, bytes);
  }
  return bytes;
}

}  // namespace

void write_after_power_loss(const DiskImage& image, Loss loss, std::mt19937& random,
                            const fs::path& folder) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  const auto survives = [&](bool synced) {
    return synced || loss == Loss::kNothing || (loss != Loss::kEverything && random() % 2 == 0);
  };
  const auto write = [&](const std::string& name, const DiskFile& file) {
    const auto bytes = bytes_after(file, loss, random);
    std::ofstream out(folder / name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
  };
  for (const auto& [name, file] : image.unlinked) {
    if (file.entry_synced && (loss == Loss::kEverything || survives(false))) write(name, file);
  }
  for (const auto& [name, file] : image.files) {
    if (survives(file.entry_synced)) write(name, file);
  }
}

// The functions that SQLite calls.
struct CrashCalls {
  static CrashFile& of(sqlite3_file* file) { return *reinterpret_cast<CrashFile*>(file); }
  static sqlite3_file* real(sqlite3_file* file) { return of(file).real(); }
  static CrashVfs& of(sqlite3_vfs* vfs) { return *static_cast<CrashVfs*>(vfs->pAppData); }

  static void tell_hook(CrashVfs& vfs) {
    if (vfs.hook_) vfs.hook_();
  }

  static int open(sqlite3_vfs* self, const char* path, sqlite3_file* file, int flags, int* out) {
    auto& vfs = of(self);
    auto& opened = *new (file) CrashFile{};
    const bool is_new = path != nullptr && !fs::exists(path);
    const int code = vfs.real_->xOpen(vfs.real_, path, opened.real(), flags, out);
    if (code != SQLITE_OK) return code;
    opened.vfs = &vfs;
    opened.path = path;
    opened.base.pMethods = &kMethods;
    constexpr int kLogs = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    opened.syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & kLogs) != 0;
    if (path != nullptr) note_file(vfs, path, is_new);
    return SQLITE_OK;
  }
  // A file that was there before is on the disk as it is.
  static void note_file(CrashVfs& vfs, const char* path, bool is_new) {
    const std::lock_guard lock(vfs.mutex_);
    const auto [known, added] = vfs.image_.files.try_emplace(name_of(path));
    if (!added || is_new) return;
    std::ifstream in(path, std::ios::binary);
    known->second.synced.assign(std::istreambuf_iterator<char>(in), {});
    known->second.entry_synced = true;
  }
  static int remove(sqlite3_vfs* self, const char* path, int sync_folder) {
    auto& vfs = of(self);
    tell_hook(vfs);
    const int code = vfs.real_->xDelete(vfs.real_, path, sync_folder);
    if (code != SQLITE_OK) return code;
    const std::lock_guard lock(vfs.mutex_);
    if (auto node = vfs.image_.files.extract(name_of(path)); node && sync_folder == 0) {
      vfs.image_.unlinked.insert_or_assign(node.key(), std::move(node.mapped()));
    }
    if (sync_folder != 0) note_folder_synced(vfs);
    return SQLITE_OK;
  }
  static void note_folder_synced(CrashVfs& vfs) {
    for (auto& [name, file] : vfs.image_.files) file.entry_synced = true;
    vfs.image_.unlinked.clear();
  }

  static int close(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }
  static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), to, size, offset);
  }
  static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
    auto& vfs = *of(file).vfs;
    tell_hook(vfs);
    ++vfs.writes_;
    sqlite3_int64 length = 0;
    real(file)->pMethods->xFileSize(real(file), &length);
    if (vfs.fails(CrashVfs::Failing::kWrites)) return vfs.fail_code_;
    if (vfs.fails_beyond(offset + size)) return vfs.fail_code_;
    if (offset + size > length && vfs.fails(CrashVfs::Failing::kGrowing)) return vfs.fail_code_;
    const int code = real(file)->pMethods->xWrite(real(file), from, size, offset);
    if (code == SQLITE_OK) {
      const auto* first = static_cast<const std::uint8_t*>(from);
      note_change(file, {false, offset, {first, first + size}});
    }
    return code;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    tell_hook(*of(file).vfs);
    const int code = real(file)->pMethods->xTruncate(real(file), size);
    if (code == SQLITE_OK) note_change(file, {true, size, {}});
    return code;
  }
  static void note_change(sqlite3_file* file, DiskFile::Change change) {
    if (of(file).path == nullptr) return;
    auto& vfs = *of(file).vfs;
    const std::lock_guard lock(vfs.mutex_);
    vfs.image_.files[name_of(of(file).path)].changes.push_back(std::move(change));
  }
  static int sync(sqlite3_file* file, int flags) {
    auto& vfs = *of(file).vfs;
    tell_hook(vfs);
    ++vfs.syncs_;
    if (vfs.fails(CrashVfs::Failing::kSyncs)) return vfs.fail_code_;
    const int code = real(file)->pMethods->xSync(real(file), flags);
    if (code != SQLITE_OK || vfs.lies_ || of(file).path == nullptr) return code;
    const std::lock_guard lock(vfs.mutex_);
    auto& known = vfs.image_.files[name_of(of(file).path)];
    for (const auto& change : known.changes) apply(change, known.synced);
    known.changes.clear();
    if (of(file).syncs_folder) note_folder_synced(vfs);
    of(file).syncs_folder = false;
    return code;
  }
  static int size(sqlite3_file* file, sqlite3_int64* out) {
    return real(file)->pMethods->xFileSize(real(file), out);
  }
  static int lock(sqlite3_file* file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
  }
  static int unlock(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
  }
  static int is_reserved(sqlite3_file* file, int* out) {
    return real(file)->pMethods->xCheckReservedLock(real(file), out);
  }
  static int control(sqlite3_file* file, int what, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), what, argument);
  }
  static int sector_size(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
  }
  static int characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
  }
  static int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
  }
  static int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
  }
  static void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
  static int shm_unmap(sqlite3_file* file, int remove_it) {
    return real(file)->pMethods->xShmUnmap(real(file), remove_it);
  }

  static const sqlite3_io_methods kMethods;
};

// Version 2: no memory mapping, so that every write is seen.
const sqlite3_io_methods CrashCalls::kMethods = {
    2,         close,       read,    write,       truncate,        sync,    size,     lock,
    unlock,    is_reserved, control, sector_size, characteristics, shm_map, shm_lock, shm_barrier,
    shm_unmap, nullptr,     nullptr};

CrashVfs::CrashVfs() : real_(sqlite3_vfs_find(nullptr)) {
  static std::atomic<int> made = 0;
  name_ = "crash-" + std::to_string(++made);
  vfs_ = *real_;
  vfs_.szOsFile = static_cast<int>(sizeof(CrashFile)) + real_->szOsFile;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.pNext = nullptr;
  vfs_.xOpen = CrashCalls::open;
  vfs_.xDelete = CrashCalls::remove;
  sqlite3_vfs_register(&vfs_, 0);
}

CrashVfs::~CrashVfs() {
  sqlite3_vfs_unregister(&vfs_);
}

DiskImage CrashVfs::image() const {
  const std::lock_guard lock(mutex_);
  return image_;
}

void CrashVfs::fail(Failing what, std::size_t after, int code) {
  const std::lock_guard lock(mutex_);
  failing_ = what;
  fail_after_ = after;
  fail_code_ = code;
  has_failed_ = false;
}

bool CrashVfs::fails_beyond(std::int64_t end) {
  const std::lock_guard lock(mutex_);
  const bool beyond = failing_ == Failing::kBeyond && end > static_cast<std::int64_t>(fail_after_);
  if (beyond) has_failed_ = true;
  return beyond;
}

bool CrashVfs::fails(Failing what) {
  const std::lock_guard lock(mutex_);
  if (what != failing_) return false;
  if (fail_after_ > 0) {
    --fail_after_;
    return false;
  }
  has_failed_ = true;
  return true;
}

namespace {

// The disk itself: what it forgets, and what it must not.
TEST(CrashVfs, ForgetsWhatWasNotSyncedAndNothingElse) {
  const TemporaryFolder folder;
  CrashVfs disk;
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open_v2(folder.file("a.db").c_str(), &db,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, disk.name()),
            SQLITE_OK);
  const auto run = [&db](const char* sql) {
    return sqlite3_exec(db, sql, nullptr, nullptr, nullptr);
  };
  ASSERT_EQ(run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x);"),
            SQLITE_OK);
  ASSERT_EQ(run("INSERT INTO t VALUES (1)"), SQLITE_OK);
  ASSERT_EQ(run("PRAGMA synchronous = NORMAL; INSERT INTO t VALUES (2)"), SQLITE_OK);
  const auto image = disk.image();
  sqlite3_close(db);
  const auto rows_after = [&](Loss loss) {
    std::mt19937 random(1);
    write_after_power_loss(image, loss, random, folder.path() / "after");
    sqlite3* after = nullptr;
    sqlite3_open((folder.path() / "after/a.db").c_str(), &after);
    sqlite3_stmt* count = nullptr;
    sqlite3_prepare_v2(after, "SELECT count(*) FROM t", -1, &count, nullptr);
    const int rows = sqlite3_step(count) == SQLITE_ROW ? sqlite3_column_int(count, 0) : -1;
    sqlite3_finalize(count);
    sqlite3_close(after);
    return rows;
  };
  EXPECT_EQ(rows_after(Loss::kEverything), 1);
  EXPECT_EQ(rows_after(Loss::kNothing), 2);
}

TEST(CrashVfs, RefusesFromTheGivenWriteOn) {
  const TemporaryFolder folder;
  CrashVfs disk;
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open_v2(folder.file("a.db").c_str(), &db,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, disk.name()),
            SQLITE_OK);
  disk.fail(CrashVfs::Failing::kWrites, 2);
  EXPECT_EQ(sqlite3_exec(db, "CREATE TABLE t (x)", nullptr, nullptr, nullptr), SQLITE_FULL);
  EXPECT_TRUE(disk.has_failed());
  disk.fail(CrashVfs::Failing::kNone);
  EXPECT_EQ(sqlite3_exec(db, "CREATE TABLE t (x)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
}

}  // namespace
}  // namespace longhand::records::testing
