#include "training/learner.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <tuple>

#include "nn/constant.h"
#include "nn/model.h"
#include "training/counter_random.h"
#include "training/onnx_export.h"
#include "training/quantize.h"

namespace longhand::training {
namespace {

std::string recipe_text(const std::string& layers, const std::string& optimizer) {
  return "name = \"t\"\n[data]\ntrain = { folder = \"x\" }\n[network]\nlayers = " + layers +
         "\n[optimizer]\nkind = \"" + optimizer +
         "\"\nrate = 0.01\nweight_decay = 0.01\n[training]\nepochs = 1\nema = 0.9\n"
         "label_smoothing = 0.1\n";
}

constexpr const char* kEveryLayer =
    R"(["conv 8 kernel=5 stride=2", "bn", "relu", ["conv 8 groups=2 kernel=3", "bn", "hardswish"],
        "bn", "maxpool 2", "conv 12 bias=false", "relu", ["conv 12 kernel=3"], "avgpool 2",
        "dropout 0.3", "flatten", "linear 16", "relu", "linear 10 bias=false"])";

struct Fixture {
  explicit Fixture(const std::string& optimizer, const std::string& layers = kEveryLayer)
      : recipe(parse_recipe(recipe_text(layers, optimizer), "t", {}).value()),
        network(plan_network(recipe.layers, {1, 28, 28}, 10).value()) {
    CounterRandom random({3});
    for (int i = 0; i < 20 * 784; ++i) inputs.push_back(random.uniform());
    for (int i = 0; i < 20; ++i) labels.push_back(i % 11 - 1);  // Learner::kNothing among them
  }

  Recipe recipe;
  Network network;
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
};

class EveryOptimizer : public testing::TestWithParam<const char*> {};

TEST_P(EveryOptimizer, LearnsItsBatch) {
  const Fixture setup(GetParam(),
                      R"(["conv 8 kernel=5 stride=2", "bn", "relu", "flatten", "linear 10"])");
  Learner learner(setup.network, setup.recipe);
  const double first = learner.step(setup.inputs, setup.labels, {}, 1, 0.5).loss;
  Learner::Step last;
  for (int i = 0; i < 60; ++i) last = learner.step(setup.inputs, setup.labels, {}, 1, 0.5);
  EXPECT_LT(last.loss, first / 2);
  EXPECT_EQ(last.characters, 18);
  EXPECT_GE(last.correct, 16);
}

// Restored into another learner, the next steps are the same to the last bit.
TEST_P(EveryOptimizer, GoesOnFromItsState) {
  const Fixture setup(GetParam());
  Learner one(setup.network, setup.recipe);
  for (int i = 0; i < 3; ++i) one.step(setup.inputs, setup.labels, {}, 1, 0.5);
  const LearnerState middle = one.state();
  Learner two(setup.network, setup.recipe);
  two.restore(middle);
  EXPECT_EQ(two.state(), middle);
  for (int i = 0; i < 3; ++i) {
    const double a = one.step(setup.inputs, setup.labels, {}, 0.5, 0.9).loss;
    const double b = two.step(setup.inputs, setup.labels, {}, 0.5, 0.9).loss;
    EXPECT_EQ(a, b);
  }
  EXPECT_EQ(one.state(), two.state());
}

INSTANTIATE_TEST_SUITE_P(Optimizers, EveryOptimizer, testing::Values("adam", "adamw", "sgd"));

// With all of the weight on the teachers the labels do not matter, but for what is no character.
TEST(Learner, LearnsWhatItIsTaught) {
  Fixture setup("adam", R"(["conv 8 kernel=5 stride=2", "bn", "relu", "flatten", "linear 10"])");
  setup.recipe.training.teaching = 1;
  std::vector<float> taught(20 * 10, 0);
  for (std::size_t i = 0; i < 20; ++i) {
    taught[i * 10 + (i * 7) % 10] = 0.75F;
    taught[i * 10 + (i * 7 + 1) % 10] = 0.25F;
  }
  Learner learner(setup.network, setup.recipe);
  for (int i = 0; i < 400; ++i) learner.step(setup.inputs, setup.labels, taught, 1, 0.5);
  auto logits = learner.logits(setup.inputs, 20);
  for (std::size_t i = 0; i < 20; ++i) {
    if (setup.labels[i] == Learner::kNothing) continue;
    const auto row = std::span(logits).subspan(i * 10, 10);
    const auto best = std::max_element(row.begin(), row.end()) - row.begin();
    EXPECT_EQ(best, static_cast<std::ptrdiff_t>((i * 7) % 10)) << i;
    row[(i * 7) % 10] = -1e9F;
    const auto second = std::max_element(row.begin(), row.end()) - row.begin();
    EXPECT_EQ(second, static_cast<std::ptrdiff_t>((i * 7 + 1) % 10)) << i;
  }
}

