#include <gtest/gtest.h>
#include <random>

#include "ink/turn.h"
#include "recognizer/reader.h"
#include "recognizer/test_writing.h"

namespace longhand::recognizer {
namespace {

// Turned so far, a 7 is a 1 with a hook.
TEST(Reader, LinesThatSlopeAreReadLevel) {
  for (const float slope : {-0.45F, -0.2F, 0.3F, 0.45F}) {
    ink::Strokes strokes = ink::turned(written("70727\n1742"), ink::Turn::levelling(-slope));
    const ink::Box all = ink::bounds(strokes);
    for (ink::Stroke& stroke : strokes.strokes) {
      for (ink::Point& p : stroke) p.x += 40 - all.x, p.y += 40 - all.y;
    }
    for (const Mode mode : {Mode::kAuto, Mode::kPage}) {
      for (const Writing& writing : {read_as(mode, drawn(strokes)), read_as(mode, strokes)}) {
        EXPECT_EQ(writing.reading.text, "70727\n1742") << slope;
        ASSERT_GE(writing.reading.glyphs.size(), 5U);
        // Where they were written, not where they were read.
        const ink::Box first = writing.reading.glyphs[0].box, last = writing.reading.glyphs[4].box;
        EXPECT_NEAR((last.y - first.y) / (last.x - first.x), slope, 0.08);
      }
    }
  }
}

// What lies around a sheet is no writing, whatever it looks like.
TEST(Reader, ASheetOnADeskIsReadAlone) {
  const ink::Raster sheet = drawn(written("427"));
  ink::Raster desk{ink::GreyImage(640, 480), {}};
  std::mt19937 random(3);
  for (auto& pixel : desk.grey.pixels) pixel = static_cast<std::uint8_t>(60 + random() % 20U);
  const int x0 = 150, y0 = 180;
  for (int y = 0; y < sheet.grey.height; ++y) {
    for (int x = 0; x < sheet.grey.width; ++x) desk.grey.at(x0 + x, y0 + y) = sheet.grey.at(x, y);
  }
  const Writing writing = read_as(Mode::kAuto, desk);
  EXPECT_EQ(writing.reading.text, "427");
  ASSERT_EQ(writing.reading.glyphs.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const ink::Box& box = writing.reading.glyphs[i].box;
    EXPECT_NEAR(box.x + box.w / 2, x0 + 70 + 90 * static_cast<int>(i), 15);
    EXPECT_NEAR(box.y + box.h / 2, y0 + 90, 15);
  }
}

// A number that shows through from the paper's other side is none.
TEST(Reader, WhatIsMuchFainterIsNoWriting) {
  ink::Raster thin = drawn(written("40727"));
  const ink::Raster behind = drawn(written("72724"));
  const int width = std::min(thin.grey.width, behind.grey.width);
  for (int y = 0; y + 30 < thin.grey.height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int mirrored = width - 1 - x;
      std::uint8_t& pixel = thin.grey.at(x, y + 30);
      if (behind.grey.at(mirrored, y) < 150) pixel = static_cast<std::uint8_t>(pixel * 18 / 25);
    }
  }
  EXPECT_EQ(read_as(Mode::kAuto, thin).reading.text, "40727");
}

}  // namespace
}  // namespace longhand::recognizer
