#include "ink/page_edges.h"

#include <gtest/gtest.h>

#include <functional>

namespace longhand::ink {
namespace {

constexpr int kWide = 200, kHigh = 150;
constexpr Part kSheet = {0, 0, kWide, kHigh};

Plane inked_where(const std::function<bool(int, int)>& inked) {
  Plane plane(kWide, kHigh);
  for (int y = 0; y < kHigh; ++y) {
    for (int x = 0; x < kWide; ++x) plane.at(x, y) = inked(x, y) ? 1 : 0;
  }
  return plane;
}

// Signs of 12 x 30 in the middle of the sheet.
bool writing(int x, int y) {
  return y >= 60 && y < 90 && x >= 50 && x < 150 && x % 20 < 12;
}

bool taken(const Plane& plane, int x, int y) {
  const Mask mask = find_page_edges(plane, kSheet, 0.5F);
  if (!mask.values.empty()) {
    EXPECT_EQ(mask.at(62, 75), 0);
    EXPECT_EQ(mask.at(70, 75), 0);
  }
  return !mask.values.empty() && mask.at(x, y) != 0;
}

TEST(PageEdges, AreThoseOfAPageAskewOnATable) {
  const Plane above = inked_where([](int x, int y) { return writing(x, y) || y < x / 20; });
  EXPECT_TRUE(taken(above, 150, 0));
  EXPECT_TRUE(taken(above, 190, 9));  // the soft edge beside, too
  EXPECT_FALSE(taken(above, 190, 20));
  const Plane beside = inked_where([](int x, int y) { return writing(x, y) || x > 199 - y / 30; });
  EXPECT_TRUE(taken(beside, 199, 120));
  const Plane shadow =
      inked_where([](int x, int y) { return writing(x, y) || x + y > kWide + kHigh - 90; });
  EXPECT_TRUE(taken(shadow, 190, 140));
}

TEST(PageEdges, AreNotWhatIsWrittenAtTheRim) {
  const auto none = [](const std::function<bool(int, int)>& at_the_rim) {
    return find_page_edges(
               inked_where([&](int x, int y) { return writing(x, y) || at_the_rim(x, y); }), kSheet,
               0.5F)
        .values.empty();
  };
  EXPECT_TRUE(none([](int, int) { return false; }));
  EXPECT_TRUE(none([](int x, int y) { return x < 12 && y >= 60 && y < 90; }));  // a sign
  EXPECT_TRUE(none([](int x, int y) { return x < 14 && y >= 73 && y < 77; }));  // a minus
  EXPECT_TRUE(none([](int x, int y) { return x < 4 && y >= 86 && y < 90; }));   // a point
  // Signs that hang together along the rim, which they meet in places.
  EXPECT_TRUE(none([](int x, int y) {
    return x >= 20 && x < 170 && ((y < 28 && x % 15 < 5) || (y >= 14 && y < 18));
  }));
}

TEST(PageEdges, ACornerThatIsDarkIsNoLetter) {
  const Plane corner = inked_where(
      [](int x, int y) { return writing(x, y) || (kWide - x) * 2 + (kHigh - y) * 3 < 80; });
  EXPECT_TRUE(taken(corner, 195, 145));
  const Plane letter = inked_where([](int x, int y) {
    return writing(x, y) || (x < 4 && y > 118) || (y > 145 && x < 25);  // an L
  });
  EXPECT_FALSE(taken(letter, 2, 130));
}

TEST(PageEdges, ShineAlongTheRimIsNoWriting) {
  const Plane shine = inked_where([](int x, int y) {
    return writing(x, y) || (y > 136 && (x - 100) * (x - 100) < 1200 - 20 * (149 - y));
  });
  EXPECT_TRUE(taken(shine, 100, 145));
}

TEST(PageEdges, NeedWritingBesideThem) {
  EXPECT_TRUE(
      find_page_edges(inked_where([](int, int y) { return y < 8; }), kSheet, 0.5F).values.empty());
  EXPECT_TRUE(find_page_edges(Plane(kWide, kHigh, 1.0F), kSheet, 0.5F).values.empty());
  EXPECT_TRUE(find_page_edges(Plane(kWide, kHigh), kSheet, 0.5F).values.empty());
  EXPECT_TRUE(find_page_edges(Plane(), Part{}, 0.5F).values.empty());
}

}  // namespace
}  // namespace longhand::ink