// The same picture is four times of class 0 and once of class 1: an answer of frequencies says four
// to one, a balanced one even chances.
TEST(Learner, BalancesWhatIsNotAlikeFrequent) {
  Fixture setup("adam", R"(["flatten", "linear 10"])");
  setup.recipe.training.label_smoothing = 0;
  for (std::size_t i = 784; i < setup.inputs.size(); ++i) setup.inputs[i] = setup.inputs[i - 784];
  for (std::size_t i = 0; i < 20; ++i) setup.labels[i] = i % 5 == 0 ? 1 : 0;
  const double shares[10] = {0.8, 0.2};
  for (const bool balance : {false, true}) {
    setup.recipe.training.balance = balance;
    Learner learner(setup.network, setup.recipe, shares);
    for (int i = 0; i < 300; ++i) learner.step(setup.inputs, setup.labels, {}, 1, 0.5);
    const auto logits = learner.logits(setup.inputs, 1);
    EXPECT_NEAR(logits[0] - logits[1], balance ? 0 : std::log(4), 0.1);
  }
  // What is no character has no frequency: it is as much of one class as of the other.
  std::fill(setup.labels.begin(), setup.labels.end(), Learner::kNothing);
  Learner learner(setup.network, setup.recipe, shares);
  for (int i = 0; i < 300; ++i) learner.step(setup.inputs, setup.labels, {}, 1, 0.5);
  const auto logits = learner.logits(setup.inputs, 1);
  EXPECT_NEAR(logits[0] - logits[1], 0, 0.1);
}

TEST(Learner, StartsAsTheRecipeSays) {
  const Fixture setup("adam");
  Initialization how;
  how.kind = Initialization::Kind::kTruncatedNormal;
  how.deviation = 0.1;
  how.bias = 0.1;
  const Weights weights = initial_weights(setup.network, how, 1);
  double square = 0;
  for (const float value : weights.decayed) {
    EXPECT_LE(std::abs(value), 0.2F);
    square += static_cast<double>(value) * static_cast<double>(value);
  }
  // A normal cut at two deviations keeps 0.774 of its variance.
  EXPECT_NEAR(square / static_cast<double>(weights.decayed.size()), 0.774 * 0.01, 0.0008);
  EXPECT_FLOAT_EQ(*weights.at(setup.network.layers.front().shift), 0.1F);
  EXPECT_EQ(weights, initial_weights(setup.network, how, 1));
  EXPECT_NE(weights, initial_weights(setup.network, how, 2));
}

std::vector<float> run_exported(const Fixture& setup, const Weights& weights, WeightType type) {
  const std::string onnx = export_onnx(setup.network, weights, type, {{"key", "value"}});
  const auto model = nn::Model::load(std::as_bytes(std::span(onnx.data(), onnx.size())));
  EXPECT_TRUE(model) << model.error().message;
  EXPECT_EQ((*model)->metadata().at("key"), "value");
  EXPECT_EQ((*model)->multiply_adds(), static_cast<std::uint64_t>(setup.network.multiply_adds));
  nn::Scratch scratch;
  std::vector<float> logits(20 * 10);
  nn::run(**model, scratch, setup.inputs, 20, logits);
  return logits;
}

float worst_difference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  float worst = 0;
  float largest = 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::abs(a[i] - b[i]));
    largest = std::max(largest, std::abs(b[i]));
  }
  return worst / largest;
}

// What is exported and run by the engine says what libtorch says, after training has moved the
// statistics of batch normalisation.
TEST(Export, TheEngineAgreesWithLibtorch) {
  const Fixture setup("adamw");
  Learner learner(setup.network, setup.recipe);
  for (int i = 0; i < 20; ++i) learner.step(setup.inputs, setup.labels, {}, 1, 0.5);
  const auto expected = learner.logits(setup.inputs, 20);
  EXPECT_EQ(expected, learner.logits(learner.result(), setup.inputs, 20));
  const auto exported = run_exported(setup, learner.result(), WeightType::kFloat32);
  EXPECT_LE(worst_difference(exported, expected), 1e-4F);
  const auto halved = run_exported(setup, learner.result(), WeightType::kFloat16);
  EXPECT_LE(worst_difference(halved, expected), 1e-2F);
  EXPECT_NE(halved, exported);
}

class SmallWeights : public testing::TestWithParam<WeightType> {};
INSTANTIATE_TEST_SUITE_P(Types, SmallWeights,
                         testing::Values(WeightType::kInt4, WeightType::kInt8));

