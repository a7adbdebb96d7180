#include "training/recipe_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace longhand::training {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kRecipe = R"(name = "tiny"
[data]
root = "sets"
train = [
  { name = "one", terms = "free", images = "a", labels = "b", characters = "18", per_epoch = 50 },
  { name = "two", folder = "/c", validation = 7 },
  { name = "three", terms = "bound", strokes = "d", writers = "", transpose = true },
]
[network]
layers = ["flatten", "linear 10"]
[training]
epochs = 3
)";

Result<Recipe> parse(const std::vector<std::string>& settings = {}) {
  return parse_recipe(kRecipe, "tiny.toml", settings);
}

std::string message(const std::vector<std::string>& settings) {
  const auto recipe = parse(settings);
  return recipe ? "no error" : recipe.error().message;
}

TEST(RecipeData, ReadsSeveralSources) {
  const auto recipe = parse();
  ASSERT_TRUE(recipe) << recipe.error().message;
  const auto& sources = recipe->data.train;
  ASSERT_EQ(sources.size(), 3U);
  EXPECT_EQ(sources[0].images, "sets/a");
  EXPECT_THAT(sources[0].characters, ElementsAre("1", "8"));
  EXPECT_EQ(sources[0].per_epoch, 50);
  EXPECT_EQ(sources[0].validation, -1);
  EXPECT_EQ(sources[1].folder, "/c");
  EXPECT_EQ(sources[1].validation, 7);
  EXPECT_EQ(sources[2].strokes, "sets/d");
  EXPECT_EQ(sources[2].writers, "");
  EXPECT_EQ(recipe->data.name, "one, two, three");
  EXPECT_EQ(recipe->data.terms, "one: free; three: bound");
}

TEST(RecipeData, LeavesOutWhatIsNotWanted) {
  const auto recipe = parse({"data.without=[\"two\", \"one\"]"});
  ASSERT_TRUE(recipe) << recipe.error().message;
  ASSERT_EQ(recipe->data.train.size(), 1U);
  EXPECT_EQ(recipe->data.name, "three");
  EXPECT_THAT(message({"data.without=[\"four\"]"}), HasSubstr("is named \"four\""));
  EXPECT_THAT(message({"data.without=one"}), HasSubstr("array of texts"));
  EXPECT_THAT(message({"data.without=[\"one\",\"two\",\"three\"]"}), HasSubstr("must leave"));
}

TEST(RecipeData, ASettingMayNameOneSource) {
  EXPECT_EQ(parse({"data.train[1].folder=x"})->data.train[1].folder, "sets/x");
  EXPECT_THAT(message({"data.train.folder=x"}), HasSubstr("train is no table"));
  EXPECT_THAT(message({"data.train[3].folder=x"}), HasSubstr("train[3] is no table"));
  for (const char* path : {"data.train[x].folder=x", "data.train[1=x", "data.train[1]x.y=1",
                           "data.train[-1].folder=x", "data.train[1]=x"}) {
    EXPECT_THAT(message({path}), HasSubstr("key=value")) << path;
  }
}

TEST(RecipeData, WhereTheDataLieIsNoPartOfTheDigest) {
  EXPECT_EQ(parse()->digest, parse({"data.root=elsewhere"})->digest);
  // Changes no weight, and so may be changed of a training that is done.
  EXPECT_EQ(parse()->digest, parse({"data.train[0].calibrates=false"})->digest);
  EXPECT_EQ(parse()->digest, parse({"export.lookalike_temperature=2"})->digest);
  EXPECT_NE(parse()->digest, parse({"data.train[0].per_epoch=51"})->digest);
}

TEST(RecipeData, PairsBelongToRecipesOfPairs) {
  EXPECT_THAT(message({"data.train[0].pairs=9"}), HasSubstr("glyphs = 2"));
  EXPECT_THAT(message({"glyphs=2"}), HasSubstr("how many pairs"));
  EXPECT_THAT(message({"glyphs=3"}), HasSubstr("glyphs"));
  const std::vector<std::string> pairs = {"glyphs=2", "characters=\"18\"",
                                          "data.without=[\"two\", \"three\"]",
                                          "data.train[0].pairs=9", "data.train[0].wrong_pairs=4"};
  const auto recipe = parse(pairs);
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_THAT(recipe->alphabet, ElementsAre("11", "18", "81", "88"));
  EXPECT_THAT(recipe->characters, ElementsAre("1", "8"));
  std::vector<std::string> tested = pairs;
  tested.emplace_back("data.test.folder=\"t\"");
  EXPECT_THAT(message(tested), HasSubstr("test set of pairs"));
}

TEST(RecipeData, RefusesWhatDoesNotFitTogether) {
  EXPECT_THAT(message({"data.train[1].name=one"}),
              AllOf(HasSubstr("data.train[1].name"), HasSubstr("a name of its own")));
  EXPECT_THAT(message({"data.train[1].strokes=x"}), HasSubstr("not several"));
  EXPECT_THAT(message({"data.train[1].fonts=x"}), HasSubstr("not several"));
  EXPECT_THAT(message({"data.train[1].folder="}), HasSubstr("must name images"));
  EXPECT_THAT(message({"data.train[0].shear=1"}),
              AllOf(HasSubstr("data.train[0].shear: no such key"), HasSubstr("per_epoch")));
  EXPECT_THAT(message({"data.train=[]"}), HasSubstr("data.train"));
  EXPECT_THAT(message({"data.train=[1]"}), HasSubstr("array of tables"));
  EXPECT_THAT(message({"data.train[0].per_epoch=0"}), HasSubstr("a whole number from 1"));
}

}  // namespace
}  // namespace longhand::training
