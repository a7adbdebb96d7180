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

}  // namespace
}  // namespace longhand::ink
