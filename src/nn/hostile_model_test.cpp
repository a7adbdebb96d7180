// Files that can't be taken: each refused with the right code and a message that says why.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nn/model.h"
#include "nn/test_onnx.h"

namespace longhand::nn {
namespace {

using test::Attribute;
using test::bytes_of;
using test::GraphWriter;
using testing::HasSubstr;

void expect_refused(const std::string& file, ErrorCode code, const std::string& part,
                    const LoadLimits& limits = {}) {
  const auto model = Model::load(bytes_of(file), limits);
  ASSERT_FALSE(model) << "taken, but should say: " << part;
  EXPECT_EQ(model.error().code, code) << model.error().message;
  EXPECT_THAT(model.error().message, HasSubstr(part));
}
void expect_corrupt(const std::string& file, const std::string& part) {
  expect_refused(file, ErrorCode::kCorruptModel, part);
}
void expect_unsupported(const std::string& file, const std::string& part) {
  expect_refused(file, ErrorCode::kUnsupportedModel, part);
}

// x of 1x4x4, then one node of it that gives y; weights w (4 of 1x3x3) at hand.
std::string one_node(const std::string& op, const std::vector<std::string>& inputs,
                     const std::vector<Attribute>& attributes = {}) {
  GraphWriter g;
  g.input("x", {-1, 1, 4, 4}).output("y").filled("w", {4, 1, 3, 3}, 1);
  return test::file(g.node(op, inputs, "y", attributes));
}

TEST(HostileModelTest, NoModelAtAll) {
  expect_corrupt("", "no graph");
  expect_corrupt("just some text that is no protocol buffer", "ONNX");
  expect_corrupt(std::string(100, '\xff'), "ONNX");
  expect_corrupt(std::string(100, '\0'), "ONNX");
}

TEST(HostileModelTest, TruncatedAnywhereIsRefusedOrWhole) {
  const std::string whole = one_node("Conv", {"x", "w"});
  ASSERT_TRUE(Model::load(bytes_of(whole)));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto model = Model::load(bytes_of(whole.substr(0, length)));
    ASSERT_FALSE(model) << length;
    EXPECT_FALSE(model.error().message.empty());
  }
}

TEST(HostileModelTest, EveryByteTurned) {
  const std::string whole = one_node("Conv", {"x", "w"});
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int mask : {0x01, 0x80, 0xff}) {
      std::string file = whole;
      file[at] = static_cast<char>(file[at] ^ mask);
      const auto model = Model::load(bytes_of(file));  // must end; many still load
      EXPECT_TRUE(model || !model.error().message.empty());
    }
  }
}

TEST(HostileModelTest, OldOpset) {
  GraphWriter g;
  g.input("x", {-1, 3}).output("y").node("Relu", {"x"}, "y");
  expect_unsupported(test::file(g.bytes(), 12), "opset 12");
}

TEST(HostileModelTest, TwoGraphs) {
  GraphWriter g;
  g.input("x", {-1, 3}).output("y").node("Relu", {"x"}, "y");
  expect_corrupt(test::file(g) + test::file(g), "two graphs");
}

TEST(HostileModelTest, InputsAndOutputs) {
  GraphWriter none;
  expect_corrupt(test::file(none.output("y")), "no input");
  GraphWriter two;
  expect_unsupported(test::file(two.input("a", {-1, 2}).input("b", {-1, 2}).output("a")),
                     "several inputs");
  GraphWriter no_output;
  expect_corrupt(test::file(no_output.input("x", {-1, 2})), "no output");
  GraphWriter unmade;
  expect_corrupt(test::file(unmade.input("x", {-1, 2}).output("y")), "made by no node");
  GraphWriter constant;
  expect_corrupt(test::file(constant.input("x", {-1, 2}).filled("c", {2}, 1).output("c")),
                 "made by no node");
}

TEST(HostileModelTest, InputShapes) {
  const auto with = [](const std::vector<std::int64_t>& dims, int type = 1) {
    GraphWriter g;
    return test::file(g.input("x", dims, type).output("y").node("Relu", {"x"}, "y"));
  };
  expect_unsupported(with({}), "first dimension is the batch");
  expect_unsupported(with({4, 3}), "batch of 4");
  expect_unsupported(with({-1, 3, -1}), "dimension 2 free");
  expect_unsupported(with({-1, 3}, 11), "float32 is supported");
  expect_corrupt(with({-1, 0}), "at least 1");
  expect_refused(with({-1, 1LL << 40, 1LL << 40}), ErrorCode::kTooLarge, "max_tensor_elements");
  expect_refused(with({-1, 65536, 65536, 65536, 65536}), ErrorCode::kTooLarge,
                 "max_tensor_elements");
  EXPECT_TRUE(Model::load(bytes_of(with({1, 3}))));
}

