#include "nn/model.h"

#include <gtest/gtest.h>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "nn/test_onnx.h"

namespace longhand::nn {
namespace {

using test::Attribute;
using test::bytes_of;
using test::GraphWriter;

using ModelPtr = std::shared_ptr<const Model>;

ModelPtr load(const std::string& file) {
  auto model = Model::load(bytes_of(file));
  if (!model) throw std::runtime_error(model.error().message);
  return *model;
}

std::vector<float> run_one(const Model& model, const std::vector<float>& x, int batch = 1) {
  Scratch scratch;
  std::vector<float> y(model.outputs()[0].elements() * static_cast<std::size_t>(batch));
  run(model, scratch, x, batch, y);
  return y;
}

std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i % 17) - 8;
  return values;
}

// Two convolutions with a residual connection, a pool and a matrix: most kinds of step.
std::string small_network(const std::vector<std::pair<std::string, std::string>>& metadata = {}) {
  GraphWriter g;
  g.input("x", {-1, 1, 8, 8}).output("y").output("features");
  g.floats("w1", {4, 1, 3, 3}, ramp(36)).floats("w2", {4, 4, 3, 3}, ramp(144));
  g.floats("w3", {64, 10}, ramp(640)).floats("b3", {10}, ramp(10));
  g.node("Conv", {"x", "w1"}, "c1", {Attribute::list("pads", {1, 1, 1, 1})});
  g.node("Relu", {"c1"}, "r1");
  g.node("Conv", {"r1", "w2"}, "c2", {Attribute::list("pads", {1, 1, 1, 1})});
  g.node("Add", {"c2", "r1"}, "a");
  g.node("MaxPool", {"a"}, "p",
         {Attribute::list("kernel_shape", {2, 2}), Attribute::list("strides", {2, 2})});
  g.node("Flatten", {"p"}, "f");
  g.node("Gemm", {"f", "w3", "b3"}, "y");
  g.node("Sigmoid", {"f"}, "features");
  return test::file(g.bytes(), 17, metadata);
}

TEST(ModelTest, TellsWhatItIs) {
  const ModelPtr model = load(small_network({{"name", "small"}}));
  EXPECT_EQ(model->input().name, "x");
  EXPECT_EQ(model->input().dims, (std::vector<std::int64_t>{1, 8, 8}));
  EXPECT_EQ(model->input().elements(), 64U);
  ASSERT_EQ(model->outputs().size(), 2U);
  EXPECT_EQ(model->outputs()[0].name, "y");
  EXPECT_EQ(model->outputs()[0].dims, (std::vector<std::int64_t>{10}));
  EXPECT_EQ(model->metadata().at("name"), "small");
  EXPECT_EQ(model->multiply_adds(), 64U * 36 + 64U * 144 + 640);
  EXPECT_EQ(model->parameters(), 36U + 4 + 144 + 4 + 640 + 10);
  EXPECT_GE(model->scratch_bytes(2), model->scratch_bytes(1));
}

TEST(ModelTest, DigestIsOfTheGraphAlone) {
  const ModelPtr bare = load(small_network());
  EXPECT_EQ(bare->graph_digest().size(), 64U);
  EXPECT_EQ(bare->graph_digest(), load(small_network({{"name", "small"}}))->graph_digest());
}

TEST(ModelTest, MultipliesByHand) {
  GraphWriter g;
  g.input("x", {-1, 2})
      .output("y")
      .floats("w", {2, 3}, {1, 2, 3, 10, 20, 30})
      .floats("b", {3}, {100, 0, -100});
  g.node("Gemm", {"x", "w", "b"}, "y",
         {Attribute::number("alpha", 2), Attribute::number("beta", 0.5F)});
  EXPECT_EQ(run_one(*load(test::file(g)), {1, 2}), (std::vector<float>{92, 84, 76}));
}

TEST(ModelTest, ASampleIsTheSameInAnyBatch) {
  const ModelPtr model = load(small_network());
  constexpr int kBatch = 53;  // more than go through the network together
  std::vector<float> x(kBatch * 64);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
  const std::vector<float> together = run_one(*model, x, kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    const std::vector<float> alone =
        run_one(*model, std::vector<float>(x.begin() + at * 64, x.begin() + at * 64 + 64));
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), together.begin() + at * 10)) << i;
  }
}

