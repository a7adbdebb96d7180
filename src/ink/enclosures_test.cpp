#include "ink/enclosures.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ink/rasterize.h"

namespace longhand::ink {
namespace {

const Stroke kSeven = {{80, 70}, {120, 70}, {95, 130}};
const Stroke kLine = {{100, 68}, {100, 132}};
const Stroke kSlash = {{125, 45}, {75, 155}};

// An ellipse around (100, 100), from a turn to another, in parts of one.
Stroke ring(float wide, float high, float from = 0, float to = 1) {
  Stroke stroke;
  for (int i = 0; i <= 40; ++i) {
    const float turn = 6.2832F * (from + (to - from) * static_cast<float>(i) / 40);
    stroke.push_back({100 + wide * std::cos(turn), 100 + high * std::sin(turn)});
  }
  return stroke;
}

std::size_t left_of(std::vector<Stroke> strokes) {
  return without_enclosures({std::move(strokes)}).strokes.size();
}

TEST(WithoutEnclosures, TakesWhatIsDrawnAroundADigitOut) {
  const Strokes rest = without_enclosures({{kSeven, ring(60, 70)}});
  ASSERT_EQ(rest.strokes.size(), 1U);
  EXPECT_EQ(rest.strokes[0].size(), kSeven.size());
  EXPECT_EQ(left_of({ring(70, 60, 0.03F, 0.98F), kSeven}), 1U) << "not quite closed";
  EXPECT_EQ(left_of({kSeven, {{50, 40}, {150, 40}, {150, 160}, {50, 160}, {50, 41}}}), 1U);
}

TEST(WithoutEnclosures, TakesAFrameAroundANumberOut) {
  Stroke second = kSeven;
  for (Point& p : second) p.x += 60;
  EXPECT_EQ(left_of({kSeven, second, {{60, 50}, {200, 50}, {200, 150}, {60, 150}, {60, 52}}}), 2U);
}

TEST(WithoutEnclosures, ACircledOneIsNoCrossedZero) {
  EXPECT_EQ(left_of({kLine, ring(55, 60)}), 1U);
  EXPECT_EQ(left_of({ring(40, 70), kSlash}), 2U) << "a slashed zero";
  EXPECT_EQ(left_of({ring(40, 45), kLine}), 2U) << "nearly as high as the ring: a zero";
}

TEST(WithoutEnclosures, LeavesWhatIsNotAround) {
  EXPECT_EQ(left_of({ring(40, 60), {{98, 98}, {102, 102}}}), 2U) << "a dotted zero";
  EXPECT_EQ(left_of({kSeven, ring(60, 70, 0.15F, 0.85F)}), 2U) << "a C";
  EXPECT_EQ(left_of({kSeven, ring(24, 30)}), 2U) << "over each other";
  EXPECT_EQ(left_of({ring(60, 70)}), 1U);
  EXPECT_EQ(left_of({}), 0U);
}

// The same of pictures.
std::vector<bool> found_in(std::vector<Stroke> strokes) {
  const GreyImage image = rasterize({std::move(strokes)}, 200, 200, {.width = 7});
  Plane coverage(image.width, image.height);
  for (std::size_t i = 0; i < coverage.size(); ++i)
    coverage.values[i] = static_cast<float>(image.pixels[i]) / 255;
  Grid<int> labels;
  const std::vector<Component> components = label_components(coverage, 0.5F, labels);
  return enclosures_among(components, labels);
}

TEST(EnclosuresAmong, FindsTheRingAndNotTheDigit) {
  const std::vector<bool> found = found_in({kSeven, ring(60, 70)});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found[0]) << "which comes first, from above";
  EXPECT_FALSE(found[1]);
}

TEST(EnclosuresAmong, LeavesDigitsAlone) {
  for (const bool each : found_in({ring(40, 70), kSlash})) EXPECT_FALSE(each);
  for (const bool each : found_in({ring(40, 60), {{98, 98}, {102, 102}}})) EXPECT_FALSE(each);
  for (const bool each : found_in({kSeven, ring(60, 70, 0.15F, 0.85F)})) EXPECT_FALSE(each);
  EXPECT_TRUE(enclosures_among({}, {}).empty());
}

}  // namespace
}  // namespace longhand::ink
