#include "ink/components.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

namespace longhand::ink {
namespace {

constexpr float kInked = 0.5F;

// What hangs together with a place, by walking from each to its neighbours.
void flood(const Plane& coverage, int x, int y, int label, Component& c, Grid<int>& labels) {
  if (x < 0 || y < 0 || x >= coverage.width || y >= coverage.height) return;
  if (coverage.at(x, y) < kInked || labels.at(x, y) != 0) return;
  labels.at(x, y) = label;
  c.x0 = std::min(c.x0, x), c.x1 = std::max(c.x1, x);
  c.y0 = std::min(c.y0, y), c.y1 = std::max(c.y1, y);
  ++c.area;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) flood(coverage, x + dx, y + dy, label, c, labels);
  }
}

// The sides of a label's places beside which is another or none.
int outline_of(const Grid<int>& labels, int label) {
  const auto is = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < labels.width && y < labels.height && labels.at(x, y) == label;
  };
  int sides = 0;
  for (int y = 0; y < labels.height; ++y) {
    for (int x = 0; x < labels.width; ++x) {
      if (!is(x, y)) continue;
      sides += !is(x - 1, y) + !is(x + 1, y) + !is(x, y - 1) + !is(x, y + 1);
    }
  }
  return sides;
}

TEST(Components, AreThoseThatAWalkFinds) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
    Plane coverage(1 + below(40), 1 + below(30));
    const int dense = 1 + below(9);
    for (float& v : coverage.values) v = below(10) < dense ? kInked : 0.25F;
    Grid<int> labels, walked(coverage.width, coverage.height);
    const std::vector<Component> found = label_components(coverage, kInked, labels);
    std::size_t count = 0;
    for (int y = 0; y < coverage.height; ++y) {
      for (int x = 0; x < coverage.width; ++x) {
        if (coverage.at(x, y) < kInked || walked.at(x, y) != 0) continue;
        Component c{0, x, y, x, y};
        const int label = static_cast<int>(++count);
        flood(coverage, x, y, label, c, walked);
        ASSERT_LE(count, found.size());
        const Component& same = found[count - 1];
        EXPECT_EQ(same.area, c.area);
        EXPECT_TRUE(same.x0 == c.x0 && same.x1 == c.x1 && same.y0 == c.y0 && same.y1 == c.y1);
        EXPECT_EQ(same.outline, outline_of(walked, label));
      }
    }
    EXPECT_EQ(count, found.size());
    EXPECT_EQ(labels.values, walked.values);
  }
}

TEST(Components, OfNothingAreNone) {
  Grid<int> labels;
  EXPECT_TRUE(label_components(Plane(), kInked, labels).empty());
  EXPECT_TRUE(label_components(Plane(7, 3), kInked, labels).empty());
  EXPECT_EQ(labels.values, std::vector<int>(21));
}

TEST(Components, AStrokeIsAsThickAsItWasDrawn) {
  Plane coverage(200, 40);
  for (int y = 10; y < 16; ++y) std::fill_n(coverage.row(y) + 5, 190, 1.0F);
  Grid<int> labels;
  const auto thickness = thickness_of(label_components(coverage, kInked, labels));
  ASSERT_EQ(thickness.size(), 1U);
  EXPECT_NEAR(thickness.front(), 6, 0.2);
}

}  // namespace
}  // namespace longhand::ink
