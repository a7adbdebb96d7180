#include "ink/dot_grid.h"

#include <gtest/gtest.h>

#include <cmath>

namespace longhand::ink {
namespace {

constexpr float kInked = 0.25F;
constexpr int kWidth = 300, kHeight = 200;

// Dots of 3 x 3 places, so far from each other, on paper that lies askew.
Plane dotted(int apart, float askew) {
  Plane plane(kWidth, kHeight);
  for (int j = -20; j < 60; ++j) {
    for (int i = -20; i < 60; ++i) {
      const auto u = static_cast<float>(i * apart), v = static_cast<float>(j * apart);
      const int x = static_cast<int>(std::lround(u * std::cos(askew) - v * std::sin(askew)));
      const int y = static_cast<int>(std::lround(u * std::sin(askew) + v * std::cos(askew)));
      if (x < 1 || y < 1 || x >= kWidth - 1 || y >= kHeight - 1) continue;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) plane.at(x + dx, y + dy) = 0.6F;
      }
    }
  }
  return plane;
}

void write(Plane& plane) {
  for (int y = 60; y < 130; ++y) {
    for (int x = 100; x < 104; ++x) plane.at(x, y) = 1;
  }
}

double marked(const Plane& of, const Mask& mask) {
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (!mask.values.empty() && mask.values[i]) sum += static_cast<double>(of.values[i]);
    all += static_cast<double>(of.values[i]);
  }
  return sum / all;
}

TEST(DotGrid, IsFoundHoweverThePaperLies) {
  for (const float askew : {0.0F, 0.1F, -0.3F}) {
    Plane page = dotted(20, askew), writing(kWidth, kHeight);
    write(page), write(writing);
    const Mask mask = find_dot_grid(page, kInked);
    EXPECT_GT(marked(dotted(20, askew), mask), 0.9) << askew;
    EXPECT_LT(marked(writing, mask), 0.03) << askew;
  }
}

TEST(DotGrid, LeavesAWritersDots) {
  Plane page = dotted(20, 0), stop(kWidth, kHeight);
  write(page);
  for (Plane* plane : {&page, &stop}) {
    for (int y = 129; y < 132; ++y) {
      for (int x = 110; x < 113; ++x) plane->at(x, y) = 1;
    }
  }
  EXPECT_EQ(marked(stop, find_dot_grid(page, kInked)), 0);
}

TEST(DotGrid, IsNoFewDotsNoScatterAndNothingWithoutWriting) {
  EXPECT_TRUE(find_dot_grid(Plane(kWidth, kHeight), kInked).values.empty());
  EXPECT_TRUE(find_dot_grid(dotted(20, 0), kInked).values.empty());
  Plane few = dotted(90, 0);
  write(few);
  EXPECT_TRUE(find_dot_grid(few, kInked).values.empty());
  Plane scatter(kWidth, kHeight);
  write(scatter);
  unsigned random = 1;
  for (int n = 0; n < 80; ++n) {
    random = random * 1664525U + 1013904223U;
    const int x = static_cast<int>(random >> 8) % (kWidth - 8);
    random = random * 1664525U + 1013904223U;
    const int y = static_cast<int>(random >> 8) % (kHeight - 8);
    for (int dy = 0; dy < 3; ++dy) {
      for (int dx = 0; dx < 3; ++dx) scatter.at(x + dx, y + dy) = 0.6F;
    }
  }
  EXPECT_TRUE(find_dot_grid(scatter, kInked).values.empty());
}

}  // namespace
}  // namespace longhand::ink
