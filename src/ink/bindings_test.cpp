#include "ink/bindings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace longhand::ink {
namespace {

Component box(int x, int y, int w, int h, double filled) {
  return {static_cast<int>(filled * w * h), x, y, x + w - 1, y + h - 1};
}

std::ptrdiff_t count(const std::vector<bool>& holes) {
  return std::count(holes.begin(), holes.end(), true);
}

// A number of strokes that are no holes.
std::vector<Component> number() {
  return {box(100, 100, 40, 60, 0.3), box(150, 96, 8, 64, 0.9), box(170, 102, 36, 58, 0.35)};
}

TEST(Bindings, AreHolesInARowHoweverItLies) {
  for (const auto& [dx, dy] : {std::pair{0, 30}, {30, 0}, {30, 3}, {-4, 28}}) {
    std::vector<Component> components = number();
    for (int i = 0; i < 7; ++i)
      components.push_back(box(300 + i * dx, 10 + i * dy, 14 + i % 2, 14, 0.78));
    const auto holes = bindings_among(components);
    EXPECT_EQ(count(holes), 7) << dx << ' ' << dy;
    EXPECT_FALSE(holes[0] || holes[1] || holes[2]);
  }
}

TEST(Bindings, MayLackOneAtATime) {
  std::vector<Component> components;
  for (const int i : {0, 1, 3, 4, 6, 7}) components.push_back(box(20, 10 + i * 30, 14, 14, 0.78));
  EXPECT_EQ(count(bindings_among(components)), 6);
}

TEST(Bindings, WithTheirWireLieAlongOneSide) {
  std::vector<Component> components = number();
  for (int i = 0; i < 8; ++i) components.push_back(box(60 + i * 32, 0, 16, 36, 0.45));
  EXPECT_EQ(count(bindings_among(components)), 8);
  // Amid the writing they are signs.
  for (Component& c : components) {
    if (c.y0 > 0) continue;
    c.y0 += 110, c.y1 += 110;
  }
  EXPECT_EQ(count(bindings_among(components)), 0);
}

TEST(Bindings, AreNeitherFewNorUnevenNorUnlikeNorDashes) {
  const auto row = [](std::size_t n, int w, int h, auto at, auto more) {
    std::vector<Component> components;
    for (std::size_t i = 0; i < n; ++i) {
      const int k = static_cast<int>(i);
      components.push_back(box(20 + at(k), 20, w + more(k), h, 0.9));
    }
    return bindings_among(components);
  };
  const auto even = [](int i) { return 40 * i; };
  const auto none = [](int) { return 0; };
  EXPECT_EQ(count(row(6, 14, 14, even, none)), 6);
  EXPECT_EQ(count(row(4, 14, 14, even, none)), 0);
  EXPECT_EQ(count(row(
                6, 14, 14, [](int i) { return 40 * i + 9 * (i % 2); }, none)),
            0);
  EXPECT_EQ(count(row(6, 14, 14, even, [](int i) { return 6 * (i % 2); })), 0);
  EXPECT_EQ(count(row(6, 30, 6, even, none)), 0);
  EXPECT_EQ(count(row(6, 3, 3, even, none)), 0);
  EXPECT_TRUE(bindings_among({}).empty());
}

// A line of very many signs of one size, and a field of them, take no time.
TEST(Bindings, OfVeryManyAreFoundInBoundedTime) {
  std::vector<Component> line, field;
  for (int i = 0; i < 20'000; ++i) {
    line.push_back(box(10 * i, 20, 8, 8, 0.4));
    field.push_back(box(10 * (i % 140), 10 * (i / 140), 8, 8, 0.4));
  }
  EXPECT_EQ(count(bindings_among(line)), 0);
  EXPECT_LE(count(bindings_among(field)), 140);  // one side of it
}

}  // namespace
}  // namespace longhand::ink
