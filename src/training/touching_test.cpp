#include "training/touching.h"

#include <gtest/gtest.h>

#include <array>

#include "ink/components.h"
#include "ink/plane.h"

namespace longhand::training {
namespace {

// An upright line, `height` pixels high, on paper of twice that.
ink::GreyImage upright(int height) {
  ink::GreyImage picture(2 * height, 2 * height);
  for (int y = height / 2; y < height / 2 + height; ++y) {
    for (int x = height; x < height + 3; ++x) picture.at(x, y) = 255;
  }
  return picture;
}

std::size_t components(const ink::GreyImage& picture) {
  ink::Plane plane(picture.width, picture.height);
  for (std::size_t i = 0; i < plane.values.size(); ++i) {
    plane.values[i] = static_cast<float>(picture.pixels[i]) / 255;
  }
  ink::Grid<int> labels;
  return label_components(plane, 96.0F / 255, labels).size();
}

int inked(const ink::GreyImage& picture) {
  int count = 0;
  for (const std::uint8_t pixel : picture.pixels) count += pixel >= 96 ? 1 : 0;
  return count;
}

TEST(Touching, CharactersShareInkAndKeepTheirOwn) {
  const ink::GreyImage small = upright(15), large = upright(40);
  const std::array<const ink::GreyImage*, 2> both = {&small, &large};
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CounterRandom random({seed});
    const ink::GreyImage pair = put_together(both, random);
    EXPECT_EQ(components(pair), 1U) << seed;
    CounterRandom alone({seed});
    const int one = inked(put_together(std::span(both).first(1), alone));
    EXPECT_GT(inked(pair), one) << seed;
  }
}

TEST(Touching, TheSameRandomNumbersMakeTheSamePicture) {
  const ink::GreyImage one = upright(20), two = upright(22), three = upright(24);
  const std::array<const ink::GreyImage*, 3> all = {&one, &two, &three};
  for (const auto& make : {put_together, put_together_wrongly}) {
    CounterRandom first({7}), second({7}), other({8});
    const ink::GreyImage picture = make(all, first);
    EXPECT_EQ(picture, make(all, second));
    EXPECT_NE(picture, make(all, other));
  }
}

// One, three and cut ones: never nothing, and of several sizes.
TEST(Touching, WrongOnesHaveInk) {
  const ink::GreyImage one = upright(20);
  const std::array<const ink::GreyImage*, 3> all = {&one, &one, &one};
  int least = 1'000'000, most = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CounterRandom random({seed});
    const int ink = inked(put_together_wrongly(all, random));
    least = std::min(least, ink), most = std::max(most, ink);
  }
  EXPECT_GT(least, 20);
  EXPECT_GT(most, 2 * least);
}

// A picture without ink is no reason to fail.
TEST(Touching, EmptyCharactersMakeAPicture) {
  const ink::GreyImage empty(28, 28);
  const std::array<const ink::GreyImage*, 3> all = {&empty, &empty, &empty};
  CounterRandom random({1});
  EXPECT_GT(put_together(all, random).width, 0);
  EXPECT_GT(put_together_wrongly(all, random).width, 0);
}

}  // namespace
}  // namespace longhand::training
