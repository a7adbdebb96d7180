#include "ink/note.h"

#include <gtest/gtest.h>
#include <random>

namespace longhand::ink {
namespace {

struct Area {
  int x0, y0, x1, y1;
};

void fill(GreyImage& image, const Area& area, int level) {
  for (int y = area.y0; y < area.y1; ++y) {
    for (int x = area.x0; x < area.x1; ++x) image.at(x, y) = static_cast<std::uint8_t>(level);
  }
}

void add_grain(GreyImage& image) {
  std::mt19937 random(7);
  for (auto& pixel : image.pixels) {
    const int grained = pixel + static_cast<int>(random() % 9U) - 4;
    pixel = static_cast<std::uint8_t>(std::clamp(grained, 0, 255));
  }
}

constexpr Area kSheet{180, 120, 440, 380};

// A sheet on a desk of a level, with a bar on it.
Raster sheet_on(int desk, int paper, int bar, const Area& sheet = kSheet) {
  GreyImage image(640, 480, static_cast<std::uint8_t>(desk));
  fill(image, sheet, paper);
  fill(image, {sheet.x0 + 120, sheet.y0 + 60, sheet.x0 + 132, sheet.y0 + 160}, bar);
  add_grain(image);
  return {image, {}};
}

TEST(Note, IsFoundOnAnyDesk) {
  const int levels[][3] = {{60, 220, 40}, {230, 150, 40}, {20, 60, 200}, {128, 240, 90}};
  for (const auto& [desk, paper, bar] : levels) {
    const auto note = find_note(sheet_on(desk, paper, bar));
    ASSERT_TRUE(note) << desk;
    // Without its edge, and without much else.
    EXPECT_NEAR(note->x0, kSheet.x0, 12);
    EXPECT_NEAR(note->y0, kSheet.y0, 12);
    EXPECT_NEAR(note->x0 + note->raster.grey.width, kSheet.x1, 12);
    EXPECT_NEAR(note->y0 + note->raster.grey.height, kSheet.y1, 12);
    EXPECT_NEAR(note->raster.grey.at(kSheet.x0 + 125 - note->x0, kSheet.y0 + 100 - note->y0), bar,
                4);
    for (int x = 0; x < note->raster.grey.width; ++x)
      EXPECT_NEAR(note->raster.grey.at(x, 0), paper, 5) << "no desk is left at its rim";
  }
}

TEST(Note, IsNoneWhereThereIsNothingOnIt) {
  EXPECT_FALSE(find_note(sheet_on(60, 220, 220)));
}

TEST(Note, IsNoneWhereItIsThePicture) {
  EXPECT_FALSE(find_note(sheet_on(220, 220, 40))) << "writing on plain paper";
  EXPECT_FALSE(find_note(sheet_on(60, 220, 40, {0, 0, 640, 470})));
  EXPECT_FALSE(find_note(sheet_on(60, 220, 40, {0, 0, 400, 300}))) << "a corner: more is not seen";
  EXPECT_FALSE(find_note(sheet_on(60, 220, 40, {300, 200, 330, 460}))) << "too small";
  EXPECT_FALSE(find_note(sheet_on(60, 220, 40, {180, 120, 275, 480}))) << "too narrow";
  EXPECT_FALSE(find_note({}));
  EXPECT_FALSE(find_note({GreyImage(1, 1, 255), {}}));
}

TEST(Note, MayBeWhatAThickFrameHolds) {
  Raster frame = sheet_on(220, 40, 40);
  fill(frame.grey, {210, 150, 410, 350}, 220);
  fill(frame.grey, {300, 200, 312, 300}, 40);
  const auto note = find_note(frame);
  ASSERT_TRUE(note);
  EXPECT_GE(note->x0, 208);
  EXPECT_LE(note->x0 + note->raster.grey.width, 412);
}

TEST(Note, OfAPictureWithClearPixelsIsNone) {
  Raster raster = sheet_on(60, 220, 40);
  raster.alpha = GreyImage(640, 480, 255);
  EXPECT_FALSE(find_note(raster));
}

}  // namespace
}  // namespace longhand::ink
