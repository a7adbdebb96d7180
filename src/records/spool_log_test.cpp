#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records/memory_disk.h"
#include "records/record_blob.h"
#include "records/testing.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h

using Bytes = std::vector<std::byte>;

Bytes payload(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

class SpoolLogTest : public ::testing::Test {
 protected:
  Result<SpoolLog> open() { return SpoolLog::open(std::make_unique<MemoryDisk>(platter_)); }
  // What a log that is opened now holds.
  std::vector<Bytes> contents() {
    auto log = open();
    EXPECT_TRUE(log) << log.error().message;
    std::vector<Bytes> all;
    for (const auto& entry : log->found()) {
      auto bytes = log->read(entry);
      EXPECT_TRUE(bytes) << bytes.error().message;
      all.push_back(bytes.value_or(Bytes{}));
    }
    return all;
  }

  std::shared_ptr<Platter> platter_ = std::make_shared<Platter>();
};

TEST_F(SpoolLogTest, HoldsWhatWasAppended) {
  std::vector<Bytes> all;
  {
    auto log = open();
    ASSERT_TRUE(log) << log.error().message;
    for (unsigned i = 0; i < 5; ++i) {
      all.push_back(payload(i * 100, i));
      const auto entries = log->append({all.back()});
      ASSERT_TRUE(entries);
      EXPECT_EQ(log->read(entries->front()), all.back());
    }
    all.push_back(payload(7, 7)), all.push_back(payload(8, 8));
    ASSERT_TRUE(log->append({all[5], all[6]}));
  }
  EXPECT_EQ(contents(), all);
  EXPECT_TRUE(open()->clear());
  EXPECT_TRUE(contents().empty());
}

// Wherever a crash cuts a log, the entries before it are there and the log takes new ones.
TEST_F(SpoolLogTest, CutsATornEnd) {
  std::vector<Bytes> all;
  std::vector<std::size_t> ends;
  {
    auto log = open();
    for (unsigned i = 0; i < 4; ++i) {
      all.push_back(payload(20 + i, i));
      ASSERT_TRUE(log->append({all.back()}));
      ends.push_back(platter_->bytes.size());
    }
  }
  const Bytes whole = platter_->bytes;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    platter_->bytes.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto complete = static_cast<std::size_t>(
        std::count_if(ends.begin(), ends.end(), [&](std::size_t end) { return end <= size; }));
    std::vector<Bytes> wanted(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(complete));
    ASSERT_EQ(contents(), wanted) << size;
    wanted.push_back(payload(50, 50));
    ASSERT_TRUE(open()->append({wanted.back()}));
    ASSERT_EQ(contents(), wanted) << size;
  }
}

TEST_F(SpoolLogTest, AFlippedBitIsNeverTakenForData) {
  const Bytes first = payload(30, 1), second = payload(30, 2);
  ASSERT_TRUE(open()->append({first, second}));
  const Bytes whole = platter_->bytes;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    platter_->bytes = whole;
    platter_->bytes[i] ^= std::byte{0x10};
    const Bytes damaged = platter_->bytes;
    auto log = open();
    if (!log) {
      EXPECT_LT(i, 8U) << "only another head is no spool";
      EXPECT_EQ(log.error().code, ErrorCode::kCorruptStore);
      EXPECT_EQ(platter_->bytes, damaged) << "it is left as it is";
      continue;
    }
    const auto all = contents();
    EXPECT_LT(all.size(), 2U);
    if (!all.empty()) {
      EXPECT_EQ(all.front(), first);
    }
  }
}

TEST_F(SpoolLogTest, AFailedAppendLeavesTheLogAsItWas) {
  auto log = open();
  const Bytes first = payload(100, 1);
  ASSERT_TRUE(log->append({first}));
  platter_->room = platter_->bytes.size() + 50;
  const auto refused = log->append({payload(100, 2)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kDiskFull);
  const Bytes small = payload(10, 3);
  EXPECT_TRUE(log->append({small})) << "what fits still does";
  platter_->room = SIZE_MAX;
  platter_->sync_fails = true;
  EXPECT_FALSE(log->append({payload(100, 4)}));
  platter_->sync_fails = false;
  EXPECT_EQ(contents(), (std::vector{first, small}));
}

// Whatever the disk does, what append() said yes to is there after a loss of power, in its order.
TEST_F(SpoolLogTest, KeepsWhatItPromisedThroughCrashes) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    *platter_ = Platter{};
    std::vector<Bytes> promised;
    for (int life = 0; life < 4; ++life) {
      platter_->room = SIZE_MAX;
      platter_->sync_fails = false;
      auto log = open();
      ASSERT_TRUE(log) << log.error().message;
      for (int i = 0; i < 10; ++i) {
        platter_->room = random() % 3 == 0 ? platter_->bytes.size() + random() % 80 : SIZE_MAX;
        platter_->sync_fails = random() % 5 == 0;
        std::vector<Bytes> batch;
        for (unsigned n = 1 + random() % 3; n > 0; --n) {
          batch.push_back(payload(random() % 60, static_cast<unsigned>(random())));
        }
        if (log->append({batch.begin(), batch.end()})) {
          promised.insert(promised.end(), batch.begin(), batch.end());
        }
      }
      platter_->crash(random);
      // What was never promised may be there too, behind the rest; from here on it counts.
      const auto found = contents();
      ASSERT_GE(found.size(), promised.size()) << "seed " << seed;
      ASSERT_TRUE(std::equal(promised.begin(), promised.end(), found.begin())) << "seed " << seed;
      promised = found;
    }
  }
}

TEST(RecordBlobTest, HoldsAWholeRecord) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    auto record = make_record(seed);
    if (seed % 3 == 0) record.summary.label = std::string("\0\xff", 2);
    const auto found = decode_record(encode_record(record));
    ASSERT_TRUE(found) << found.error().message;
    expect_same(found->summary, record.summary);
    expect_same(found->content, record.content);
  }
}

TEST(RecordBlobTest, EveryTruncationIsRefused) {
  for (unsigned seed = 0; seed < 2; ++seed) {
    const Blob whole = encode_record(make_record(seed, 100));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_FALSE(decode_record(std::span(whole).first(size))) << size;
    }
  }
}

}  // namespace
}  // namespace longhand::records
