#include "ink/text_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace longhand::ink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TextLines, NoBoxesNoLines) {
  EXPECT_THAT(find_lines({}), IsEmpty());
}

TEST(TextLines, TwoLinesInReadingOrder) {
  const std::vector<Box> boxes = {
      {60, 52, 12, 20}, {10, 10, 12, 20}, {10, 50, 12, 22}, {35, 12, 4, 19}};
  EXPECT_THAT(find_lines(boxes), ElementsAre(ElementsAre(1, 3), ElementsAre(2, 0)));
}

TEST(TextLines, SmallMarksBelongToTheNearestLine) {
  const std::vector<Box> boxes = {
      {10, 10, 12, 20}, {30, 19, 8, 2}, {45, 10, 12, 20}, {10, 50, 12, 20}, {26, 68, 3, 3}};
  EXPECT_THAT(find_lines(boxes), ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3, 4)));
}

TEST(TextLines, LinesAskewStayApart) {
  // Twenty glyphs a line fall by as much as three lines are high: rows of pixels would mix them.
  for (const float slope : {-0.12F, 0.12F}) {
    std::vector<Box> boxes;
    for (int line = 0; line < 4; ++line) {
      for (int i = 0; i < 20; ++i) {
        const float x = 24 * static_cast<float>(i);
        boxes.push_back({x, 100 + 32 * static_cast<float>(line) + slope * x, 14, 20});
      }
    }
    const auto lines = find_lines(boxes);
    ASSERT_EQ(lines.size(), 4U);
    for (std::size_t line = 0; line < 4; ++line) {
      ASSERT_EQ(lines[line].size(), 20U);
      for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(lines[line][i], 20 * line + i);
    }
  }
}

// A clip, a coin, a note in small letters: what is far below is no part of the number.
TEST(TextLines, WhatIsFarFromALineIsNoneOfIt) {
  std::vector<Box> boxes = {{10, 10, 40, 72}, {60, 12, 40, 70}, {110, 9, 40, 72}};
  const auto lines_with = [&](const Box& box) {
    std::vector<Box> all = boxes;
    all.push_back(box);
    return find_lines(all);
  };
  using Lines = std::vector<std::vector<std::size_t>>;
  EXPECT_EQ(lines_with({60, 270, 60, 22}), (Lines{{0, 1, 2}, {3}}));
  EXPECT_EQ(lines_with({155, 70, 10, 20}), (Lines{{0, 1, 2, 3}}));  // a comma
  EXPECT_EQ(lines_with({60, 270, 12, 10}), (Lines{{0, 3, 1, 2}}));  // a speck
  EXPECT_EQ(lines_with({10, 270, 200, 9}), (Lines{{0, 1, 3, 2}}));  // an edge
}

}  // namespace
}  // namespace longhand::ink
