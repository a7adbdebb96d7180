#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "records/backends.h"
#include "records/testing.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h
using ::testing::HasSubstr;

class RecordStoreTest : public BackendTest {
 protected:
  void SetUp() override {
    open();
    // A file is new for each test, a keyspace is not.
    for (const Uuid& id : ids_of({.viewer = the_operator(), .limit = 200})) {
      ASSERT_TRUE(remove(store(), id, the_operator()));
    }
  }

  void open() {
    static const std::string keyspace = unique_keyspace();
    auto opened = open_stores(url(keyspace));
    ASSERT_TRUE(opened) << opened.error().message;
    stores_ = std::move(*opened);
  }
  void reopen() {
    stores_ = {};
    open();
  }
  RecordStore& store() { return *stores_.records; }
  // Adds it and gives it back.
  Record added(Record record) {
    const auto stored = add(store(), record);
    EXPECT_TRUE(stored) << stored.error().message;
    return record;
  }
  void expect_kept(const Record& record, const Viewer& viewer) {
    const auto summary = get(store(), record.summary.id, viewer);
    ASSERT_TRUE(summary) << summary.error().message;
    expect_same(*summary, record.summary);
    const auto found = content(store(), record.summary.id, viewer);
    ASSERT_TRUE(found) << found.error().message;
    expect_same(*found, record.content);
  }
  // All pages of a query, by id.
  std::vector<Uuid> ids_of(Query query) {
    std::vector<Uuid> ids;
    for (int pages = 0; pages < 1000; ++pages) {
      const auto page = list(store(), query);
      EXPECT_TRUE(page) << page.error().message;
      if (!page) return ids;
      EXPECT_LE(page->records.size(), query.limit);
      for (const auto& summary : page->records) ids.push_back(summary.id);
      if (!page->next) return ids;
      query.before = page->next;
    }
    ADD_FAILURE() << "the pages don't end";
    return ids;
  }

  Stores stores_;
};

TEST_P(RecordStoreTest, GivesBackExactlyWhatItWasGiven) {
  std::vector<Record> all;
  for (unsigned seed = 0; seed < 20; ++seed) all.push_back(added(make_record(seed)));
  for (int round = 0; round < 2; ++round) {
    for (const Record& record : all) expect_kept(record, owner(1));
    reopen();
  }
}

// What a cluster is sent in one request, and what takes several, differs by size.
TEST_P(RecordStoreTest, KeepsAPictureOfAnySizeWhole) {
  constexpr std::size_t kMiB = std::size_t{1} << 20;
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{2000}, std::size_t{4000},
                                  std::size_t{60'000}, kMiB, kMiB + 1, 5 * kMiB}) {
    const auto record = added(make_record(2, bytes));
    expect_kept(record, owner(1));
    expect_kept(record, the_operator());
  }
}

TEST_P(RecordStoreTest, KeepsTheReadingOfAWholePage) {
  for (const std::size_t glyphs : {std::size_t{30}, std::size_t{2000}}) {
    for (unsigned seed = 2; seed < 4; ++seed) {
      Record record = make_record(seed, 500);
      record.summary.label = "all of it";
      record.summary.reading.glyphs.resize(glyphs, record.summary.reading.glyphs.front());
      added(record);
      expect_kept(record, owner(1));
      ASSERT_TRUE(remove(store(), record.summary.id, owner(1)));
      EXPECT_FALSE(content(store(), record.summary.id, the_operator()));
    }
  }
}

TEST_P(RecordStoreTest, TakesTheEmptiestAndTheOddestRecord) {
  Record record;
  record.summary.id = make_uuid7();
  record.content.picture = Picture{};
  record.content.strokes = ink::Strokes{};
  record.summary.name = std::string("a\0b\"'\xff\n", 7);
  record.summary.label = "";
  record.content.glyphs.emplace_back();
  added(record);
  expect_kept(record, Viewer{});
}

// A spool or a retry may bring a record once more after its owner has removed it. SQLite has one
// writer and no such latecomers: there an add after a removal is a new one.
TEST_P(RecordStoreTest, InAClusterARemovalWinsOverWhateverComesLate) {
  const auto record = added(make_record(2));
  EXPECT_TRUE(remove(store(), record.summary.id, owner(1)));
  added(record);
  const bool there = !GetParam().is_cassandra();
  EXPECT_EQ(get(store(), record.summary.id, owner(1)).has_value(), there);
  EXPECT_EQ(content(store(), record.summary.id, owner(1)).has_value(), there);
  EXPECT_EQ(ids_of({.viewer = the_operator()}).size(), there ? 1U : 0U);
}

TEST_P(RecordStoreTest, SaysThatARecordIsDurable) {
  EXPECT_EQ(add(store(), make_record(1)), Stored::kDurable);
}

