#include "ink/piece_row.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <random>

#include "ink/rasterize.h"
#include "ink/seams.h"

namespace longhand::ink {
namespace {

Stroke ring(float x, float y, float rx, float ry) {
  Stroke stroke;
  for (int i = 0; i <= 40; ++i) {
    const float a = 2 * std::numbers::pi_v<float> * static_cast<float>(i) / 40;
    stroke.push_back({x + rx * std::sin(a), y - ry * std::cos(a)});
  }
  return stroke;
}

std::vector<std::size_t> all_of(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

Raster drawn(const Strokes& strokes, int width, int height, float line) {
  return {rasterize(strokes, width, height, {.width = line}), {}};
}

TEST(Layout, FindsComponentsAtAFittingSize) {
  // The same two rings on a small and on a vast picture: components alike, places bounded.
  for (const float scale : {0.5F, 10.0F}) {
    const Strokes rings{{ring(100 * scale, 60 * scale, 20 * scale, 30 * scale),
                         ring(180 * scale, 60 * scale, 20 * scale, 30 * scale)}};
    const auto sheet = lay_out(
        drawn(rings, static_cast<int>(300 * scale), static_cast<int>(120 * scale), 8 * scale));
    ASSERT_TRUE(sheet);
    ASSERT_EQ(sheet->components.size(), 2U);
    EXPECT_LE(sheet->height, Layout::kUsualHeight + 4);
    const Box box = sheet->box_of(sheet->components[0]);
    EXPECT_NEAR(box.x, 76 * scale, 3 * scale);
    EXPECT_NEAR(box.h, 68 * scale, 5 * scale);
  }
}

TEST(Layout, NothingAndNoise) {
  EXPECT_FALSE(lay_out(Raster{}));
  EXPECT_FALSE(lay_out(Raster{GreyImage(300, 200, 77), {}}));
  std::mt19937 random(1);
  GreyImage noise(900, 900);
  for (auto& pixel : noise.pixels) pixel = static_cast<std::uint8_t>(random() & 255);
  const auto sheet = lay_out(Raster{noise, {}});
  if (sheet) {
    EXPECT_LE(sheet->components.size(), Layout::kMostComponents);
  }
}

TEST(Layout, SpecksAreLeftOut) {
  const Strokes strokes{{ring(60, 60, 20, 30), {{140, 20}}, ring(180, 60, 20, 30)}};
  Raster raster = drawn(strokes, 240, 120, 6);
  raster.grey.at(100, 100) = 255;
  const auto sheet = lay_out(raster);
  ASSERT_TRUE(sheet);
  EXPECT_EQ(sheet->components.size(), 3U);  // the pen's dot stays, a pixel's doesn't
}

TEST(Seams, PartTwoStemsWhereABarJoinsThem) {
  const Strokes strokes{{{{20, 10}, {20, 70}}, {{80, 10}, {80, 70}}, {{20, 40}, {80, 40}}}};
  const auto sheet = lay_out(drawn(strokes, 100, 80, 5));
  ASSERT_TRUE(sheet);
  ASSERT_EQ(sheet->components.size(), 1U);
  const auto seams = find_seams(sheet->coverage, sheet->height);
  ASSERT_FALSE(seams.empty());
  EXPECT_LE(seams.size(), kMostSeams);
  // All lie between the stems, and go through the bar and no more.
  for (const Seam& seam : seams) {
    const auto [left, right] = std::minmax_element(seam.x.begin(), seam.x.end());
    EXPECT_GT(sheet->x0 + *left * sheet->step, 14);
    EXPECT_LT(sheet->x0 + *right * sheet->step, 86);
  }
  EXPECT_TRUE(std::any_of(seams.begin(), seams.end(), [&](const Seam& seam) {
    return seam.ink * static_cast<float>(sheet->step) < 7;
  }));
}

TEST(PieceRow, AWholeIsItsGlyphAndPartsMakeIt) {
  const Strokes rings{{ring(30, 40, 20, 30), ring(72, 40, 20, 30)}};
  const Raster raster = drawn(rings, 110, 80, 5);
  const auto sheet = lay_out(raster);
  ASSERT_TRUE(sheet);
  const auto row = row_of(*sheet, all_of(sheet->components.size()));
  ASSERT_EQ(row->pieces().size(), 1U);
  const auto whole = row->glyph(0, 0, Normalization::kInk1);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->image, normalize(raster, Normalization::kInk1)->image);

  row->cut({0});
  const std::size_t parts = row->pieces().size();
  ASSERT_GE(parts, 2U);
  for (std::size_t i = 1; i < parts; ++i) EXPECT_GT(row->pieces()[i].cut, 0);
  const auto again = row->glyph(0, parts - 1, Normalization::kInk1);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->image, whole->image);
  row->cut({0});
  EXPECT_EQ(row->pieces().size(), parts);
}

TEST(PieceRow, TheBarOfAFiveIsNoPieceOfItsOwn) {
  const Strokes strokes{{ring(40, 60, 14, 20), {{30, 26}, {52, 26}}, ring(100, 50, 14, 28)}};
  const auto sheet = lay_out(drawn(strokes, 140, 100, 5));
  ASSERT_TRUE(sheet);
  ASSERT_EQ(sheet->components.size(), 3U);
  EXPECT_EQ(row_of(*sheet, all_of(3))->pieces().size(), 2U);
}

TEST(StrokeRow, StrokesOverEachOtherAreOnePiece) {
  const Strokes strokes{
      {{{10, 10}, {5, 40}, {30, 40}}, {{24, 20}, {22, 60}}, ring(70, 35, 12, 25)}};
  const auto row = row_of(strokes, all_of(3));
  ASSERT_EQ(row->pieces().size(), 2U);
  const Strokes four{{strokes.strokes[0], strokes.strokes[1]}};
  EXPECT_EQ(row->glyph(0, 0, Normalization::kInk1)->image,
            normalize(four, Normalization::kInk1)->image);
}

TEST(StrokeRow, OneStrokeOfTwoRingsIsCutBetweenThem) {
  Stroke both = ring(30, 40, 20, 30);
  both.push_back({75, 5});
  const Stroke second = ring(90, 40, 20, 30);
  both.insert(both.end(), second.begin(), second.end());
  const Strokes strokes{{both}};
  const auto row = row_of(strokes, {0});
  ASSERT_EQ(row->pieces().size(), 1U);
  row->cut({0});
  ASSERT_GE(row->pieces().size(), 2U);
  EXPECT_TRUE(std::any_of(row->pieces().begin() + 1, row->pieces().end(),
                          [](const Piece& piece) { return std::abs(piece.box.x - 60) < 12; }));
}

TEST(StrokeRow, SaysWhichStrokesMeet) {
  // A B of stem and bows, and a 1 apart from it.
  const Strokes strokes = {
      {{{0, 0}, {0, 100}}, {{2, 0}, {40, 20}, {4, 48}, {50, 75}, {2, 100}}, {{90, 0}, {90, 100}}}};
  const auto row = row_of(strokes, {0, 1, 2});
  std::vector<int> meeting;
  for (const Piece& piece : row->pieces()) meeting.push_back(piece.meeting);
  ASSERT_EQ(meeting.size(), 3U);
  EXPECT_EQ(meeting[0], meeting[1]);
  EXPECT_NE(meeting[1], meeting[2]);
}

}  // namespace
}  // namespace longhand::ink
