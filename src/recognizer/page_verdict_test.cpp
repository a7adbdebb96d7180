#include "recognizer/page_verdict.h"

#include <gtest/gtest.h>

#include <string>

namespace longhand::recognizer {
namespace {

Reading read_as(const std::string& text, float confidence) {
  Reading reading;
  for (const char c : text) {
    GlyphReading glyph;
    glyph.text = std::string(1, c);
    glyph.confidence = confidence;
    glyph.candidates = {{glyph.text, confidence}};
    reading.glyphs.push_back(glyph);
  }
  return reading;
}

TEST(PageVerdict, IsWritingWhereMuchIsReadSurely) {
  EXPECT_TRUE(is_written_page(read_as("4207136", 0.99F), 7));
  EXPECT_TRUE(is_written_page(read_as("42", 0.99F), 8)) << "a number among words";
  EXPECT_FALSE(is_written_page(read_as("42", 0.99F), 35)) << "two spots of a photo";
  EXPECT_FALSE(is_written_page(read_as("4207136", 0.8F), 7));
  EXPECT_FALSE(is_written_page({}, 7));
}

TEST(PageVerdict, TakesStrokesAloneForEdges) {
  EXPECT_TRUE(is_written_page(read_as("11111", 0.99F), 5));
  EXPECT_FALSE(is_written_page(read_as("11111", 0.99F), 9));
  EXPECT_TRUE(is_written_page(read_as("11112", 0.99F), 9));
}

TEST(PageVerdict, LeavesAFewGlyphsToTheirLines) {
  EXPECT_TRUE(is_written_page(read_as("7", 0.8F), 4));
  EXPECT_FALSE(is_written_page(read_as("7", 0.8F), 5));
}

}  // namespace
}  // namespace longhand::recognizer