TEST(ModelTest, OneScratchServesManyModelsAndBatches) {
  const ModelPtr model = load(small_network());
  Scratch scratch;
  const std::vector<float> x = ramp(64 * 20);
  std::vector<float> many(200);
  run(*model, scratch, x, 20, many);
  std::vector<float> one(10);
  run(*model, scratch, std::span(x).first(64), 1, one);
  EXPECT_TRUE(std::equal(one.begin(), one.end(), many.begin()));
  run(*model, scratch, {}, 0, {});
  Scratch moved = std::move(scratch);
  run(*model, moved, std::span(x).first(64), 1, one);
  run(*model, scratch, std::span(x).first(64), 1, one);  // a scratch moved from is an empty one
  EXPECT_TRUE(std::equal(one.begin(), one.end(), many.begin()));
}

TEST(ModelTest, WrongSizesAreTheCallersBug) {
  const ModelPtr model = load(small_network());
  Scratch scratch;
  std::vector<float> x(64);
  std::vector<float> y(10);
  EXPECT_THROW(run(*model, scratch, x, 2, y), std::logic_error);
  EXPECT_THROW(run(*model, scratch, x, -1, y), std::logic_error);
  EXPECT_THROW(run(*model, scratch, x, 1, std::span(y).first(9)), std::logic_error);
}

TEST(ModelTest, ManyThreadsShareOne) {
  const ModelPtr model = load(small_network());
  const std::vector<float> x = ramp(64 * 3);
  const std::vector<float> expected = run_one(*model, x, 3);
  std::vector<int> right(8, 0);
  std::vector<std::thread> threads;
  for (int& good : right) {
    threads.emplace_back([&] {
      Scratch scratch;
      std::vector<float> y(30);
      for (int i = 0; i < 50; ++i) {
        run(*model, scratch, x, 3, y);
        good += y == expected ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, std::vector<int>(8, 50));
}

TEST(ModelTest, AChainSharesMemory) {
  GraphWriter g;
  g.input("x", {-1, 1000}).output("v50").filled("w", {1000, 1000}, 0.01F);
  for (int i = 0; i < 50; ++i) {
    g.node("MatMul", {i == 0 ? "x" : test::numbered("v", i), "w"}, test::numbered("v", i + 1));
  }
  const auto small = Model::load(bytes_of(test::file(g)));
  ASSERT_TRUE(small) << small.error().message;
  EXPECT_LE((*small)->scratch_bytes(1), 2 * 1008 * sizeof(float));
}

TEST(ModelTest, NumbersThatAreNoneComeOutAsSuch) {
  const ModelPtr model = load(small_network());
  std::vector<float> x(64, std::nanf(""));
  EXPECT_EQ(run_one(*model, x).size(), 10U);  // no promise but that it ends
}

TEST(ModelTest, SeveralReadersOfAConvolutionSeeItUnfused) {
  GraphWriter g;
  g.input("x", {-1, 1, 1, 1}).output("y").floats("w", {1, 1, 1, 1}, {1});
  g.node("Conv", {"x", "w"}, "c").node("Relu", {"c"}, "r").node("Identity", {"c"}, "same");
  g.node("Add", {"r", "same"}, "y");
  EXPECT_EQ(run_one(*load(test::file(g)), {-3}), std::vector<float>{-3});
}

TEST(ModelTest, AnOutputInTheMiddleStaysUnfused) {
  GraphWriter g;
  g.input("x", {-1, 1, 1, 1}).output("c").output("r").floats("w", {1, 1, 1, 1}, {1});
  g.node("Conv", {"x", "w"}, "c").node("Relu", {"c"}, "r");
  EXPECT_EQ(run_one(*load(test::file(g)), {-3}), std::vector<float>{-3});
}

TEST(ModelTest, TheInputItselfMayBeTheOutput) {
  GraphWriter g;
  g.input("x", {-1, 3}).output("y").node("Identity", {"x"}, "y");
  EXPECT_EQ(run_one(*load(test::file(g)), {1, 2, 3, 4, 5, 6}, 2),
            (std::vector<float>{1, 2, 3, 4, 5, 6}));
}

TEST(ModelTest, InPlaceStepsLeaveTheCallersInputAlone) {
  GraphWriter g;
  g.input("x", {-1, 3}).output("y").node("Relu", {"x"}, "y");
  const std::vector<float> x = {-1, 0, 1};
  EXPECT_EQ(run_one(*load(test::file(g)), x), (std::vector<float>{0, 0, 1}));
  EXPECT_EQ(x[0], -1);
}

}  // namespace
}  // namespace longhand::nn
