#include "training/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <numeric>

#include "data/test_files.h"
#include "recognizer/card.h"

namespace longhand::training {
namespace {

using data::testing::Bytes;
using data::testing::Folder;
using data::testing::idx;
using testing::AllOf;
using testing::HasSubstr;

// `count` pictures of 2x2 whose first pixel is their number, labelled 0 to 9 in turn.
DataSource write_set(const Folder& folder, const std::string& name, std::uint32_t count,
                     const Bytes& writers = {}) {
  Bytes pixels;
  Bytes labels;
  for (std::uint32_t i = 0; i < count; ++i) {
    pixels.insert(pixels.end(), {static_cast<std::uint8_t>(i), 10, 20, 30});
    labels.push_back(static_cast<std::uint8_t>(i % 10));
  }
  DataSource source;
  source.name = name;
  source.images = folder.write(name + "-images", idx(8, {count, 2, 2}, pixels));
  source.labels = folder.write(name + "-labels", idx(8, {count}, labels));
  if (!writers.empty()) source.writers = folder.write(name + "-writers", idx(8, {count}, writers));
  return source;
}

Recipe recipe_of(std::vector<DataSource> sources) {
  Recipe recipe;
  for (char digit = '0'; digit <= '9'; ++digit) recipe.alphabet.emplace_back(1, digit);
  recipe.data.train = std::move(sources);
  recipe.data.validation = 30;
  return recipe;
}

std::string fault(const Recipe& recipe) {
  const auto data = load_training_data(recipe);
  return data ? "no error" : data.error().message;
}

TEST(Samples, HoldOutOfEachSourceByItsShareOrByWhatItSays) {
  const Folder folder;
  const Recipe recipe = recipe_of({write_set(folder, "one", 200), write_set(folder, "two", 100)});
  const auto data = load_training_data(recipe);
  ASSERT_TRUE(data) << data.error().message;
  ASSERT_EQ(data->train.parts.size(), 2U);
  EXPECT_EQ(data->train.parts[0].end, 180U);
  EXPECT_EQ(data->train.parts[1].end - data->train.parts[1].begin, 90U);
  EXPECT_EQ(data->train.size(), 270U);
  EXPECT_EQ(data->validation.size(), 30U);

  Recipe said = recipe;
  said.data.train[0].validation = 0;
  said.data.train[0].per_epoch = 500;
  said.data.train[1].bend = 0.5;
  const auto other = load_training_data(said);
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_EQ(other->train.parts[0].end, 200U);
  EXPECT_EQ(other->train.parts[0].per_epoch, 500U);
  EXPECT_EQ(other->train.parts[0].bend, 1);
  EXPECT_EQ(other->train.parts[1].bend, 0.5);
  EXPECT_EQ(other->validation.size(), 30U);
}

TEST(Samples, CalibrateByTheSourcesThatDo) {
  const Folder folder;
  Recipe recipe = recipe_of({write_set(folder, "one", 200), write_set(folder, "two", 100)});
  EXPECT_EQ(load_training_data(recipe)->calibrating.size(), 30U);
  recipe.data.train[0].calibrates = false;
  std::vector<std::size_t> second(10);
  std::iota(second.begin(), second.end(), 20U);
  EXPECT_EQ(load_training_data(recipe)->calibrating, second);
  recipe.data.train[1].validation = 0;
  EXPECT_THAT(fault(recipe), HasSubstr("calibrates must not be false"));
}

TEST(Samples, HoldOutWholeWriters) {
  const Folder folder;
  Bytes writers;
  for (std::uint8_t i = 0; i < 200; ++i) writers.push_back(i / 20);
  const auto data = load_training_data(recipe_of({write_set(folder, "one", 200, writers)}));
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(data->validation.size(), 40U);
  for (const ink::Raster& picture : data->train.pictures) {
    for (const ink::Raster& held_out : data->validation.pictures) {
      EXPECT_NE(picture.grey.at(0, 0) / 20, held_out.grey.at(0, 0) / 20);
    }
  }
}

TEST(Samples, TakeTheCharactersAskedForAndCountTheOthers) {
  const Folder folder;
  DataSource source = write_set(folder, "one", 200);
  source.characters = {"3", "7"};
  const auto data = load_training_data(recipe_of({source}));
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(data->skipped, 160U);
  EXPECT_EQ(data->train.size() + data->validation.size(), 40U);
  for (const std::int32_t label : data->train.labels) EXPECT_TRUE(label == 3 || label == 7);
}

TEST(Samples, TakeASourceOfWhatIsNoCharacter) {
  const Folder folder;
  DataSource letters = write_set(folder, "two", 200);
  letters.label_map = folder.write("map", std::string("3 65\n4 66\n"));
  letters.characters = {"B"};
  letters.nothing = true;
  letters.validation = 0;
  const auto data = load_training_data(recipe_of({write_set(folder, "one", 200), letters}));
  ASSERT_TRUE(data) << data.error().message;
  const auto& labels = data->train.labels;
  EXPECT_EQ(std::count(labels.begin(), labels.end(), Samples::kNothing), 20);
  const auto& held_out = data->validation.labels;
  EXPECT_EQ(std::count(held_out.begin(), held_out.end(), Samples::kNothing), 0);
}

TEST(Samples, PairsArePutTogetherOfWhatIsLearntFrom) {
  const Folder folder;
  DataSource source = write_set(folder, "one", 200);
  source.validation = 30;
  source.pairs = 300;
  source.wrong_pairs = 100;
  source.per_epoch = 80;
  Recipe recipe = recipe_of({source});
  recipe.characters = std::move(recipe.alphabet);
  recipe.alphabet = recognizer::all_pairs(recipe.characters);
  recipe.glyphs = 2;
  const auto data = load_training_data(recipe);
  ASSERT_TRUE(data) << data.error().message;
  ASSERT_EQ(data->train.parts.size(), 2U);
  EXPECT_EQ(data->train.parts[0].end, 300U);
  EXPECT_EQ(data->train.parts[0].per_epoch, 60U);
  EXPECT_EQ(data->train.parts[1].begin, 300U);
  EXPECT_EQ(data->train.parts[1].end, 400U);
  EXPECT_EQ(data->train.parts[1].per_epoch, 20U);
  const auto& labels = data->train.labels;
  EXPECT_EQ(std::count(labels.begin(), labels.end(), Samples::kNothing), 100);
  EXPECT_EQ(*std::max_element(labels.begin(), labels.end()), 99);
  EXPECT_EQ(data->validation.size(), 30U);
  EXPECT_EQ(data->calibrating.size(), 30U);
  const auto again = load_training_data(recipe);
  EXPECT_EQ(again->train.labels, labels);
}

TEST(Samples, ReadFilesOfEmnistsForm) {
  const Folder folder;
  DataSource source;
  source.images = folder.write("images", idx(8, {2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}));
  source.labels = folder.write("labels", idx(8, {2}, {36, 10}));
  source.label_map = folder.write("map", std::string("10 65\n36 97\n"));
  source.transpose = true;
  source.validation = 1;
  Recipe recipe = recipe_of({source});
  recipe.alphabet = {"a", "A"};
  const auto data = load_training_data(recipe);
  ASSERT_TRUE(data) << data.error().message;
  const bool first = data->train.labels[0] == 0;
  const auto& a = first ? data->train.pictures[0] : data->validation.pictures[0];
  EXPECT_EQ(a.grey.pixels, (std::vector<std::uint8_t>{1, 3, 2, 4}));
  EXPECT_EQ(data->validation.labels[0], first ? 1 : 0);
}

TEST(Samples, ReadThePensPaths) {
  const Folder folder;
  std::string lines;
  for (int i = 0; i < 4; ++i) {
    lines += "{\"label\":\"7\",\"strokes\":[[[0,0],[50,0],[20,80]]]}\n";
  }
  DataSource source;
  source.strokes = folder.write("pen", lines);
  source.validation = 1;
  const auto data = load_training_data(recipe_of({source}));
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(data->train.size(), 3U);
  EXPECT_GT(*std::max_element(data->train.pictures[0].grey.pixels.begin(),
                              data->train.pictures[0].grey.pixels.end()),
            200);
}

TEST(Samples, SayWhichSourceIsMissingAndWhatToDo) {
  const Folder folder;
  Recipe recipe = recipe_of({write_set(folder, "one", 200), write_set(folder, "two", 100)});
  std::filesystem::remove(recipe.data.train[1].images);
  EXPECT_THAT(fault(recipe), AllOf(HasSubstr("two-images"), HasSubstr("data.train, two"),
                                   HasSubstr("data.root"), HasSubstr("data.without=[\"two\"]")));
}

TEST(Samples, RefuseToLearnOrToChooseByNothing) {
  const Folder folder;
  Recipe recipe = recipe_of({write_set(folder, "one", 20)});
  EXPECT_THAT(fault(recipe), AllOf(HasSubstr("20 usable"), HasSubstr("leave none")));
  recipe.data.validation = 0;
  EXPECT_THAT(fault(recipe), HasSubstr("nothing is held out"));
}

}  // namespace
}  // namespace longhand::training
