#include "recognizer/sureness.h"

#include <gtest/gtest.h>

namespace longhand::recognizer {
namespace {

void add(Reading& reading, const char* text, float confidence, std::vector<Candidate> others = {}) {
  GlyphReading glyph;
  glyph.text = text;
  glyph.confidence = confidence;
  glyph.candidates = std::move(others);
  glyph.candidates.insert(glyph.candidates.begin(), {text, confidence});
  reading.glyphs.push_back(glyph);
}

TEST(Sureness, IsTheGeometricMeanOfAllButBareStrokes) {
  Reading reading;
  EXPECT_EQ(usual_confidence(reading), 0);
  add(reading, "1", 0.5F);
  EXPECT_NEAR(usual_confidence(reading), 0.5, 1e-6);  // there is nothing else
  add(reading, "7", 0.9F);
  add(reading, "2", 0.4F);
  EXPECT_NEAR(usual_confidence(reading), 0.6, 1e-6);
  EXPECT_EQ(sureness_of_shapes(reading).glyphs, 2U);
}

TEST(Sureness, OfAShapeCountsLookalikesTogether) {
  Reading reading;
  add(reading, "o", 0.4F, {{"O", 0.3F}, {"0", 0.2F}, {"a", 0.1F}});
  EXPECT_NEAR(usual_confidence(reading), 0.4, 1e-6);
  EXPECT_NEAR(sureness_of_shapes(reading).usual, 0.9, 1e-6);
}

}  // namespace
}  // namespace longhand::recognizer
