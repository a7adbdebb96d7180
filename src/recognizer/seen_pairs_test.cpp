#include "recognizer/seen_pairs.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "recognizer/test_writing.h"
#include "recognizer/written_ink.h"

namespace longhand::recognizer {
namespace {

using Shares = std::vector<float>;

// All of it but `share` is spread evenly over the others.
Shares sure_of(std::size_t place, float share, std::size_t classes) {
  Shares shares(classes, (1 - share) / static_cast<float>(classes - 1));
  shares[place] = share;
  return shares;
}

// A 7 and a 4 that touch, read by networks that say: all of it is a 7, its left part too, the rest
// is a 4; and all of it is 74.
class TouchingDigits : public testing::Test {
 protected:
  std::string read(float one, float pair) {
    const PictureInk ink(drawn(written("74", 28)));
    EXPECT_EQ(ink.boxes().size(), 1U);
    const auto row = ink.row({0});
    const ink::Box all = row->pieces().front().box;
    const Scorer digit = [&](const std::vector<ink::Glyph>& glyphs) {
      std::vector<Shares> scores;
      for (const ink::Glyph& glyph : glyphs) {
        const bool whole = glyph.box.w > 0.9F * all.w;
        const bool left = glyph.box.x < all.x + 0.1F * all.w;
        scores.push_back(sure_of(left ? 7 : 4, whole ? one : 0.5F, 10));
      }
      return scores;
    };
    const Scorer pairs = [&](const std::vector<ink::Glyph>& glyphs) {
      shown_ += glyphs.size();
      return std::vector<Shares>(glyphs.size(), sure_of(74, pair, 100));
    };
    std::size_t budget = 1000;
    const LineReading line =
        read_line(*row, digits().model().card(), Pattern::anything(), digit, pairs, budget);
    std::string text;
    for (const GlyphReading& glyph : line.glyphs) text += glyph.text;
    return text;
  }

  std::size_t shown_ = 0;  // to the network of pairs
};

TEST_F(TouchingDigits, AreReadAsTheirPairIs) {
  EXPECT_EQ(read(0.98F, 0.9999F), "74");
  EXPECT_GE(shown_, 1U);
}

TEST_F(TouchingDigits, AreOneWhereThePairIsNotSure) {
  EXPECT_EQ(read(0.98F, 0.9F), "7");
  // What is hardly one digit is a pair sooner.
  EXPECT_EQ(read(0.3F, 0.9F), "74");
}

TEST_F(TouchingDigits, AreOneBeyondDoubtWithoutAskingForPairs) {
  EXPECT_EQ(read(0.9999F, 0.9999F), "7");
  EXPECT_EQ(shown_, 0U);
}

TEST(SeenPairs, OnlyWhatIsWideAndUnsureMayBeAPair) {
  EXPECT_TRUE(may_be_pair(0.99, {0, 0, 10, 20}));
  EXPECT_FALSE(may_be_pair(0.9999, {0, 0, 10, 20}));
  EXPECT_FALSE(may_be_pair(0.5, {0, 0, 4, 20}));
}

}  // namespace
}  // namespace longhand::recognizer
