#include "ink/quarter_turn.h"

#include <gtest/gtest.h>

namespace longhand::ink {
namespace {

// 3 x 2: a b c over d e f.
Raster letters() {
  Raster raster{GreyImage(3, 2), GreyImage(3, 2)};
  raster.grey.pixels = {'a', 'b', 'c', 'd', 'e', 'f'};
  raster.alpha.pixels = {1, 2, 3, 4, 5, 6};
  return raster;
}

TEST(QuarterTurn, IsClockwise) {
  const Raster once = quarter_turned(letters(), 1);
  EXPECT_EQ(once.grey.width, 2);
  EXPECT_EQ(once.grey.pixels, (std::vector<std::uint8_t>{'d', 'a', 'e', 'b', 'f', 'c'}));
  EXPECT_EQ(once.alpha.pixels, (std::vector<std::uint8_t>{4, 1, 5, 2, 6, 3}));
  const Raster twice = quarter_turned(letters(), 2);
  EXPECT_EQ(twice.grey.pixels, (std::vector<std::uint8_t>{'f', 'e', 'd', 'c', 'b', 'a'}));
  EXPECT_EQ(quarter_turned(once, 3).grey, letters().grey);
  EXPECT_TRUE(quarter_turned(Raster{letters().grey, {}}, 1).alpha.empty());
}

TEST(QuarterTurn, ABoxComesBackToWhereItWas) {
  const Raster raster = letters();
  for (int quarters = 0; quarters < 4; ++quarters) {
    const Raster turned = quarter_turned(raster, quarters);
    for (int y = 0; y < turned.grey.height; ++y) {
      for (int x = 0; x < turned.grey.width; ++x) {
        const Box box = before_quarter_turn({static_cast<float>(x), static_cast<float>(y), 1, 1},
                                            quarters, raster.grey.width, raster.grey.height);
        EXPECT_EQ(raster.grey.at(static_cast<int>(box.x), static_cast<int>(box.y)),
                  turned.grey.at(x, y));
        EXPECT_EQ(box.w, 1);
        EXPECT_EQ(box.h, 1);
      }
    }
  }
  EXPECT_EQ(before_quarter_turn({10, 20, 5, 8}, 1, 100, 60), (Box{20, 45, 8, 5}));
}

}  // namespace
}  // namespace longhand::ink