TEST_P(RecordStoreTest, KeepsTheFirstOfTwoRecordsOfOneId) {
  const auto record = added(make_record(2, 5000));
  auto other = make_record(3);
  other.summary.id = record.summary.id;
  EXPECT_EQ(add(store(), other), Stored::kDurable);
  expect_same(*get(store(), record.summary.id, owner(1)), record.summary);
  expect_same(*content(store(), record.summary.id, owner(1)), record.content);
  EXPECT_EQ(ids_of({.viewer = owner(1)}).size(), 1U);
}

TEST_P(RecordStoreTest, RefusesARecordThatCouldNotBeReadBack) {
  const auto refused = [this](auto change) {
    auto record = make_record(1);
    change(record);
    const auto stored = add(store(), record);
    return stored ? "" : stored.error().message;
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(refused([&](Record& r) { r.summary.reading.confidence = nan; }), HasSubstr("finite"));
  EXPECT_THAT(refused([&](Record& r) { r.summary.reading.glyphs[0].box.x = nan; }),
              HasSubstr("finite"));
  EXPECT_THAT(refused([](Record& r) { r.summary.created_us = -1; }), HasSubstr("1970"));
  EXPECT_THAT(refused([](Record& r) { r.summary.created_us = INT64_MAX; }), HasSubstr("9999"));
  EXPECT_THAT(refused([](Record& r) { r.content.glyphs[0].pixels.pop_back(); }),
              HasSubstr("pixels"));
  EXPECT_NE(refused([&](Record& r) { r.content.strokes->strokes.at(0).push_back({nan, 0}); }), "");
  EXPECT_TRUE(ids_of({.viewer = the_operator()}).empty());
}

TEST_P(RecordStoreTest, AnotherOwnersRecordIsNotThere) {
  const auto id = added(make_record(1)).summary.id;
  for (const auto& viewer : {owner(2), Viewer{}}) {
    for (const auto code :
         {get(store(), id, viewer).error().code, content(store(), id, viewer).error().code,
          set_label(store(), id, viewer, "7").error().code,
          remove(store(), id, viewer).error().code}) {
      EXPECT_EQ(code, ErrorCode::kNotFound);
    }
    EXPECT_TRUE(ids_of({.viewer = viewer}).empty());
  }
  // Nothing of that changed anything.
  EXPECT_EQ(get(store(), id, owner(1))->label, std::nullopt);
  EXPECT_TRUE(content(store(), id, owner(1)));
}

TEST_P(RecordStoreTest, AnUnknownIdIsNamedInTheError) {
  const auto id = make_uuid7();
  const auto summary = get(store(), id, the_operator());
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(summary.error().message, HasSubstr(id.to_string()));
}

TEST_P(RecordStoreTest, TheOperatorSeesAndChangesAll) {
  const auto id = added(make_record(1)).summary.id;
  EXPECT_TRUE(get(store(), id, the_operator()));
  EXPECT_TRUE(content(store(), id, the_operator()));
  EXPECT_EQ(set_label(store(), id, the_operator(), "8")->label, "8");
  EXPECT_EQ(ids_of({.viewer = the_operator()}), std::vector{id});
  EXPECT_TRUE(remove(store(), id, the_operator()));
}

TEST_P(RecordStoreTest, LabelsAreSetReplacedAndTakenBackAndTheReadingStays) {
  const auto record = added(make_record(1));
  const auto id = record.summary.id;
  for (const std::optional<std::string> label : {"7", "字", ""}) {
    const auto changed = set_label(store(), id, owner(1), label);
    ASSERT_TRUE(changed) << changed.error().message;
    EXPECT_EQ(changed->label, label);
    EXPECT_EQ(get(store(), id, owner(1))->label, label);
  }
  const auto changed = set_label(store(), id, owner(1), std::nullopt);
  ASSERT_TRUE(changed);
  expect_same(*changed, record.summary);
}

TEST_P(RecordStoreTest, ARemovedRecordIsGone) {
  const auto id = added(make_record(2)).summary.id;
  const auto kept = added(make_record(4));
  EXPECT_TRUE(remove(store(), id, owner(1)));
  EXPECT_EQ(get(store(), id, owner(1)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(content(store(), id, owner(1)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(remove(store(), id, owner(1)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ids_of({.viewer = owner(1)}), std::vector{kept.summary.id});
  // Its place is taken by the next one, whose content must not get mixed up.
  const auto next = added(make_record(6));
  expect_same(*content(store(), next.summary.id, owner(1)), next.content);
  expect_same(*content(store(), kept.summary.id, owner(1)), kept.content);
}

TEST_P(RecordStoreTest, PagesAreNewestFirstAndMissNothing) {
  std::vector<Uuid> ids;
  for (unsigned i = 0; i < 25; ++i) {
    ids.insert(ids.begin(), added(make_record(i)).summary.id);
    auto other = make_record(i);
    other.summary.owner = owner(2).owner;
    added(other);
  }
  for (const std::size_t limit : {1U, 5U, 7U, 24U, 25U, 26U, 200U}) {
    EXPECT_EQ(ids_of({.viewer = owner(1), .limit = limit}), ids) << limit;
  }
  EXPECT_EQ(ids_of({.viewer = the_operator()}).size(), 50U);
  const auto all = list(store(), {.viewer = owner(1), .limit = 25});
  EXPECT_FALSE(all->next) << "nothing follows";
}

TEST_P(RecordStoreTest, RefusesLimitsOutOfRange) {
  for (const std::size_t limit : {std::size_t{0}, std::size_t{201}, SIZE_MAX}) {
    const auto page = list(store(), {.limit = limit});
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(page.error().message, HasSubstr("1 to 200"));
  }
}

// Every combination of filters against the same filters by hand.
TEST_P(RecordStoreTest, FiltersGiveWhatTheyName) {
  std::vector<Record> all;
  const std::int64_t now = unix_micros();
  for (unsigned i = 0; i < 60; ++i) {
    auto record = make_record(i);
    record.summary.owner = owner(i % 5 == 0 ? 2 : 1).owner;
    record.summary.reading.alphabet = i % 4 == 0 ? "letters" : "digits";
    // Some times far from those in the ids: imported, or from a clock that was wrong.
    record.summary.created_us = now + (i % 9 == 0 ? (i % 2 == 0 ? 1 : -1) : 0) * 86'400'000'000 +
                                static_cast<std::int64_t>(i) * 1000;
    if (i % 3 == 0) record.summary.label = std::to_string(i % 2);
    all.insert(all.begin(), added(record));
  }
  const std::vector<std::optional<std::string>> texts = {std::nullopt, "1", "3", "none"};
  const std::vector<std::optional<std::string>> alphabets = {std::nullopt, "letters", "hanzi"};
  const std::vector<std::optional<bool>> corrections = {std::nullopt, true, false};
  const std::vector<std::optional<std::int64_t>> times = {
      std::nullopt, now, now + 30'000, now - 90'000'000'000, INT64_MIN, INT64_MAX};
  // All of them take Cassandra minutes, every seventh meets every value of every filter too.
  const unsigned every = GetParam().is_cassandra() ? 7 : 1;
  unsigned combination = 0;
  for (const auto& viewer : {owner(1), owner(2), the_operator()}) {
    for (const auto& text : texts) {
      for (const auto& alphabet : alphabets) {
        for (const auto& corrected : corrections) {
          for (const auto& since : times) {
            for (const auto& until : times) {
              if (combination++ % every != 0) continue;
              std::vector<Uuid> wanted;
              for (const auto& [s, c] : all) {
                if ((viewer.is_operator || s.owner == viewer.owner) &&
                    (!text || s.label.value_or(s.reading.text) == *text) &&
                    (!alphabet || s.reading.alphabet == *alphabet) &&
                    (!corrected || s.label.has_value() == *corrected) &&
                    (!since || s.created_us >= *since) && (!until || s.created_us < *until)) {
                  wanted.push_back(s.id);
                }
              }
              ASSERT_EQ(ids_of({.viewer = viewer,
                                .since_us = since,
                                .until_us = until,
                                .text = text,
                                .alphabet = alphabet,
                                .corrected = corrected,
                                .limit = 50}),
                        wanted);
            }
          }
        }
      }
    }
  }
}

TEST_P(RecordStoreTest, PingsWhileItCanWrite) {
  EXPECT_TRUE(ping(store()));
  EXPECT_TRUE(ping(store()));
}

TEST_P(RecordStoreTest, TakesWritersAndReadersAtOnce) {
  constexpr unsigned kThreads = 4, kEach = 25;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (unsigned i = 0; i < kEach; ++i) {
        const auto record = added(make_record(t * kEach + i, 500));
        expect_same(*get(store(), record.summary.id, owner(1)), record.summary);
        EXPECT_TRUE(list(store(), {.viewer = owner(1)}));
        EXPECT_TRUE(set_label(store(), record.summary.id, owner(1), "x"));
        if (i % 5 == 0) {
          EXPECT_TRUE(remove(store(), record.summary.id, owner(1)));
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto ids = ids_of({.viewer = owner(1), .corrected = true});
  EXPECT_EQ(ids.size(), kThreads * kEach * 4 / 5);
  EXPECT_TRUE(std::is_sorted(ids.rbegin(), ids.rend()));
}

TEST_P(RecordStoreTest, AnswersEverythingThatIsPendingBeforeItIsGone) {
  std::atomic<int> told = 0;
  for (unsigned i = 0; i < 100; ++i) {
    store().add(make_record(i), [&told](Result<Stored> stored) { told += stored ? 1 : 1000; });
    store().list({.viewer = owner(1)}, [&told](Result<Page> page) { told += page ? 1 : 1000; });
  }
  stores_ = {};
  EXPECT_EQ(told, 200);
}

INSTANTIATE_TEST_SUITE_P(Stores, RecordStoreTest, ::testing::ValuesIn(backends()), name_of);

}  // namespace
}  // namespace longhand::records
