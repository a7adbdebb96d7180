#include "training/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recognizer/card.h"
#include "source_folder.h"

namespace longhand::training {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kRecipe = R"(name = "tiny"
alphabet = "digits"
normalization = "raw"
seed = 7

[data]
train = { images = "a", labels = "b" }

[network]
layers = ["conv 4", "relu", ["conv 4", "bn"], "flatten", "linear 10"]

[optimizer]
kind = "sgd"
rate = 0.5

[training]
epochs = 3
)";

std::string with(const std::string& line, const std::string& instead) {
  std::string text = kRecipe;
  text.replace(text.find(line), line.size(), instead);
  return text;
}

std::string message(const std::string& toml, const std::vector<std::string>& settings = {}) {
  const auto recipe = parse_recipe(toml, "tiny.toml", settings);
  return recipe ? "no error" : recipe.error().message;
}

TEST(Recipe, ReadsWhatItSays) {
  const auto recipe = parse_recipe(kRecipe, "recipes/tiny.toml", {});
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_EQ(recipe->name, "tiny");
  EXPECT_EQ(recipe->file, "tiny.toml");
  EXPECT_EQ(recipe->seed, 7U);
  EXPECT_EQ(recipe->alphabet.size(), 10U);
  ASSERT_EQ(recipe->data.train.size(), 1U);
  EXPECT_EQ(recipe->data.train[0].images, "a");
  EXPECT_FALSE(recipe->data.test.given());
  EXPECT_EQ(recipe->optimizer.kind, Optimizer::Kind::kSgd);
  EXPECT_DOUBLE_EQ(recipe->optimizer.rate, 0.5);
  EXPECT_FALSE(recipe->augmentation.enabled);
  ASSERT_EQ(recipe->layers.size(), 5U);
  EXPECT_EQ(recipe->layers[2].kind, LayerKind::kResidual);
  EXPECT_EQ(recipe->layers[2].body.size(), 2U);
}

TEST(Recipe, TakesNoMoreCalmEpochsThanThereAre) {
  EXPECT_EQ(message(kRecipe, {"augmentation.calm_epochs=3"}), "no error");
  EXPECT_THAT(message(kRecipe, {"augmentation.calm_epochs=4"}),
              HasSubstr("at most training.epochs"));
}

TEST(Recipe, LaysSettingsOver) {
  const auto recipe = parse_recipe(kRecipe, "tiny.toml",
                                   {"optimizer.rate=1e-3", "name=other", "augmentation.rotation=9",
                                    "data.train.images=somewhere/else"});
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_DOUBLE_EQ(recipe->optimizer.rate, 1e-3);
  EXPECT_EQ(recipe->name, "other");
  EXPECT_EQ(recipe->data.train[0].images, "somewhere/else");
  EXPECT_TRUE(recipe->augmentation.enabled);
  EXPECT_DOUBLE_EQ(recipe->augmentation.rotation, 9);
  EXPECT_EQ(parse_recipe(kRecipe, "", {"date=2026-11-23"}).value().date, "2026-11-23");
}

TEST(Recipe, NamesAnUnknownKeyItsLineAndTheKnownOnes) {
  EXPECT_THAT(message(with("rate = 0.5", "lerning_rate = 0.5")),
              AllOf(HasSubstr("tiny.toml, line 14"), HasSubstr("optimizer.lerning_rate"),
                    HasSubstr("weight_decay")));
  EXPECT_THAT(message(with("seed = 7", "sed = 7")), AllOf(HasSubstr("line 4"), HasSubstr("sed")));
  EXPECT_THAT(message(kRecipe, {"training.epoch=3"}), HasSubstr("training.epoch"));
}

