#include "training/sample_cache.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "data/test_files.h"

namespace longhand::training {
namespace {

using Entry = std::array<std::byte, 13>;

Entry entry_of(int n) {
  Entry entry{};
  for (std::size_t i = 0; i < entry.size(); ++i)
    entry[i] = static_cast<std::byte>(7 * n + static_cast<int>(i));
  return entry;
}

class SampleCacheTest : public testing::Test {
 protected:
  std::unique_ptr<SampleCache> open(std::size_t entries) {
    auto cache = SampleCache::open(folder_.path(), "key", entries, sizeof(Entry));
    EXPECT_TRUE(cache) << cache.error().message;
    return std::move(*cache);
  }
  data::testing::Folder folder_;
};

TEST_F(SampleCacheTest, GivesBackWhatWasPutAlsoWhenOpenedAgainAndGrown) {
  Entry out{};
  {
    const auto cache = open(4);
    EXPECT_FALSE(cache->get(2, out));
    cache->put(2, entry_of(2));
    EXPECT_TRUE(cache->get(2, out));
    EXPECT_EQ(out, entry_of(2));
    EXPECT_FALSE(cache->get(1, out));
  }
  const auto cache = open(9);
  EXPECT_TRUE(cache->get(2, out));
  EXPECT_EQ(out, entry_of(2));
  cache->put(8, entry_of(8));
  EXPECT_TRUE(open(4)->get(2, out));  // a shorter training keeps what a longer one left
  EXPECT_TRUE(open(9)->get(8, out));
}

TEST_F(SampleCacheTest, TakesADamagedEntryForAMissingOne) {
  open(3)->put(1, entry_of(1));
  const auto file = folder_.path() / "key.samples";
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(static_cast<std::streamoff>(sizeof(Entry) + 8 + 4));
  stream.put('x');
  stream.close();
  Entry out{};
  EXPECT_FALSE(open(3)->get(1, out));
}

TEST_F(SampleCacheTest, SaysWhereItCanNotBeMade) {
  std::ofstream(folder_.path() / "file") << "x";
  const auto cache = SampleCache::open(folder_.path() / "file", "key", 3, 5);
  ASSERT_FALSE(cache);
  EXPECT_EQ(cache.error().code, ErrorCode::kIo);
  EXPECT_NE(cache.error().message.find("key.samples"), std::string::npos);
}

}  // namespace
}  // namespace longhand::training
