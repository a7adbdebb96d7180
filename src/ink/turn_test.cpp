#include "ink/turn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>

#include "ink/text_lines.h"

namespace longhand::ink {
namespace {

// Bars in a row that falls by `slope`, black on white.
Raster bars(float slope) {
  Raster raster{GreyImage(260, 200, 255), {}};
  for (int bar = 0; bar < 5; ++bar) {
    const int left = 30 + 40 * bar;
    const int top = 60 + static_cast<int>(slope * static_cast<float>(left));
    for (int y = top; y < top + 40; ++y) {
      for (int x = left; x < left + 10; ++x) raster.grey.at(x, y) = 0;
    }
  }
  return raster;
}

std::vector<Box> boxes_of(const Layout& sheet) {
  std::vector<Box> boxes;
  for (const Component& component : sheet.components) boxes.push_back(sheet.box_of(component));
  return boxes;
}

TEST(Turn, BringsLinesLevelAndBoxesBack) {
  for (const float slope : {-0.3F, 0.0F, 0.25F}) {
    const auto sheet = lay_out(bars(slope));
    ASSERT_TRUE(sheet);
    EXPECT_NEAR(line_slope(boxes_of(*sheet)), slope, 0.02);
    const Turn turn = Turn::levelling(slope);
    const Layout level = turned(*sheet, turn);
    ASSERT_EQ(level.components.size(), 5U);
    EXPECT_NEAR(line_slope(boxes_of(level)), 0, 0.02);
    EXPECT_EQ(level.step, sheet->step);
    for (const Component& component : level.components) {
      const Box box = turn.back(level.box_of(component));
      const auto same = [&](const Component& c) {
        const Box was = sheet->box_of(c);
        return std::abs(was.x + was.w / 2 - box.x - box.w / 2) < 2 &&
               std::abs(was.y + was.h / 2 - box.y - box.h / 2) < 2;
      };
      EXPECT_EQ(std::count_if(sheet->components.begin(), sheet->components.end(), same), 1);
    }
  }
}

TEST(Turn, NoTurnChangesNothing) {
  const auto sheet = lay_out(bars(0.1F));
  ASSERT_TRUE(sheet);
  const Layout same = turned(*sheet, Turn::levelling(0));
  ASSERT_EQ(same.components.size(), sheet->components.size());
  for (std::size_t i = 0; i < same.components.size(); ++i) {
    EXPECT_EQ(same.components[i].area, sheet->components[i].area);
    EXPECT_EQ(same.box_of(same.components[i]), sheet->box_of(sheet->components[i]));
  }
}

TEST(Turn, TurnsStrokesAndKeepsTheRest) {
  Strokes strokes;
  strokes.strokes = {{{0, 0, 5, 0.5F}, {100, 20, 6, 0.25F}}, {}};
  const Strokes level = turned(strokes, Turn::levelling(0.2F));
  ASSERT_EQ(level.strokes.size(), 2U);
  EXPECT_NEAR(level.strokes[0][1].y, 0, 1e-4);
  EXPECT_NEAR(level.strokes[0][1].x, std::hypot(100, 20), 1e-3);
  EXPECT_EQ(level.strokes[0][1].t, 6);
  EXPECT_EQ(level.strokes[0][1].pressure, 0.25F);
}

// A line so long that its turned sheet would be mostly paper and vast.
TEST(Turn, RefusesWhatWouldTakeTooMuch) {
  Layout sheet;
  sheet.inked = 0.5F, sheet.height = 40;
  sheet.coverage = Plane(8000, 40, 1);
  sheet.components = label_components(sheet.coverage, sheet.inked, sheet.labels);
  EXPECT_TRUE(turned(sheet, Turn::levelling(0.5F)).components.empty());
  EXPECT_TRUE(turned(Layout(), Turn::levelling(0.5F)).components.empty());
}

}  // namespace
}  // namespace longhand::ink
