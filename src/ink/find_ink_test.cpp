// What each step of "ink-2" does that the plain search doesn't, on synthetic paper.

#include "ink/find_ink.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace longhand::ink {
namespace {

constexpr int kSide = 96;

// A 7 from (36, 24) to (60, 72), strokes five pixels thick: `ink` on paper of `level(x, y)`.
template <typename Level>
Raster seven(const Level& level, double ink_share) {
  Raster raster{GreyImage(kSide, kSide), {}};
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const bool bar = y >= 24 && y < 29 && x >= 36 && x < 60;
      const int stem = 58 - (y - 24) / 3;
      const bool inked = bar || (y >= 24 && y < 72 && x >= stem - 3 && x < stem + 2);
      const double grey = level(x, y) * (inked ? ink_share : 1);
      raster.grey.at(x, y) = static_cast<std::uint8_t>(std::clamp(grey, 0.0, 255.0));
    }
  }
  return raster;
}

bool found(const Raster& raster, const InkSteps& steps) {
  const auto patch = find_ink(raster, steps);
  if (!patch) return false;
  const Box& box = patch->box;
  return std::abs(box.x - 36) <= 3 && std::abs(box.y - 24) <= 3 && std::abs(box.w - 24) <= 5 &&
         std::abs(box.h - 48) <= 5;
}

// An even noise of amplitude `most`, by a small congruential generator.
double noise(int x, int y, double most) {
  std::uint32_t z = static_cast<std::uint32_t>(y * kSide + x) * 2654435761U + 12345U;
  z ^= z >> 15, z *= 2246822519U, z ^= z >> 13;
  return (static_cast<double>(z % 2001U) / 1000 - 1) * most;
}

TEST(FindInk, FindsItOnPlainPaperEitherWay) {
  for (const InkSteps& steps : {InkSteps::ink1(), InkSteps::ink2()}) {
    EXPECT_TRUE(found(seven([](int, int) { return 220.0; }, 0.2), steps));
    EXPECT_TRUE(found(seven([](int, int) { return 40.0; }, 5), steps));
  }
}

TEST(FindInk, LeavesOutAScannersBed) {
  const auto scan = [](int x, int y) { return x < 9 || y >= 90 ? 4.0 : 210 + noise(x, y, 3); };
  const Raster raster = seven(scan, 0.3);
  EXPECT_FALSE(found(raster, InkSteps::ink1()));
  EXPECT_TRUE(found(raster, InkSteps::ink2()));
}

TEST(FindInk, ReadsOnAcrossADarkBar) {
  const Raster clean = seven([](int, int) { return 220.0; }, 0.2);
  Raster barred = clean;
  for (int y = 50; y < 80; ++y) {
    for (int x = 0; x < kSide; ++x)
      barred.grey.at(x, y) = static_cast<std::uint8_t>(220 + 44 - barred.grey.at(x, y));
  }
  InkSteps without = InkSteps::ink2();
  without.paper.bands = false;
  EXPECT_FALSE(found(barred, without));
  EXPECT_TRUE(found(barred, InkSteps::ink2()));
  EXPECT_EQ(normalize(barred, Normalization::kInk2)->image,
            normalize(clean, Normalization::kInk2)->image);
}

TEST(FindInk, FollowsAShadowWithAnEdge) {
  const auto shaded = [](int x, int y) { return (x < 47 ? 120.0 : 215.0) + noise(x, y, 3); };
  const Raster raster = seven(shaded, 0.6);
  InkSteps without = InkSteps::ink2();
  without.paper.local = false;
  EXPECT_FALSE(found(raster, without));
  EXPECT_TRUE(found(raster, InkSteps::ink2()));
  // Light writing on a dark board, half of it in the sun.
  const auto board = [](int x, int y) { return (x < 50 ? 30.0 : 70.0) + noise(x, y, 3); };
  EXPECT_TRUE(found(seven(board, 3), InkSteps::ink2()));
}

// Empty paper that darkens towards a side or the corners: no stroke runs along its rim.
TEST(FindInk, FindsNothingOnEmptyPaperInUnevenLight) {
  for (const double across : {-70, 40}) {
    for (const double down : {-45, 0, 60}) {
      const auto lit = [&](int x, int y) {
        const double u = static_cast<double>(x) / kSide - 0.5;
        const double v = static_cast<double>(y) / kSide - 0.5;
        return 190 + across * u + down * v - 60 * (u * u + v * v) + noise(x, y, 4);
      };
      EXPECT_FALSE(find_ink(seven(lit, 1), InkSteps::ink2())) << across << ' ' << down;
    }
  }
}

