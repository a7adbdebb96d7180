#include "training/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace longhand::training {
namespace {

using testing::HasSubstr;

Layer layer(const char* text) {
  auto parsed = parse_layer(text);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return *parsed;
}

Layer residual(std::vector<Layer> body) {
  Layer result;
  result.kind = LayerKind::kResidual;
  result.text = "[...]";
  result.body = std::move(body);
  return result;
}

TEST(Layers, PadsSoThatASizeIsKept) {
  EXPECT_EQ(layer("conv 8 kernel=5").pad, 2);
  EXPECT_EQ(layer("conv 8 kernel=5 pad=0").pad, 0);
  EXPECT_EQ(layer("maxpool 2").stride, 2);
  EXPECT_EQ(layer("maxpool 3 stride=1").stride, 1);
  EXPECT_FALSE(layer("linear 3 bias=false").bias);
  EXPECT_DOUBLE_EQ(layer("dropout 0.25").rate, 0.25);
}

TEST(Layers, RefusesWhatItDoesNotKnow) {
  for (const char* text :
       {"", "conv", "conv x", "conv 0", "conv 4 kernel", "conv 4 kernel=", "conv 4 4",
        "conv 4 size=3", "conv 4 kernel=3 kernel=3", "relu 3", "dropout 1", "dropout nan",
        "conv 4 bias=maybe", "conv 99999999999999999999"}) {
    EXPECT_FALSE(parse_layer(text)) << text;
  }
}

TEST(Layers, CountsShapesParametersAndWork) {
  const auto network = plan_network({layer("conv 6 kernel=3 stride=2"), layer("bn"), layer("relu"),
                                     residual({layer("conv 6 kernel=3 groups=2 bias=false")}),
                                     layer("avgpool 2"), layer("flatten"), layer("linear 10")},
                                    {1, 9, 9}, 10);
  ASSERT_TRUE(network) << network.error().message;
  EXPECT_EQ(network->decayed, 6 * 9 + 6 * 3 * 9 + 10 * 24);
  EXPECT_EQ(network->plain, 6 + 12 + 10);
  EXPECT_EQ(network->statistics, 12);
  EXPECT_EQ(network->multiply_adds, 25 * 6 * 9 + 25 * 6 * 3 * 9 + 240);
}

TEST(Layers, NamesTheLayerThatDoesNotFit) {
  const auto fault = [](std::vector<Layer> layers) {
    const auto network = plan_network(std::move(layers), {1, 8, 8}, 10);
    return network ? std::string("no error") : network.error().message;
  };
  EXPECT_THAT(fault({layer("conv 4 kernel=9 pad=0")}), HasSubstr("'conv 4 kernel=9 pad=0'"));
  EXPECT_THAT(fault({layer("conv 4 groups=2")}), HasSubstr("groups"));
  EXPECT_THAT(fault({layer("linear 10")}), HasSubstr("flatten"));
  EXPECT_THAT(fault({residual({layer("conv 2")})}), HasSubstr("shape"));
  EXPECT_THAT(fault({layer("flatten"), layer("linear 9")}), HasSubstr("the alphabet needs 10"));
  EXPECT_THAT(
      fault({layer("flatten"), layer("linear 65536"), layer("linear 65536"), layer("linear 10")}),
      HasSubstr("100 million"));
}

}  // namespace
}  // namespace longhand::training
