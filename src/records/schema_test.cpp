// Opening a store: what is made, what is refused and in which words.

#include "records/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <functional>
#include <thread>

#include "records/store_file.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h
namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(StoreFile, IsMadeWithItsFoldersForItsOwnerOnly) {
  file_ = folder_.file("a/b/store.db");
  const auto stores = open_stores(url());
  ASSERT_TRUE(stores) << stores.error().message;
  ASSERT_TRUE(add(*stores->records, make_record(1)));
  EXPECT_EQ(mode_of(folder_.file("a")), 0700U);
  EXPECT_EQ(mode_of(folder_.file("a/b")), 0700U);
  for (const auto* suffix : {"", "-wal", "-shm"}) EXPECT_EQ(mode_of(file_ + suffix), 0600U);
}

TEST_F(StoreFile, IsASingleFileOnceClosed) {
  make_store();
  EXPECT_TRUE(fs::exists(file_));
  EXPECT_FALSE(fs::exists(file_ + "-wal"));
}

TEST_F(StoreFile, OtherUrlsAreRefusedWithTheFormThatIsTaken) {
  for (const auto* bad : {"", "store.db", "postgres://host/db", "SQLITE:x", "sqlite"}) {
    const auto stores = open_stores(bad);
    ASSERT_FALSE(stores) << bad;
    EXPECT_EQ(stores.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(stores.error().message, HasSubstr("sqlite:PATH"));
  }
  const auto stores = open_stores("sqlite:");
  ASSERT_FALSE(stores);
  EXPECT_EQ(stores.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(StoreFile, NamesMeanNothingSpecialToSqlite) {
  const auto before = fs::current_path();
  fs::current_path(folder_.path());
  for (const std::string name : {":memory:", "file:x?mode=memory", "-wal"}) {
    EXPECT_TRUE(open_stores("sqlite:" + name));
    EXPECT_TRUE(fs::exists(folder_.path() / name)) << name;
  }
  fs::current_path(before);
}

TEST_F(StoreFile, AFolderIsNoStore) {
  fs::create_directory(file_);
  const auto error = refusal();
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_THAT(error.message, AllOf(HasSubstr(file_), HasSubstr("is a folder")));
}

TEST_F(StoreFile, AFolderThatIsAFileIsNamed) {
  write_file(folder_.file("plain"), "x");
  file_ = folder_.file("plain/store.db");
  const auto error = refusal();
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_THAT(error.message, HasSubstr(folder_.file("plain")));
}

TEST_F(StoreFile, AnEmptyFileBecomesAStore) {
  write_file(file_, "");
  make_store();
}

TEST_F(StoreFile, ATextIsNoStoreAndStaysAsItIs) {
  const std::string text(10'000, 'x');
  write_file(file_, text);
  const auto error = refusal();
  EXPECT_EQ(error.code, ErrorCode::kCorruptStore);
  EXPECT_THAT(error.message, AllOf(HasSubstr(file_), HasSubstr("no store of Longhand")));
  EXPECT_TRUE(bytes_of(file_) == text);
}

TEST_F(StoreFile, AnotherProgramsDatabaseIsNoStoreAndStaysAsItIs) {
  run_sql(file_, "CREATE TABLE mine (x); INSERT INTO mine VALUES (1)");
  const auto before = bytes_of(file_);
  const auto error = refusal();
  EXPECT_EQ(error.code, ErrorCode::kCorruptStore);
  EXPECT_THAT(error.message, HasSubstr("another program"));
  EXPECT_TRUE(bytes_of(file_) == before);
}

// A store's bytes without the room that it has taken for later: what its header counts of pages.
std::string without_spare_room(const std::string& bytes) {
  const auto number = [&](std::size_t at, std::size_t size) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
  };
  return bytes.substr(0, number(16, 2) * number(28, 4));
}

TEST_F(StoreFile, ATruncatedStoreSaysWhatToDo) {
  make_store(20);
  const auto whole = without_spare_room(bytes_of(file_));
  ASSERT_GT(whole.size(), 8192U);
  for (std::size_t size = 512; size < whole.size(); size += whole.size() / 9) {
    write_file(file_, whole.substr(0, size));
    const auto error = refusal();
    EXPECT_EQ(error.code, ErrorCode::kCorruptStore) << size << ": " << error.message;
    EXPECT_THAT(error.message, HasSubstr(file_));
    EXPECT_THAT(error.message, Not(HasSubstr("\n")));
    if (size > 8192) {
      EXPECT_THAT(error.message, AllOf(HasSubstr("is damaged"), HasSubstr("restore a backup")));
    }
  }
}

TEST_F(StoreFile, AnEmptiedStoreKeepsItsLog) {
  std::string log;
  {
    const auto stores = open_stores(url());
    ASSERT_TRUE(add(*stores->records, make_record(1)));
    log = bytes_of(file_ + "-wal");
  }
  write_file(file_, "");
  write_file(file_ + "-wal", log);
  const auto error = refusal();
  EXPECT_EQ(error.code, ErrorCode::kCorruptStore);
  EXPECT_THAT(error.message, HasSubstr("its log is not"));
  EXPECT_TRUE(bytes_of(file_ + "-wal") == log);
}

// Bytes changed anywhere: it opens or is refused, and everything read is a value or an error.
TEST_F(StoreFile, ADamagedStoreNeverDoesHarm) {
  const auto records = make_store(12);
  const auto whole = bytes_of(file_);
  std::mt19937 random(1);
  int refused = 0, faulty = 0;
  for (int round = 0; round < 150; ++round) {
    auto bytes = whole;
    for (unsigned edits = 1 + random() % 4; edits > 0; --edits) {
      const auto at = random() % (bytes.size() - 512);
      if (random() % 2 == 0) bytes.replace(at, 512, 512, '\0');
      bytes[at] = static_cast<char>(random());
    }
    write_file(file_, bytes);
    fs::remove(file_ + "-wal");
    fs::remove(file_ + "-shm");
    const auto stores = open_stores(url());
    if (!stores) {
      ++refused;
      continue;
    }
    for (const auto& record : records) {
      if (!get(*stores->records, record.summary.id, the_operator())) ++faulty;
      if (!content(*stores->records, record.summary.id, the_operator())) ++faulty;
      static_cast<void>(set_label(*stores->records, record.summary.id, the_operator(), "x"));
    }
    if (!list(*stores->records, {.viewer = the_operator()})) ++faulty;
    static_cast<void>(remove(*stores->records, records[0].summary.id, the_operator()));
  }
  EXPECT_GT(refused, 10);
  EXPECT_GT(faulty, 0) << "some damage must get past the quick check";
}

// Rows that SQLite finds sound, and that this program can't have written.
TEST_F(StoreFile, RowsThatMakeNoSenseAreCorrupt) {
  const auto id = make_store(1)[0].summary.id;
  const auto whole = bytes_of(file_);
  for (const std::string edit :
       {"UPDATE records SET owner = x'00'", "UPDATE records SET glyphs = x'0105'",
        "UPDATE records SET confidence = 1e300", "UPDATE records SET created_us = -1",
        "UPDATE records SET created_us = 9223372036854775807", "UPDATE contents SET glyphs = x'ff'",
        "UPDATE contents SET strokes = x'0101'", "UPDATE contents SET media_type = NULL",
        "DELETE FROM contents"}) {
    write_file(file_, whole);
    run_sql(file_, edit);
    const auto stores = open_stores(url());
    ASSERT_TRUE(stores) << edit << ": " << stores.error().message;
    const bool of_content = edit.find("contents") != std::string::npos;
    const auto viewer = the_operator();
    const auto error = of_content ? content(*stores->records, id, viewer).map([](auto&&) {})
                                  : get(*stores->records, id, viewer).map([](auto&&) {});
    ASSERT_FALSE(error) << edit;
    EXPECT_EQ(error.error().code, ErrorCode::kCorruptStore) << edit;
    EXPECT_THAT(error.error().message, HasSubstr(id.to_string()));
  }
}

TEST_F(StoreFile, AnAlteredSchemaIsRefused) {
  make_store(1);
  const auto whole = bytes_of(file_);
  for (const auto* edit : {"DROP INDEX records_of_owner", "DROP TABLE jobs",
                           "ALTER TABLE records ADD COLUMN more TEXT", "DROP TABLE contents"}) {
    write_file(file_, whole);
    run_sql(file_, edit);
    const auto error = refusal();
    EXPECT_EQ(error.code, ErrorCode::kCorruptStore) << edit;
    EXPECT_THAT(error.message, HasSubstr("altered")) << edit;
  }
}

TEST_F(StoreFile, TriggersAndViewsInTheFileDoNothing) {
  const auto record = make_store(1)[0];
  run_sql(file_,
          "CREATE TRIGGER evil AFTER INSERT ON records BEGIN DELETE FROM contents; END;"
          "CREATE TABLE notes (mine); CREATE VIEW v AS SELECT 1");
  const auto stores = open_stores(url());
  ASSERT_TRUE(stores) << stores.error().message;
  ASSERT_TRUE(add(*stores->records, make_record(9)));
  EXPECT_TRUE(content(*stores->records, record.summary.id, owner(1)));
}

TEST_F(StoreFile, TheCheckOfABigStoreStopsInTime) {
  make_store(200);
  SqliteOptions options;
  options.open.check_limit = std::chrono::milliseconds(0);
  EXPECT_TRUE(open_sqlite_stores(file_, options));
}

// ---- Several at once ----

TEST_F(StoreFile, ManyMayOpenANewOneAtOnce) {
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 6; ++t) {
    threads.emplace_back([this, t] {
      const auto stores = open_stores(url());
      ASSERT_TRUE(stores) << stores.error().message;
      EXPECT_TRUE(add(*stores->records, make_record(t)));
    });
  }
  for (auto& thread : threads) thread.join();
  const auto stores = open_stores(url());
  ASSERT_TRUE(stores) << stores.error().message;
  EXPECT_EQ(list(*stores->records, {.viewer = owner(1)})->records.size(), 6U);
}

// Runs `what` in another process, without root's rights, and gives what it returns.
std::string in_a_child(const std::function<std::string()>& what) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(1);
    const auto words = what();
    const auto written = ::write(ends[1], words.data(), words.size());
    ::_exit(written == static_cast<ssize_t>(words.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string words(4096, '\0');
  std::size_t size = 0;
  for (ssize_t got = 1; got > 0; size += static_cast<std::size_t>(std::max<ssize_t>(got, 0))) {
    got = ::read(ends[0], words.data() + size, words.size() - size);
  }
  ::close(ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  words.resize(size);
  return words;
}

std::string words_of_opening(const std::string& url) {
  const auto stores = open_stores(url);
  if (stores) return "opened";
  return std::string(to_string(stores.error().code)) + ": " + stores.error().message;
}

TEST_F(StoreFile, WhereItCannotBeWrittenIsSaid) {
  make_store(1);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0555), 0);
  ASSERT_EQ(::chmod(file_.c_str(), 0444), 0);
  EXPECT_THAT(in_a_child([this] { return words_of_opening(url()); }),
              AllOf(HasSubstr("io: "), HasSubstr(file_), HasSubstr("read-only")));
  ASSERT_EQ(::chmod(file_.c_str(), 0666), 0);
  EXPECT_THAT(in_a_child([this] { return words_of_opening(url()); }),
              AllOf(HasSubstr("io: "), HasSubstr(file_)))
      << "there is no place for the log";
  ASSERT_EQ(::chmod(file_.c_str(), 0000), 0);
  EXPECT_THAT(in_a_child([this] { return words_of_opening(url()); }),
              AllOf(HasSubstr("io: "), HasSubstr(file_), HasSubstr("Permission denied")));
  file_ = folder_.file("new.db");
  EXPECT_THAT(in_a_child([this] { return words_of_opening(url()); }),
              AllOf(HasSubstr("io: "), HasSubstr(file_), HasSubstr("Permission denied")));
  file_ = folder_.file("new/new.db");
  EXPECT_THAT(
      in_a_child([this] { return words_of_opening(url()); }),
      AllOf(HasSubstr("io: "), HasSubstr(folder_.file("new")), HasSubstr("Permission denied")));
  ::chmod(folder_.path().c_str(), 0755);
}

// A file that was taken away would swallow records that nobody finds again.
TEST_F(StoreFile, AStoreThatWasMovedTakesNoMoreRecords) {
  const auto stores = open_stores(url());
  ASSERT_TRUE(add(*stores->records, make_record(1)));
  fs::rename(file_, folder_.file("moved.db"));
  const auto stored = add(*stores->records, make_record(2));
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, ErrorCode::kIo);
  EXPECT_THAT(stored.error().message, HasSubstr("moved or deleted"));
  fs::rename(folder_.file("moved.db"), file_);
  EXPECT_TRUE(add(*stores->records, make_record(2)));
}

// What was deleted is in none of the store's files, soon after and while it stays open.
TEST_F(StoreFile, WhatWasDeletedIsNowhere) {
  const auto stores = open_stores(url());
  auto record = make_record(1);
  const std::string secret = "a-secret-that-must-not-linger";
  record.summary.name = secret;
  const auto bytes = std::as_bytes(std::span(secret));
  record.content.picture = Picture{"image/png", {}};
  for (int i = 0; i < 1000; ++i) {
    auto& picture = record.content.picture->bytes;
    picture.insert(picture.end(), bytes.begin(), bytes.end());
  }
  ASSERT_TRUE(add(*stores->records, record));
  ASSERT_TRUE(add(*stores->records, make_record(2)));
  const auto lingers = [&] {
    return (bytes_of(file_) + bytes_of(file_ + "-wal")).find(secret) != std::string::npos;
  };
  EXPECT_TRUE(lingers());
  ASSERT_TRUE(remove(*stores->records, record.summary.id, owner(1)));
  for (int tenths = 0; tenths < 50 && lingers(); ++tenths) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_FALSE(lingers());
}

}  // namespace
}  // namespace longhand::records