TEST(Recipe, NamesAWrongTypeOrRangeAndWhatWouldBeRight) {
  EXPECT_THAT(message(with("rate = 0.5", "rate = \"fast\"")),
              AllOf(HasSubstr("line 14"), HasSubstr("optimizer.rate"), HasSubstr("a number from")));
  EXPECT_THAT(message(with("rate = 0.5", "rate = nan")), HasSubstr("optimizer.rate"));
  EXPECT_THAT(message(with("epochs = 3", "epochs = 1.5")), HasSubstr("a whole number"));
  EXPECT_THAT(message(with("kind = \"sgd\"", "kind = \"sdg\"")), HasSubstr("\"adamw\""));
  EXPECT_THAT(message(with("normalization = \"raw\"", "normalization = \"ink-9\"")),
              HasSubstr("normalization"));
  EXPECT_THAT(message(with("name = \"tiny\"", "name = \"../tiny\"")), HasSubstr("name"));
  EXPECT_THAT(message(with("name = \"tiny\"", "name = 5")), HasSubstr("text in quotes"));
  EXPECT_THAT(message(with("[optimizer]", "[[optimizer]]")), HasSubstr("must be a table"));
}

TEST(Recipe, KeepsToTheRulesOfTheCardsItWillMake) {
  const std::string long_name(65, 'x');
  EXPECT_THAT(message(with("\"tiny\"", '"' + long_name + '"')),
              AllOf(HasSubstr("tiny.toml, line 1"), HasSubstr("name"), HasSubstr("1 to 64")));
  EXPECT_EQ(message(kRecipe, {"name=" + long_name.substr(1)}), "no error");
  EXPECT_THAT(message(with("\"digits\"", "\"My Digits\"\ncharacters = \"0123456789\"")),
              AllOf(HasSubstr("line 2"), HasSubstr("alphabet"), HasSubstr("a-z")));
  EXPECT_THAT(message(kRecipe, {"characters='0123456788'"}),
              AllOf(HasSubstr("characters"), HasSubstr("twice")));
  std::string many;
  for (char32_t c = 0x4E00; c < 0x4E00 + 320; ++c) many += recognizer::to_utf8(c);
  EXPECT_EQ(message(kRecipe, {"characters=" + many}), "no error");
  EXPECT_THAT(message(kRecipe, {"characters=" + many, "glyphs=2", "data.train.pairs=9"}),
              HasSubstr("100000 pairs"));
}

TEST(Recipe, TakesOnlyDaysThatThereAre) {
  for (const char* date : {"2027-02-28", "2028-02-29"}) {
    EXPECT_EQ(message(kRecipe, {std::string("date=") + date}), "no error") << date;
  }
  for (const char* date :
       {"2027-13-45", "2027-02-29", "2027-2-1", "2027-02-010", "27-02-01", "2027-00-10", "today"}) {
    EXPECT_THAT(message(kRecipe, {std::string("date=") + date}), HasSubstr("a day that there is"))
        << date;
  }
}

TEST(Recipe, NamesAWrongLayer) {
  EXPECT_THAT(message(with("\"conv 4\", \"relu\"", "\"konv 4\", \"relu\"")),
              AllOf(HasSubstr("network.layers"), HasSubstr("konv 4"), HasSubstr("maxpool")));
  EXPECT_THAT(message(with("\"relu\"", "5")), HasSubstr("a layer must be text"));
}

TEST(Recipe, RefusesWhatDoesNotFitTogether) {
  EXPECT_THAT(message(with("epochs = 3", "epochs = 3\nsteps = 4")),
              HasSubstr("either epochs or steps"));
  EXPECT_THAT(message(with("epochs = 3", "epochs = 3\nbalance = true\nteachers = [\"t.onnx\"]")),
              HasSubstr("training.balance"));
  EXPECT_EQ(message(with("epochs = 3", "epochs = 3\nbalance = true")), "no error");
  EXPECT_THAT(message(with("train = { images = \"a\", labels = \"b\" }", "name = \"x\"")),
              HasSubstr("data.train"));
  EXPECT_THAT(message(with(", labels = \"b\"", "")), HasSubstr("belong together"));
}