// Learner and file have the same whole numbers, so that no more than rounding lies between their
// answers.
TEST_P(SmallWeights, TheEngineAgreesWithLibtorch) {
  Fixture setup("adamw");
  setup.recipe.export_weights = GetParam();
  Learner learner(setup.network, setup.recipe);
  for (int i = 0; i < 20; ++i) learner.step(setup.inputs, setup.labels, {}, 1, 0.5);
  const Weights weights = learner.result();
  const auto expected = learner.logits(setup.inputs, 20);
  EXPECT_LE(worst_difference(run_exported(setup, weights, GetParam()), expected), 1e-5F);
  EXPECT_GE(worst_difference(run_exported(setup, weights, WeightType::kFloat32), expected), 1e-5F);
}

TEST_P(SmallWeights, GoesOnFromItsState) {
  Fixture setup("adamw");
  setup.recipe.export_weights = GetParam();
  Learner one(setup.network, setup.recipe);
  for (int i = 0; i < 3; ++i) one.step(setup.inputs, setup.labels, {}, 1, 0.5);
  Learner two(setup.network, setup.recipe);
  two.restore(one.state());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(one.step(setup.inputs, setup.labels, {}, 0.5, 0.9).loss,
              two.step(setup.inputs, setup.labels, {}, 0.5, 0.9).loss);
  }
  EXPECT_EQ(one.state(), two.state());
}

// The numbers in the file, brought back as DequantizeLinear does, are bit for bit those that the
// training ran with; batch normalisation changes only the scale and a channel's sign.
TEST_P(SmallWeights, TheFileHoldsWhatWasTrained) {
  const Fixture setup("adamw", R"(["conv 7 kernel=3 stride=3", "conv 5 kernel=3", "bn", "relu",
                                   "flatten", "linear 10"])");
  Weights weights = initial_weights(setup.network, {}, 1);
  const std::vector<Layer>& layers = setup.network.layers;
  const std::vector<float> factors = {0.5F, -2, 0, 1, -1e-3F};
  std::copy(factors.begin(), factors.end(), weights.at(layers[2].weight));
  const int bits = bits_of(GetParam());
  const auto trained = as_quantized(setup.network, weights.decayed, bits);
  const std::string onnx = export_onnx(setup.network, weights, GetParam(), {});
  const auto file = nn::onnx::parse(std::as_bytes(std::span(onnx.data(), onnx.size())), {});
  const auto constant = [&](const std::string& name) {
    for (const nn::onnx::Tensor& tensor : file.graph.initializers) {
      if (tensor.name == name) return nn::decode(tensor, {})->data;
    }
    ADD_FAILURE() << "no " << name;
    return nn::Constant::Data{};
  };
  for (const auto& [layer, name, folded] :
       {std::tuple{0, "n1", false}, {1, "n2", true}, {5, "n5", false}}) {
    const Slot& slot = layers[static_cast<std::size_t>(layer)].weight;
    const auto numbers =
        std::get<std::vector<std::int8_t>>(constant(std::string(name) + ".weight.int"));
    const auto scales = std::get<std::vector<float>>(constant(std::string(name) + ".weight.scale"));
    ASSERT_EQ(numbers.size(), static_cast<std::size_t>(slot.count()));
    const std::size_t each = numbers.size() / scales.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const float was = trained[static_cast<std::size_t>(slot.offset) + i];
      const float is = static_cast<float>(numbers[i]) * scales[i / each];
      if (folded) {
        const float factor = factors[i / each] / std::sqrt(1 + 1e-5F);
        EXPECT_NEAR(is, was * factor, 1e-6F);
      } else {
        EXPECT_EQ(is, was);
      }
    }
  }
}

TEST(Export, HalvesToTheNearest) {
  EXPECT_EQ(to_half(0.0F), 0x0000);
  EXPECT_EQ(to_half(-0.0F), 0x8000);
  EXPECT_EQ(to_half(1.0F), 0x3c00);
  EXPECT_EQ(to_half(-2.0F), 0xc000);
  EXPECT_EQ(to_half(65504.0F), 0x7bff);
  EXPECT_EQ(to_half(65520.0F), 0x7c00);
  EXPECT_EQ(to_half(0x1p-14F), 0x0400);
  EXPECT_EQ(to_half(0x1p-24F), 0x0001);
  EXPECT_EQ(to_half(0x1p-26F), 0x0000);
  EXPECT_EQ(to_half(1.0F + 0x1p-11F), 0x3c00);  // a tie goes to even
  EXPECT_EQ(to_half(1.0F + 0x1p-11F + 0x1p-20F), 0x3c01);
  EXPECT_EQ(to_half(1.0F + 3 * 0x1p-11F), 0x3c02);
  EXPECT_EQ(to_half(0.1F), 0x2e66);
}

}  // namespace
}  // namespace longhand::training
