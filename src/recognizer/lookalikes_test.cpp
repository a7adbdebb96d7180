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