TEST(HostileModelTest, OperatorsAndDomains) {
  expect_unsupported(one_node("Einsum", {"x"}), "'Einsum'");
  expect_unsupported(one_node("Einsum", {"x"}), "'node_y'");
  expect_unsupported(one_node("Einsum", {"x"}), "Conv, DequantizeLinear");
  GraphWriter g;
  g.input("x", {-1, 3}).output("y").node("Relu", {"x"}, "y", {}, "com.evil");
  expect_unsupported(test::file(g), "'com.evil'");
}

TEST(HostileModelTest, NamesAreKeptFitForAMessage) {
  const auto model =
      Model::load(bytes_of(one_node("A\nB\x1b[31m" + std::string(10'000, 'x'), {"x"})));
  ASSERT_FALSE(model);
  EXPECT_LT(model.error().message.size(), 1000U);
  EXPECT_EQ(model.error().message.find_first_of("\n\x1b"), std::string::npos);
}

TEST(HostileModelTest, CyclesAndOrder) {
  GraphWriter cycle;
  cycle.input("x", {-1, 3}).output("b").node("Add", {"x", "b"}, "a").node("Relu", {"a"}, "b");
  expect_corrupt(test::file(cycle), "'b', which no earlier node");
  GraphWriter self;
  self.input("x", {-1, 3}).output("a").node("Relu", {"a"}, "a");
  expect_corrupt(test::file(self), "no earlier node");
  expect_corrupt(one_node("Relu", {"nowhere"}), "'nowhere'");
  expect_corrupt(one_node("Conv", {"x", "nowhere"}), "'nowhere'");
}

TEST(HostileModelTest, NamesGivenTwice) {
  GraphWriter nodes;
  nodes.input("x", {-1, 3}).output("y").node("Relu", {"x"}, "y").node("Sigmoid", {"x"}, "y");
  expect_corrupt(test::file(nodes), "given twice");
  GraphWriter weights;
  weights.input("x", {-1, 3}).output("y").filled("w", {3}, 1).filled("w", {3}, 2);
  expect_corrupt(test::file(weights.node("Add", {"x", "w"}, "y")), "two initialisers");
  GraphWriter both;
  both.input("x", {-1, 3}).output("y").filled("y", {3}, 1).node("Relu", {"x"}, "y");
  expect_corrupt(test::file(both), "given twice");
  expect_corrupt(test::file("", 17, {{"a", "1"}, {"a", "2"}}), "twice");
}

TEST(HostileModelTest, NumbersOfInputs) {
  expect_corrupt(one_node("Conv", {"x"}), "takes 2 to 3");
  expect_corrupt(one_node("Conv", {}), "takes 2 to 3");
  expect_corrupt(one_node("Conv", {"x", "w", "w", "w"}), "takes 2 to 3");
  expect_corrupt(one_node("Concat", {}, {Attribute::integer("axis", 1)}), "inputs");
  expect_corrupt(one_node("Reshape", {"x", ""}), "inputs");
}

TEST(HostileModelTest, OtherFilesAreNeverRead) {
  std::string location;
  test::pbf_writer(location).add_bytes(1, "location");
  test::pbf_writer(location).add_bytes(2, "/etc/passwd");
  for (const bool with_location : {true, false}) {
    std::string weights = test::tensor("outside", {3}, 1, "");
    test::pbf_writer writer(weights);
    if (with_location) writer.add_message(13, location);
    if (!with_location) writer.add_enum(14, 1);
    GraphWriter g;
    g.input("x", {-1, 3}).output("y").initializer(weights).node("Add", {"x", "outside"}, "y");
    expect_unsupported(test::file(g), "'outside' keeps its data in another file");
  }
}

TEST(HostileModelTest, SubgraphsAndFunctions) {
  expect_unsupported(one_node("Relu", {"x"}, {Attribute::graph("body")}), "'body'");
  GraphWriter g;
  g.input("x", {-1, 3}).output("y").node("Relu", {"x"}, "y");
  std::string file = test::file(g);
  test::pbf_writer(file).add_message(25, std::string());
  expect_unsupported(file, "functions");
}

TEST(HostileModelTest, TensorsThatLie) {
  const auto with = [](const std::vector<std::int64_t>& dims, int type, const std::string& raw) {
    GraphWriter g;
    g.input("x", {-1, 3}).output("y").initializer(test::tensor("w", dims, type, raw));
    return test::file(g.node("Add", {"x", "w"}, "y"));
  };
  expect_corrupt(with({3}, 1, std::string(11, 'a')), "needs 3 elements, its data holds 2");
  expect_corrupt(with({4}, 1, std::string(12, 'a')), "needs 4 elements");
  expect_corrupt(with({3}, 1, std::string(13, 'a')), "needs 3 elements");
  expect_corrupt(with({-3}, 1, std::string(12, 'a')), "at least 1");
  expect_corrupt(with({-3, -1}, 1, std::string(12, 'a')), "at least 1");
  expect_refused(with({1LL << 62, 4}, 1, ""), ErrorCode::kTooLarge, "max_tensor_elements");
  expect_refused(with({1LL << 32, 1LL << 32}, 1, ""), ErrorCode::kTooLarge, "max_tensor_elements");
  expect_unsupported(with({3}, 8, ""), "type 8");
  expect_unsupported(with({3}, 11, std::string(24, 'a')), "float32, float16");
  expect_unsupported(with({3}, 7, std::string(24, '\0')), "int64; float32 is supported there");
  expect_unsupported(with({3}, 10, std::string(6, '\0')), "float16; float32 is supported there");
  expect_unsupported(with({1, 1, 1, 1, 1, 1, 1, 1, 1}, 1, std::string(4, '\0')), "8 dimensions");
}

TEST(HostileModelTest, Windows) {
  const auto conv = [](const Attribute& attribute) {
    return one_node("Conv", {"x", "w"}, {attribute});
  };
  expect_corrupt(conv(Attribute::list("strides", {0, 1})), "strides has 0");
  expect_corrupt(conv(Attribute::list("strides", {-1, 1})), "strides has -1");
  expect_corrupt(conv(Attribute::list("strides", {1})), "strides has 1 numbers, needs 2");
  expect_corrupt(conv(Attribute::list("strides", std::vector<std::int64_t>(100'000, 1))),
                 "needs 2");
  expect_corrupt(conv(Attribute::list("pads", {-1, 0, 0, 0})), "pads has -1");
  expect_corrupt(conv(Attribute::list("pads", {INT64_MAX, 0, INT64_MAX, 0})),
                 "pads has 9223372036854775807");
  expect_refused(conv(Attribute::list("pads", {1 << 20, 1 << 20, 1 << 20, 1 << 20})),
                 ErrorCode::kTooLarge, "padded input");
  expect_unsupported(conv(Attribute::list("dilations", {2, 2})), "dilations");
  expect_corrupt(conv(Attribute::list("kernel_shape", {5, 5})), "not that of the weights");
  expect_corrupt(conv(Attribute::text("auto_pad", "SOMEHOW")), "auto_pad");
  expect_corrupt(conv(Attribute::text("strides", "22")), "no list of integers");
  expect_corrupt(conv(Attribute::integer("group", 0)), "groups");
  expect_corrupt(conv(Attribute::integer("group", 2)), "groups");
  expect_corrupt(conv(Attribute::integer("group", INT64_MIN)), "groups");
  expect_unsupported(conv(Attribute::integer("surprise", 1)), "'surprise' is not supported");
  const auto pool = [](const std::vector<Attribute>& attributes) {
    return one_node("MaxPool", {"x"}, attributes);
  };
  expect_corrupt(pool({}), "lacks kernel_shape");
  expect_corrupt(pool({Attribute::list("kernel_shape", {5, 5})}), "larger than its padded input");
  expect_corrupt(pool({Attribute::list("kernel_shape", {0, 1})}), "kernel_shape has 0");
  expect_corrupt(
      pool({Attribute::list("kernel_shape", {2, 2}), Attribute::list("pads", {2, 0, 0, 0})}),
      "as large as the kernel");
  expect_unsupported(pool({Attribute::list("kernel_shape", {3, 3}),
                           Attribute::list("strides", {2, 2}), Attribute::integer("ceil_mode", 1)}),
                     "ceil_mode");
}

TEST(HostileModelTest, ShapesThatDoNotFit) {
  GraphWriter g;
  g.input("x", {-1, 3}).output("y").filled("w", {4, 2}, 1).node("MatMul", {"x", "w"}, "y");
  expect_corrupt(test::file(g), "don't fit");
  expect_unsupported(one_node("Conv", {"w", "x"}), "is the constant 'w'");
  expect_unsupported(one_node("MatMul", {"x", "x"}), "comes from the model's input");
  expect_corrupt(one_node("Gemm", {"x", "w"}), "two matrices");
  expect_unsupported(one_node("Add", {"x", "w"}), "dims that spread");
  expect_corrupt(one_node("Softmax", {"x"}, {Attribute::integer("axis", 4)}), "axis 4 is outside");
  expect_unsupported(one_node("Softmax", {"x"}, {Attribute::integer("axis", 0)}), "the batch");
  expect_unsupported(one_node("Flatten", {"x"}, {Attribute::integer("axis", 0)}), "mixes samples");
  expect_unsupported(one_node("Flatten", {"x"}, {Attribute::integer("axis", 3)}), "mixes samples");
  expect_corrupt(one_node("Flatten", {"x"}, {Attribute::integer("axis", INT64_MIN)}), "outside");
  expect_unsupported(one_node("Transpose", {"x"}), "moves the batch");
  expect_corrupt(one_node("Transpose", {"x"}, {Attribute::list("perm", {0, 1, 1, 2})}), "no order");
  expect_corrupt(one_node("Transpose", {"x"}, {Attribute::list("perm", {0, 9, 1, 2})}), "no order");
  expect_corrupt(one_node("Transpose", {"w"}, {Attribute::list("perm", {0, -1, 1, 2})}),
                 "no order");
}

TEST(HostileModelTest, Reshapes) {
  const auto to = [](const std::vector<std::int64_t>& shape) {
    GraphWriter g;
    g.input("x", {-1, 1, 4, 4}).output("y").integers("s", shape);
    return test::file(g.node("Reshape", {"x", "s"}, "y"));
  };
  expect_corrupt(to({-1, 5}), "doesn't fit");
  expect_corrupt(to({-1, -1}), "two -1");
  expect_corrupt(to({0, -1, -1}), "doesn't fit");
  expect_corrupt(to({0, -2}), "doesn't fit");
  expect_corrupt(to({0, INT64_MAX, INT64_MAX}), "doesn't fit");
  expect_corrupt(to({0, 16, 1, 1, 1, 0}), "isn't there");
  expect_unsupported(to({2, 8}), "mixes samples");
  EXPECT_TRUE(Model::load(bytes_of(to({-1, 16}))));
  EXPECT_TRUE(Model::load(bytes_of(to({1, -1}))));
}

// Nine weights of 4 bits, and their scales.
TEST(HostileModelTest, QuantizedWeights) {
  const auto with = [](std::size_t bytes, const std::vector<std::int64_t>& scales,
                       std::int64_t axis, int zero_type = 22) {
    GraphWriter g;
    g.input("x", {-1, 3}).output("y");
    g.initializer(test::tensor("q", {3, 3}, 22, std::string(bytes, '\x7f')));
    g.filled("s", scales, 0.5F);
    g.initializer(test::tensor("z", scales, zero_type, std::string(zero_type == 22 ? 2 : 3, '\0')));
    g.node("DequantizeLinear", {"q", "s", "z"}, "w", {Attribute::integer("axis", axis)});
    return test::file(g.node("MatMul", {"x", "w"}, "y").bytes(), 21);
  };
  EXPECT_TRUE(Model::load(bytes_of(with(5, {3}, 0))));
  EXPECT_TRUE(Model::load(bytes_of(with(5, {3}, -1))));
  expect_corrupt(with(4, {3}, 0), "'q'");
  expect_corrupt(with(6, {3}, 0), "'q'");
  expect_corrupt(with(0, {3}, 0), "'q'");
  expect_corrupt(with(5, {3}, 2), "axis 2 is outside");
  expect_corrupt(with(5, {3}, -3), "axis -3 is outside");
  expect_unsupported(with(5, {4}, 0), "a scale of dims [4]");
  expect_unsupported(with(5, {3, 3}, 0), "a scale of dims [3, 3]");
  expect_corrupt(with(5, {3}, 0, 3), "zero point");
  GraphWriter raw;
  raw.input("x", {-1, 3}).output("y");
  raw.initializer(test::tensor("q", {3, 3}, 22, std::string(5, '\x7f')));
  expect_unsupported(test::file(raw.node("MatMul", {"x", "q"}, "y")), "int4");
}

TEST(HostileModelTest, TrainingIsRefused) {
  GraphWriter g;
  g.input("x", {-1, 2}).output("y").filled("one", {2}, 1);
  g.node("BatchNormalization", {"x", "one", "one", "one", "one"}, "y",
         {Attribute::integer("training_mode", 1)});
  expect_unsupported(test::file(g), "training_mode");
  GraphWriter negative;
  negative.input("x", {-1, 2}).output("y").filled("one", {2}, 1).filled("minus", {2}, -1);
  negative.node("BatchNormalization", {"x", "one", "one", "one", "minus"}, "y");
  expect_corrupt(test::file(negative), "variance");
}

TEST(HostileModelTest, Limits) {
  GraphWriter g;
  g.input("x", {-1, 1, 64, 64})
      .output("v9")
      .filled("w", {8, 8, 3, 3}, 0)
      .filled("w0", {8, 1, 3, 3}, 0);
  g.node("Conv", {"x", "w0"}, "v0");
  for (int i = 0; i < 9; ++i) {
    g.node("Conv", {test::numbered("v", i), "w"}, test::numbered("v", i + 1),
           {Attribute::text("auto_pad", "SAME_UPPER")});
  }
  const std::string file = test::file(g);
  ASSERT_TRUE(Model::load(bytes_of(file)));
  expect_refused(file, ErrorCode::kTooLarge, "max_file_bytes", {.max_file_bytes = file.size() - 1});
  expect_refused(file, ErrorCode::kTooLarge, "max_nodes", {.max_nodes = 9});
  expect_refused(file, ErrorCode::kTooLarge, "max_tensor_elements", {.max_tensor_elements = 4095});
  expect_refused(file, ErrorCode::kTooLarge, "max_multiply_adds", {.max_multiply_adds = 1'000'000});
}

// Millions of empty messages are small in the file and large as structs.
TEST(HostileModelTest, PartsAreCounted) {
  const auto many = [](protozero::pbf_tag_type field) {
    std::string graph;
    for (int i = 0; i < 1000; ++i) test::pbf_writer(graph).add_message(field, std::string());
    return graph;
  };
  const LoadLimits few = {.max_nodes = 10};
  for (const protozero::pbf_tag_type field : {5, 11, 12}) {  // initializer, input, output
    expect_refused(test::file(many(field)), ErrorCode::kTooLarge, "too many parts", few);
  }
  std::string in_node;
  for (const protozero::pbf_tag_type field : {1, 2, 5}) {  // input, output, attribute
    in_node.clear();
    test::pbf_writer(in_node).add_message(1, many(field));
    expect_refused(test::file(in_node), ErrorCode::kTooLarge, "too many parts", few);
  }
  std::vector<std::pair<std::string, std::string>> entries;
  for (int i = 0; i < 1000; ++i) entries.emplace_back(std::to_string(i), "");
  expect_refused(test::file("", 17, entries), ErrorCode::kTooLarge, "too many parts", few);
}

TEST(HostileModelTest, NumbersOutsideRawDataAreCounted) {
  const std::vector<std::int64_t> many(1000, 1);
  expect_refused(one_node("Conv", {"x", "w"}, {Attribute::list("strides", many)}),
                 ErrorCode::kTooLarge, "too many numbers", {.max_tensor_elements = 500});
}

// A small file must not unpack into much memory: one weight, packed by a thousand nodes.
TEST(HostileModelTest, OneWeightUsedOftenIsCounted) {
  GraphWriter g;
  g.input("x", {-1, 1000}).output("v1000").filled("w", {1000, 1000}, 0);
  for (int i = 0; i < 1000; ++i) {
    g.node("MatMul", {i == 0 ? "x" : test::numbered("v", i), "w"}, test::numbered("v", i + 1));
  }
  expect_refused(test::file(g), ErrorCode::kTooLarge, "max_weights");
}

// Weights of one output for each of many groups would be padded to sixteen times their size.
TEST(HostileModelTest, PaddingOfGroupsIsCounted) {
  GraphWriter g;
  g.input("x", {-1, 1 << 15, 2, 2}).output("y").filled("w", {1 << 14, 2, 2, 2}, 0);
  for (int i = 0; i < 200; ++i) {
    g.node("Conv", {"x", "w"}, i == 199 ? "y" : test::numbered("u", i),
           {Attribute::integer("group", 1 << 14)});
  }
  expect_refused(test::file(g), ErrorCode::kTooLarge, "max_weights");
}

}  // namespace
}  // namespace longhand::nn
