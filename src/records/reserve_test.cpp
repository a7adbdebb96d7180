#include "records/reserve.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "records/testing.h"

namespace longhand::records {
namespace {

using testing::TemporaryFolder;

constexpr std::uint64_t kBytes = 100'000;

std::uint64_t size_beside(const std::string& store) {
  std::error_code error;
  const auto size = std::filesystem::file_size(store + "-reserve", error);
  return error ? 0 : size;
}

TEST(Reserve, IsGivenUpAndTakenBack) {
  const TemporaryFolder folder;
  const std::string store = folder.file("store.db");
  Reserve reserve(store, kBytes);
  EXPECT_EQ(size_beside(store), 0U) << "looking makes nothing";
  EXPECT_TRUE(reserve.make());
  EXPECT_EQ(size_beside(store), kBytes);
  EXPECT_FALSE(reserve.is_given_up());
  reserve.give_up();
  EXPECT_TRUE(reserve.is_given_up());
  EXPECT_EQ(size_beside(store), 0U);
  EXPECT_TRUE(reserve.make());
  EXPECT_FALSE(reserve.is_given_up());
  EXPECT_EQ(size_beside(store), kBytes);
}

TEST(Reserve, IsFoundWhereAnotherHasMadeIt) {
  const TemporaryFolder folder;
  const std::string store = folder.file("store.db");
  EXPECT_TRUE(Reserve(store, kBytes).make());
  Reserve reserve(store, kBytes);
  reserve.give_up();  // without having made it
  EXPECT_TRUE(reserve.is_given_up());
  EXPECT_EQ(size_beside(store), 0U);
}

TEST(Reserve, GrowsToWhatItShouldBeAndNeverShrinks) {
  const TemporaryFolder folder;
  const std::string store = folder.file("store.db");
  EXPECT_TRUE(Reserve(store, kBytes).make());
  EXPECT_TRUE(Reserve(store, 2 * kBytes).make());
  EXPECT_EQ(size_beside(store), 2 * kBytes);
  EXPECT_TRUE(Reserve(store, kBytes).make());
  EXPECT_EQ(size_beside(store), 2 * kBytes);
}

TEST(Reserve, IsNotThereWhereItIsNotWantedOrCanNotBe) {
  const TemporaryFolder folder;
  const std::string store = folder.file("store.db");
  Reserve none(store, 0);
  none.make();
  none.give_up();
  EXPECT_FALSE(none.is_given_up());
  EXPECT_FALSE(std::filesystem::exists(store + "-reserve"));
  Reserve nowhere(folder.file("missing/store.db"), kBytes);
  EXPECT_FALSE(nowhere.make());
  nowhere.give_up();
  EXPECT_FALSE(nowhere.is_given_up()) << "writes must go on without";
}

}  // namespace
}  // namespace longhand::records