TEST(FindInk, LeavesOutWhatComesInOverTheRim) {
  const auto finger = [](int x, int y) {
    const int d = (x - 20) * (x - 20) + (y - kSide) * (y - kSide);
    return (d < 14 * 14 ? 90.0 : 215.0) + noise(x, y, 3);
  };
  const Raster raster = seven(finger, 0.3);
  InkSteps without = InkSteps::ink2();
  without.rim = false;
  EXPECT_FALSE(found(raster, without));
  EXPECT_TRUE(found(raster, InkSteps::ink2()));
}

TEST(FindInk, LeavesOutRuledLines) {
  const auto ruled = [](int x, int y) { return y % 20 == 7 ? 130.0 : 215 + noise(x, y, 3); };
  const Raster raster = seven(ruled, 0.3);
  InkSteps without = InkSteps::ink2();
  without.lines = false;
  EXPECT_FALSE(found(raster, without));
  EXPECT_TRUE(found(raster, InkSteps::ink2()));
}

// Writing that fills the picture touches its rim and stays.
TEST(FindInk, KeepsWritingThatTouchesTheRim) {
  Raster raster{GreyImage(40, 40, 230), {}};
  for (int i = 0; i < 40; ++i) {
    for (int t = 0; t < 4; ++t) raster.grey.at(i, t) = raster.grey.at(34 + t, i) = 30;
  }
  const auto patch = find_ink(raster, InkSteps::ink2());
  ASSERT_TRUE(patch);
  EXPECT_EQ(patch->box, (Box{0, 0, 40, 40}));
}

// An E that fills the picture, its middle bar apart from the rest: ink takes most of the rim, and
// what touches the rim is the most of the letter.
TEST(FindInk, KeepsWritingThatTouchesTheRimBesideAPartThatDoesNot) {
  Raster raster{GreyImage(40, 40, 0), {}};
  for (int t = 0; t < 4; ++t) {
    for (int i = 2; i < 38; ++i) raster.grey.at(t, i) = 255;
    for (int i = 2; i < 36; ++i) raster.grey.at(i, t) = raster.grey.at(i, 36 + t) = 255;
    for (int i = 10; i < 30; ++i) raster.grey.at(i, 18 + t) = 255;
  }
  const auto patch = find_ink(raster, InkSteps::ink2());
  ASSERT_TRUE(patch);
  EXPECT_EQ(patch->box, (Box{0, 0, 36, 40}));
}

// A ring of eight rows, as small as its picture: no surface could tell its paper from its ink.
TEST(FindInk, FindsWhatFillsATinyPicture) {
  const std::vector<std::uint8_t> pixels = {0,   4,   117, 214, 181, 151, 38,  0,    //
                                            5,   169, 253, 253, 253, 253, 225, 20,   //
                                            63,  253, 252, 190, 17,  32,  188, 201,  //
                                            195, 253, 81,  0,   0,   0,   181, 195,  //
                                            253, 231, 3,   18,  56,  147, 249, 114,  //
                                            229, 248, 201, 253, 253, 253, 130, 0,    //
                                            85,  188, 221, 211, 151, 49,  3,   0,    //
                                            0,   0,   0,   0,   0,   0,   0,   0};
  for (const int inverted : {0, 255}) {
    Raster raster{GreyImage(8, 8), {}};
    for (std::size_t i = 0; i < pixels.size(); ++i)
      raster.grey.pixels[i] = static_cast<std::uint8_t>(std::abs(inverted - pixels[i]));
    const auto patch = find_ink(raster, InkSteps::ink2());
    ASSERT_TRUE(patch) << inverted;
    EXPECT_GE(patch->box.w, 7) << inverted;
    EXPECT_GE(patch->box.h, 6) << inverted;
  }
}

TEST(FindInk, TakesPicturesOfAnyShape) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, {1, 600}, {600, 1}, {2, 3}, {5, 40}, {700, 9}}) {
    Raster raster{GreyImage(width, height, 200), {}};
    for (std::size_t i = 0; i < raster.grey.pixels.size(); i += 3) raster.grey.pixels[i] = 20;
    for (std::size_t i = 0; i < raster.grey.pixels.size(); i += 7) raster.grey.pixels[i] = 120;
    (void)find_ink(raster, InkSteps::ink2());
  }
}

}  // namespace
}  // namespace longhand::ink
