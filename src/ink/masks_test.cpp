#include "ink/masks.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace longhand::ink {
namespace {

Mask dot() {
  Mask mask(81, 81);
  mask.at(40, 40) = 1;
  return mask;
}

TEST(Masks, GrowRoundAndAsFarAsAsked) {
  const Mask near = grown(dot(), 3);
  EXPECT_TRUE(near.at(43, 40) && near.at(40, 37) && near.at(42, 42));
  EXPECT_FALSE(near.at(44, 40) || near.at(43, 43));
  const Mask far = grown(dot(), 30);  // farther than distances are told
  EXPECT_TRUE(far.at(70, 40) && far.at(40, 10));
  EXPECT_FALSE(far.at(71, 40) || far.at(65, 65));
}

TEST(Masks, ShrinkToWhatTheyWere) {
  const Mask back = shrunk(grown(dot(), 9), 8.5F);
  EXPECT_TRUE(back.at(40, 40));
  EXPECT_FALSE(back.at(42, 40) || back.at(40, 38));
  EXPECT_EQ(shrunk(dot(), 1).at(40, 40), 0);
}

TEST(Masks, TurnedHaveXAndYExchanged) {
  Mask mask(9, 4);
  mask.at(7, 1) = mask.at(8, 3) = mask.at(0, 0) = 1;
  const Mask other = turned(mask);
  EXPECT_TRUE(other.width == 4 && other.height == 9);
  EXPECT_TRUE(other.at(1, 7) && other.at(3, 8) && other.at(0, 0));
  EXPECT_EQ(std::count(other.values.begin(), other.values.end(), 1), 3);
  EXPECT_EQ(turned(other).values, mask.values);
}

TEST(Masks, ComplementTwiceIsTheSame) {
  EXPECT_EQ(complement(dot()).at(40, 40), 0);
  EXPECT_EQ(complement(complement(dot())).values, dot().values);
  EXPECT_TRUE(grown(Mask(), 2).values.empty());
}

}  // namespace
}  // namespace longhand::ink
