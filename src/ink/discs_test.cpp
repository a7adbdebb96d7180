#include "ink/discs.h"

#include <gtest/gtest.h>

namespace longhand::ink {
namespace {

void fill(Plane& plane, int x0, int y0, int x1, int y1) {
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) plane.at(x, y) = 1;
  }
}

void fill_disc(Plane& plane, int x0, int y0, int radius) {
  for (int y = y0 - radius; y <= y0 + radius; ++y) {
    for (int x = x0 - radius; x <= x0 + radius; ++x) {
      if ((x - x0) * (x - x0) + (y - y0) * (y - y0) <= radius * radius) plane.at(x, y) = 1;
    }
  }
}

// A 4 of strokes of that width, 60 places high, in the middle of 200 x 100.
Plane writing(int pen) {
  Plane plane(200, 100);
  fill(plane, 100, 20, 100 + pen, 60);
  fill(plane, 100, 60, 140, 60 + pen);
  fill(plane, 125, 40, 125 + pen, 80);
  return plane;
}

std::vector<bool> found(const Plane& plane) {
  Grid<int> labels;
  const auto components = label_components(plane, 0.5F, labels);
  return discs_among(components, labels);
}

TEST(Discs, AreHolesBesideTheWriting) {
  Plane page = writing(5);
  fill_disc(page, 15, 12, 10);
  fill_disc(page, 15, 85, 10);
  EXPECT_EQ(found(page), (std::vector<bool>{true, false, true}));
}

TEST(Discs, AreNoDotsAndNoStrokes) {
  Plane dotted = writing(5);
  fill_disc(dotted, 160, 76, 4);
  EXPECT_EQ(found(dotted), (std::vector<bool>{false, false}));
  // A broad pen that skipped: its pieces are as broad as they are long.
  Plane broken = writing(12);
  fill(broken, 160, 20, 172, 32);
  fill(broken, 160, 40, 174, 54);
  EXPECT_EQ(found(broken), (std::vector<bool>{false, false, false}));
}

TEST(Discs, AreNoDotsOfAnI) {
  Plane i(60, 100);
  fill(i, 28, 40, 32, 90);
  fill_disc(i, 34, 22, 7);
  EXPECT_EQ(found(i), (std::vector<bool>{false, false}));
}

TEST(Discs, NeedSomethingLargerBesideThem) {
  Plane alone(100, 100);
  fill_disc(alone, 50, 50, 20);
  EXPECT_EQ(found(alone), std::vector<bool>{false});
  EXPECT_TRUE(found(Plane(20, 20)).empty());
}

}  // namespace
}  // namespace longhand::ink
