#include "recognizer/lookalikes.h"

#include <gtest/gtest.h>

namespace longhand::recognizer {
namespace {

TEST(Lookalikes, CountTogether) {
  const Lookalikes lookalikes({"O", "o", "0", "C", "1", "é"});
  const std::vector<float> round = {0.4F, 0.3F, 0.2F, 0.05F, 0.03F, 0.02F};
  EXPECT_NEAR(lookalikes.top(round), 0.9, 1e-6);
  const std::vector<float> other = {0.1F, 0.1F, 0.1F, 0.1F, 0.1F, 0.5F};
  EXPECT_NEAR(lookalikes.top(other), 0.5, 1e-6);
}

TEST(Lookalikes, TemperedTheyAreNearerToEachOtherAndToNothingElse) {
  const Lookalikes lookalikes({"O", "o", "0", "C", "1", "é"});
  std::vector<float> shares = {0.64F, 0.16F, 0, 0.1F, 0.06F, 0.04F};
  lookalikes.temper(2, shares);  // 0.8 and 0.4 of the square roots
  EXPECT_NEAR(shares[0], 0.8 * 2 / 3, 1e-6);
  EXPECT_NEAR(shares[1], 0.8 / 3, 1e-6);
  EXPECT_EQ(shares[2], 0);
  EXPECT_NEAR(shares[3], 0.1, 1e-6);
  EXPECT_NEAR(shares[5], 0.04, 1e-6);
}

TEST(Lookalikes, TemperedTheLikeliestStaysSo) {
  const Lookalikes lookalikes({"O", "o", "C", "1", "é"});
  std::vector<float> shares = {0.35F, 0.1F, 0.02F, 0.2F, 0.33F};  // tempered: 0.29 and 0.16
  lookalikes.temper(2, shares);
  EXPECT_GT(shares[0], shares[4]);
  EXPECT_NEAR(shares[0], 0.33, 1e-3);
  EXPECT_NEAR(shares[0] + shares[1], 0.45, 1e-6);
  EXPECT_EQ(shares[4], 0.33F);
}

TEST(Lookalikes, ThatHaveNothingStaySo) {
  const Lookalikes lookalikes({"O", "o", "1"});
  std::vector<float> shares = {0, 0, 0};
  lookalikes.temper(3, shares);
  EXPECT_EQ(shares, (std::vector<float>{0, 0, 0}));
}

TEST(Lookalikes, OfDigitsAreNone) {
  std::vector<std::string> digits;
  for (char c = '0'; c <= '9'; ++c) digits.emplace_back(1, c);
  const Lookalikes lookalikes(digits);
  std::vector<float> even(10, 0.09F);
  even[3] = 0.19F;
  EXPECT_NEAR(lookalikes.top(even), 0.19, 1e-6);
}

}  // namespace
}  // namespace longhand::recognizer
