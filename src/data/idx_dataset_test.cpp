#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/dataset.h"
#include "data/test_files.h"

namespace longhand::data {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using testing::Folder;
using ::testing::HasSubstr;
using testing::idx;

std::vector<std::string> labels_of(const Dataset& set) {
  std::vector<std::string> labels;
  for (const Sample& sample : set.samples) labels.push_back(sample.label);
  return labels;
}

class IdxDataset : public ::testing::Test {
 protected:
  Folder folder;
  std::filesystem::path images = folder.write("i", idx(8, {3, 1, 2}, {1, 2, 3, 4, 5, 6}));
};

TEST_F(IdxDataset, IndexesTheAlphabetByEightBitLabels) {
  const auto labels = folder.write("l", idx(8, {3}, {1, 0, 2}));
  IdxOptions options;
  options.alphabet = {"a", "b"};
  const auto set = read_idx(images, labels, options);
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_THAT(labels_of(*set), ElementsAre("b", "a", ""));
  const auto& raster = std::get<ink::Raster>(set->samples[1].input);
  EXPECT_EQ(raster.grey.width, 2);
  EXPECT_EQ(raster.grey.height, 1);
  EXPECT_THAT(raster.grey.pixels, ElementsAre(3, 4));
  EXPECT_EQ(set->samples[1].source, "index 1");
  EXPECT_EQ(set->samples[1].writer, -1);
}

TEST_F(IdxDataset, TakesCodePointsAsTheyAre) {
  const auto labels =
      folder.write("l", idx(0x0C, {3}, {0, 0, 0, 'A', 0, 0, 0x4E, 0, 0, 1, 0xF6, 0}));
  const auto set = read_idx(images, labels, {});
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_THAT(labels_of(*set), ElementsAre("A", "\u4E00", "\U0001F600"));
}

TEST_F(IdxDataset, MapsLabelsAsEmnistDoes) {
  const auto labels = folder.write("l", idx(8, {3}, {10, 0, 11}));
  IdxOptions options;
  options.label_map = folder.write("map", std::string("0 48\r\n10 65 97\n\n11 66"));
  const auto set = read_idx(images, labels, options);
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_THAT(labels_of(*set), ElementsAre("A", "0", "B"));
}

TEST_F(IdxDataset, SaysWhichLineOfTheMapIsWrong) {
  const auto labels = folder.write("l", idx(8, {3}, {0, 0, 0}));
  IdxOptions options;
  for (const auto& [text, what] : std::map<std::string, std::string>{
           {"0 48\n1 x\n", "line 2: an index and a code point"},
           {"0 48\n\n0 49\n", "line 3: index 0 stands there a second time"},
           {"0 55296\n", "line 1: 55296 is no Unicode code point"},
           {"-1 48\n", "line 1: an index"},
           {"\n", "the map is empty"}}) {
    options.label_map = folder.write("map", text);
    const auto set = read_idx(images, labels, options);
    ASSERT_FALSE(set.has_value()) << text;
    EXPECT_EQ(set.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(set.error().message, HasSubstr(what));
  }
}

TEST_F(IdxDataset, RefusesAMapForCodePoints) {
  const auto labels = folder.write("l", idx(0x0C, {3}, Bytes(12)));
  IdxOptions options;
  options.label_map = folder.write("map", std::string("0 48\n"));
  const auto set = read_idx(images, labels, options);
  ASSERT_FALSE(set.has_value());
  EXPECT_EQ(set.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(IdxDataset, WantsALabelAndAWriterForEveryPicture) {
  const auto two = folder.write("two", idx(8, {2}, {1, 0}));
  const auto short_labels = read_idx(images, two, {});
  ASSERT_FALSE(short_labels.has_value());
  EXPECT_THAT(short_labels.error().message, HasSubstr("2 entries for 3 pictures"));

  IdxOptions options;
  const auto three = folder.write("three", idx(8, {3}, {1, 0, 1}));
  options.writers = two;
  EXPECT_FALSE(read_idx(images, three, options).has_value());
  options.writers = folder.write("w", idx(0x0C, {3}, {0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 5}));
  const auto set = read_idx(images, three, options);
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_EQ(set->samples[1].writer, 6);
}

TEST_F(IdxDataset, Transposes) {
  const auto wide =
      folder.write("t", idx(8, {2, 2, 3}, {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16}));
  const auto labels = folder.write("l", idx(8, {2}, {0, 0}));
  IdxOptions options;
  options.transpose = true;
  const auto set = read_idx(wide, labels, options);
  ASSERT_TRUE(set.has_value()) << set.error().message;
  const auto& raster = std::get<ink::Raster>(set->samples[1].input);
  EXPECT_EQ(raster.grey.width, 2);
  EXPECT_EQ(raster.grey.height, 3);
  EXPECT_THAT(raster.grey.pixels, ElementsAre(11, 14, 12, 15, 13, 16));
}

}  // namespace
}  // namespace longhand::data
