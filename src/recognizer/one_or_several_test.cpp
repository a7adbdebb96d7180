#include "recognizer/one_or_several.h"

#include <gtest/gtest.h>

#include <string_view>

namespace longhand::recognizer {
namespace {

GlyphReading glyph(std::string_view text, ink::Box box, float confidence = 0.99F) {
  GlyphReading reading;
  reading.text = text, reading.box = box, reading.confidence = confidence;
  reading.parts = 1;
  return reading;
}

Reading reading_of(std::string_view text, float confidence, bool rejected = false) {
  Reading reading;
  reading.text = rejected ? "" : text;
  reading.confidence = confidence, reading.rejected = rejected;
  for (const char c : text)
    if (c > ' ') reading.glyphs.push_back(glyph({&c, 1}, {0, 0, 10, 20}, confidence));
  return reading;
}

// Two digits side by side, of which the second is `high`.
LineReading two(double confidence, bool cut, float high = 20) {
  return {{glyph("7", {0, 0, 12, 20}), glyph("1", {13, 0, 5, high})}, confidence, cut};
}

constexpr ink::Box kNarrow{0, 0, 18, 20}, kWide{0, 0, 30, 20};

TEST(OneOrSeveral, OneIsSureByItsShapeAndConfidence) {
  Reading one = reading_of("7", 0.99F);
  EXPECT_TRUE(is_surely_one(one));
  one.glyphs[0].parts = 4;
  EXPECT_FALSE(is_surely_one(one));
  one.glyphs[0].parts = 1, one.glyphs[0].box.w = 40;
  EXPECT_FALSE(is_surely_one(one));
  EXPECT_FALSE(is_surely_one(reading_of("7", 0.9F)));
  EXPECT_FALSE(is_surely_one(reading_of("", 1)));
}

TEST(OneOrSeveral, WhatIsAsLargeAsAPageMayBeMany) {
  Reading one = reading_of("7", 0.99F);
  EXPECT_FALSE(may_be_many(one));
  one.glyphs[0].box.h = 600;
  EXPECT_TRUE(may_be_many(one));
  EXPECT_TRUE(is_surely_one(one)) << "its marks are to be counted";
  EXPECT_FALSE(may_be_many({}));
}

TEST(OneOrSeveral, WhatStandsApartIsHighAndBesideEachOther) {
  const ink::Box all{0, 0, 40, 20};
  EXPECT_TRUE(stands_apart({{25, 0, 15, 18}, {0, 0, 15, 20}}, all));
  EXPECT_FALSE(stands_apart({{0, 0, 25, 20}, {20, 0, 20, 20}}, all));  // one reaches to the other
  EXPECT_FALSE(stands_apart({{0, 0, 15, 20}, {25, 8, 15, 4}}, all));   // a dash
}

TEST(OneOrSeveral, InkInPiecesIsANumberWhereTheLineIsSurer) {
  EXPECT_TRUE(is_number({two(0.9, false), true, kNarrow, 0.8F}));
  EXPECT_FALSE(is_number({two(0.7, false), true, kNarrow, 0.8F}));
  EXPECT_FALSE(is_number({two(0.9, false), false, kNarrow, 0.8F}));
  EXPECT_FALSE(is_number({two(0.9, false, 8), true, kNarrow, 0.8F}));  // what is low is a part
  EXPECT_TRUE(is_number({two(0.1, false), false, kWide, 0.99F}));
}

TEST(OneOrSeveral, InkThatHangsTogetherIsCutWhereItIsHardlyOneGlyph) {
  EXPECT_FALSE(is_number({two(0.95, true), true, kNarrow, 0.6F}));
  EXPECT_TRUE(is_number({two(0.95, true), true, kNarrow, 0.4F}));
  EXPECT_FALSE(is_number({two(0.99, true), true, kWide, 0.96F}));
}

TEST(OneOrSeveral, APairIsANumberUnlessItIsSurerOne) {
  EXPECT_TRUE(is_number({two(0.5, true, 8), false, kNarrow, 0.6F, true}));
  EXPECT_TRUE(is_number({two(0.96, true), true, kNarrow, 0.99F, true}));
  EXPECT_FALSE(is_number({two(0.9, true), true, kNarrow, 0.96F, true}));
  LineReading one = two(0.9, true);
  one.glyphs.pop_back();
  EXPECT_FALSE(is_number({one, true, kNarrow, 0.1F, true}));
}

TEST(OneOrSeveral, APageIsOneGlyphUnlessItIsLongOrSurer) {
  EXPECT_FALSE(is_rather_one(reading_of("4", 0.5F), reading_of("12\n34", 0.6F)));
  EXPECT_TRUE(is_rather_one(reading_of("4", 0.5F), reading_of("1\n4", 0.4F)));
  EXPECT_FALSE(is_rather_one(reading_of("4", 0.9F), reading_of("12\n345", 0.6F)));
  EXPECT_TRUE(is_rather_one(reading_of("4", 0.9F), reading_of("12\n345", 0.4F)));
  EXPECT_FALSE(is_rather_one(reading_of("4", 0.9F, true), reading_of("12\n345", 0.4F)));
  EXPECT_FALSE(is_rather_one(reading_of("4", 0.9F), reading_of("12345\n6789", 0.4F)));
}

}  // namespace
}  // namespace longhand::recognizer