TEST(Recipe, RefusesWhatIsNoToml) {
  EXPECT_THAT(message("name = \n"), HasSubstr("tiny.toml, line 1"));
  EXPECT_THAT(message(kRecipe, {"optimizer"}), HasSubstr("key=value"));
  EXPECT_THAT(message(kRecipe, {"a..b=1"}), HasSubstr("key=value"));
  EXPECT_THAT(message(kRecipe, {"name.x=1"}), HasSubstr("is no table"));
}

TEST(Recipe, DigestFollowsWhatChangesTheResult) {
  const auto digest = [](const std::vector<std::string>& settings) {
    return parse_recipe(kRecipe, "tiny.toml", settings).value().digest;
  };
  EXPECT_EQ(digest({}), parse_recipe(std::string("# a comment\n") + kRecipe, "x", {})->digest);
  EXPECT_EQ(digest({}), digest({"date=2026-01-01", "training.loaders=4"}));
  EXPECT_NE(digest({}), digest({"seed=8"}));
  EXPECT_NE(digest({}), digest({"training.threads=2"}));
  EXPECT_NE(digest({}), digest({"name=other"}));
}

// Checkpoints know a recipe by it; cards and logs are full of the other.
TEST(Recipe, DigestOfTheWeightsLeavesOutWhatTheyDoNotDependOn) {
  const auto digest = [](const std::vector<std::string>& settings) {
    return parse_recipe(kRecipe, "tiny.toml", settings).value().weights_digest;
  };
  EXPECT_EQ(digest({}), digest({"name=other", "data.name=x", "data.terms=y", "data.test.images=c",
                                "data.test.labels=d"}));
  EXPECT_NE(digest({}), digest({"seed=8"}));
  EXPECT_NE(digest({}), digest({"data.train.images=c"}));
  EXPECT_NE(digest({}), digest({"data.train.name=c"}));
  EXPECT_NE(digest({}), digest({"network.initialization.kind=he"}));
}

// Checkpoints of earlier builds hold this digest: it may not change.
TEST(Recipe, DigestIsThatOfEarlierBuilds) {
  EXPECT_EQ(parse_recipe(kRecipe, "tiny.toml", {}).value().digest,
            "716cd49d1af69052accacce24e8263189d7a71f0665c2ffae99373593d3c4dfa");
}

Network shipped(const std::string& file) {
  const auto recipe = load_recipe(std::string(LONGHAND_SOURCE_DIR "/recipes/") + file, {});
  EXPECT_TRUE(recipe) << recipe.error().message;
  const auto network = plan_network(recipe->layers, {1, 28, 28}, 10);
  EXPECT_TRUE(network) << network.error().message;
  return *network;
}

TEST(Recipe, TheNetworkOf2018IsTheOriginals) {
  const Network network = shipped("numberrec-2018.toml");
  EXPECT_EQ(network.parameters(), 3'274'634);
  EXPECT_EQ(network.multiply_adds, 13'883'904);
}

// Weights of 4 bits, and 4 bytes each for a channel's scale and bias.
std::int64_t bytes_of_4_bits(const std::vector<Layer>& layers) {
  std::int64_t bytes = 0;
  for (const Layer& layer : layers) {
    if (layer.weight.store == Store::kDecayed && layer.outputs > 0) {
      bytes += (layer.weight.count() + 1) / 2 + 8 * layer.outputs;
    }
    bytes += bytes_of_4_bits(layer.body);
  }
  return bytes;
}

TEST(Recipe, PocketKeepsToItsBudget) {
  const auto recipe = load_recipe(LONGHAND_SOURCE_DIR "/recipes/pocket.toml", {});
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_EQ(recipe->export_weights, WeightType::kInt4);
  EXPECT_LE(bytes_of_4_bits(shipped("pocket.toml").layers), 13'000);
}

TEST(Recipe, DigitsKeepsToItsBudget) {
  const Network network = shipped("digits.toml");
  EXPECT_LE(network.parameters(), 350'000);  // 1.5 MB
  EXPECT_LE(network.multiply_adds, 6'000'000);
}

}  // namespace
}  // namespace longhand::training
