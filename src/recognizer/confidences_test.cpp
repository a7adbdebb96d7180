#include "recognizer/confidences.h"

#include <gtest/gtest.h>
#include <cmath>
#include <limits>
#include <vector>

namespace longhand::recognizer {
namespace {

TEST(Softmax, DividesByTheTemperatureAndSurvivesLargeLogits) {
  const std::vector<float> logits = {1000, 998, -1000};
  std::vector<float> out(3);
  softmax(logits, 2, out);
  EXPECT_NEAR(out[0], 1 / (1 + std::exp(-1.0)), 1e-6);
  EXPECT_NEAR(out[1], std::exp(-1.0) / (1 + std::exp(-1.0)), 1e-6);
  EXPECT_EQ(out[2], 0);
}

TEST(Confidences, AreOfTheTemperatureAndLookalikesNearer) {
  const std::vector<float> logits = {4, 2, 0};
  std::vector<float> plain(3), out(3);
  softmax(logits, 2, plain);
  Confidences({"O", "o", "A"}, 2, 1).of(logits, out);
  EXPECT_EQ(out, plain);
  Confidences({"O", "o", "A"}, 2, 2).of(logits, out);
  EXPECT_NEAR(out[0] / out[1], std::sqrt(plain[0] / plain[1]), 1e-5);
  EXPECT_NEAR(out[0] + out[1], plain[0] + plain[1], 1e-6);
  EXPECT_NEAR(out[2], plain[2], 1e-6);
}

TEST(Confidences, OfAShapeIsWhatItsCharactersHave) {
  const Confidences confidences({"O", "o", "A"}, 1, 2);
  EXPECT_NEAR(confidences.of_shape(std::vector<float>{0.3F, 0.25F, 0.45F}), 0.55F, 1e-6F);
  EXPECT_NEAR(confidences.of_shape(std::vector<float>{0.2F, 0.1F, 0.7F}), 0.7F, 1e-6F);
}

TEST(Confidences, OfWhatIsNoNumberAreNone) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> logits = {nan, 2, nan};
  std::vector<float> out(3);
  Confidences({"O", "o", "A"}, 1, 2).of(logits, out);
  EXPECT_EQ(out, (std::vector<float>{0, 0, 0}));
}

}  // namespace
}  // namespace longhand::recognizer
