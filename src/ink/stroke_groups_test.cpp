#include "ink/stroke_groups.h"

#include <gtest/gtest.h>

namespace longhand::ink {
namespace {

using Groups = std::vector<std::vector<std::size_t>>;

// A 4 in two strokes, at (x, y) and 100 high.
std::vector<Stroke> four(float x, float y) {
  return {{{x + 20, y}, {x, y + 60}, {x + 60, y + 60}}, {{x + 40, y + 35}, {x + 40, y + 100}}};
}

std::vector<Stroke> together(std::vector<Stroke> a, const std::vector<Stroke>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(StrokesThatMeet, AreTheTwoOfAFour) {
  EXPECT_EQ(strokes_that_meet({together(four(0, 0), four(90, 5))}), (Groups{{0, 1}, {2, 3}}));
}

TEST(StrokesThatMeet, NeedNotCross) {
  const Stroke body = {{10, 5}, {5, 50}, {45, 60}, {5, 98}};
  EXPECT_EQ(strokes_that_meet({{body, {{14, 3}, {50, 2}}}}), (Groups{{0, 1}})) << "a 5's bar";
  EXPECT_EQ(strokes_that_meet({{body, {{40, -25}, {60, -25}}}}), (Groups{{0}, {1}}));
}

TEST(StrokesThatMeet, OfTwoLinesAreTwoSigns) {
  const Stroke seven = {{0, 0}, {50, 0}, {20, 100}};
  const Stroke below = {{0, 98}, {50, 98}, {20, 200}};
  EXPECT_EQ(strokes_that_meet({{seven, below}}), (Groups{{0}, {1}}));
}

TEST(StrokesThatMeet, InAnyOrder) {
  const Stroke dot = {{300, 50}};
  const auto fours = together(four(0, 0), four(90, 5));
  EXPECT_EQ(strokes_that_meet({{fours[0], fours[2], {}, dot, fours[3], fours[1]}}),
            (Groups{{0, 5}, {1, 4}, {3}}));
  EXPECT_TRUE(strokes_that_meet({}).empty());
}

}  // namespace
}  // namespace longhand::ink
