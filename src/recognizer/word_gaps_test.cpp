#include "recognizer/word_gaps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace longhand::recognizer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

LineReading line_of(const std::string& text, const std::vector<float>& places) {
  LineReading line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    GlyphReading glyph;
    glyph.text = text.substr(i, 1);
    glyph.box = {places[i], 0, 20, 40};
    line.glyphs.push_back(glyph);
  }
  return line;
}

TEST(WordGaps, PartWordsByMoreThanTheUsualGap) {
  const LineReading line = line_of("4217", {0, 28, 96, 124});
  const float gap = word_gap(std::vector{line});
  EXPECT_EQ(text_of(line, gap), "42 17");
  EXPECT_EQ(text_of(line, 1000), "4217");
  EXPECT_EQ(word_gap(std::vector<LineReading>()), 0);
  EXPECT_EQ(word_gap(std::vector{line_of("7", {0})}), 0);
}

TEST(WordGaps, WordsAreFromLeftToRightWhateverTheOrder) {
  const std::vector<ink::Box> boxes = {
      {100, 0, 20, 40}, {0, 0, 20, 40}, {25, 0, 60, 40}, {30, 0, 5, 5}};
  EXPECT_THAT(words_of({0, 1, 2, 3}, boxes, 10), ElementsAre(ElementsAre(1, 2, 3), ElementsAre(0)));
  EXPECT_THAT(words_of({0, 1, 2, 3}, boxes, 50), ElementsAre(ElementsAre(1, 2, 3, 0)));
  EXPECT_THAT(words_of({}, boxes, 10), IsEmpty());
}

LineReading line_of(const std::vector<ink::Box>& boxes) {
  LineReading line;
  for (const ink::Box& box : boxes) {
    line.glyphs.emplace_back();
    line.glyphs.back().box = box;
  }
  return line;
}

TEST(WordGaps, ALineIsOfWordsWhereGlyphsStandFarApart) {
  EXPECT_TRUE(
      is_of_words(line_of({{0, 0, 40, 60}, {50, 0, 40, 60}, {180, 0, 40, 60}, {230, 0, 40, 60}})));
  EXPECT_FALSE(
      is_of_words(line_of({{0, 0, 40, 60}, {90, 0, 40, 60}, {180, 0, 40, 60}, {270, 0, 40, 60}})));
  EXPECT_FALSE(is_of_words(line_of({{0, 0, 40, 60}, {180, 0, 40, 60}})))
      << "with nothing to compare";
  EXPECT_FALSE(is_of_words(line_of({})));
}

TEST(WordGaps, OnesInCellsAreNoWords) {
  // Middles 70 apart; the gaps about the ones are more than twice the others.
  EXPECT_FALSE(is_of_words(line_of({{0, 0, 56, 60},
                                    {70, 0, 56, 60},
                                    {166, 0, 4, 60},
                                    {236, 0, 4, 60},
                                    {280, 0, 56, 60},
                                    {350, 0, 56, 60}})));
}

}  // namespace
}  // namespace longhand::recognizer
