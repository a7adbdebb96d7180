#include "recognizer/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "ink/rasterize.h"
#include "recognizer/test_writing.h"
#include "source_folder.h"

namespace longhand::recognizer {
namespace {

using testing::HasSubstr;

TEST(Reader, ALineFromAPictureAndFromStrokes) {
  for (const std::string text : {"42", "7104", "20741072"}) {
    const ink::Strokes strokes = written(text);
    for (const Writing& writing :
         {read_as(Mode::kLine, drawn(strokes)), read_as(Mode::kLine, strokes)}) {
      EXPECT_EQ(writing.mode, Mode::kLine);
      EXPECT_EQ(writing.reading.text, text);
      EXPECT_FALSE(writing.reading.rejected);
      EXPECT_GT(writing.reading.confidence, 0.3F);
      ASSERT_EQ(writing.reading.glyphs.size(), text.size());
      for (std::size_t i = 0; i < text.size(); ++i) {
        const GlyphReading& glyph = writing.reading.glyphs[i];
        EXPECT_EQ(glyph.text, text.substr(i, 1));
        EXPECT_EQ(glyph.candidates.size(), 10U);
        EXPECT_EQ(glyph.image.width, 28);
        // In the units of what was given: the i-th cell.
        const float cell = 40 + 90 * static_cast<float>(i);
        EXPECT_GE(glyph.box.x, cell - 10);
        EXPECT_LE(glyph.box.x + glyph.box.w, cell + 75);
        EXPECT_NEAR(glyph.box.h, 92, 14);
      }
    }
  }
}

TEST(Reader, DigitsThatTouchAreParted) {
  const ink::Strokes strokes = written("2071", 62);
  EXPECT_EQ(read_as(Mode::kLine, drawn(strokes)).reading.text, "2071");
}

TEST(Reader, APageHasLinesAndWords) {
  const std::string text = "420 71\n27\n1042 7 0";
  const ink::Strokes strokes = written(text, 80);
  for (const Writing& writing :
       {read_as(Mode::kPage, drawn(strokes)), read_as(Mode::kPage, strokes)}) {
    EXPECT_EQ(writing.reading.text, text);
    EXPECT_EQ(writing.reading.glyphs.size(), 13U);
  }
}

TEST(Reader, AutoSeesHowMuchIsWritten) {
  const std::vector<std::pair<std::string, Mode>> cases = {{"4", Mode::kGlyph},
                                                           {"1", Mode::kGlyph},
                                                           {"20", Mode::kLine},
                                                           {"47\n20", Mode::kPage},
                                                           {"1042 71", Mode::kPage}};
  for (const auto& [text, mode] : cases) {
    const ink::Strokes strokes = written(text);
    for (const Writing& writing :
         {read_as(Mode::kAuto, drawn(strokes)), read_as(Mode::kAuto, strokes)}) {
      EXPECT_EQ(writing.mode, mode) << text;
      EXPECT_EQ(writing.reading.text, text);
    }
  }
}

TEST(Reader, TheStrokesOfOneDigitAreNoTwoLines) {
  // Fours of which the first stroke ends where the second is half done.
  ink::Strokes fours;
  for (const float x : {0.0F, 51.0F}) {
    fours.strokes.push_back({{x + 41, 64}, {x + 35, 80}, {x + 30, 96}, {x + 50, 95}, {x + 67, 94}});
    fours.strokes.push_back({{x + 53, 86}, {x + 50, 103}, {x + 46, 120}});
  }
  EXPECT_EQ(read_as(Mode::kAuto, fours).reading.text, "44");
}

TEST(Reader, AOneCloseToItsNeighbourIsKept) {
  const ink::Strokes seven = written("7");
  for (const float beside : {6.0F, 0.0F}) {
    ink::Strokes both = seven;
    const float x = 40 + 55 + beside;  // the 7's right edge
    both.strokes.push_back({{x, 45}, {x + 1, 90}, {x + 2, 135}});
    EXPECT_EQ(read_as(Mode::kAuto, both).reading.text, "71") << beside;
  }
}

TEST(Reader, AColumnOfDigitsIsNoDigit) {
  // Whose strokes together look like a 4 or an 1 of 28x28 places.
  for (const std::string text : {"4\n1\n7\n4", "1\n2\n0\n2471", "7\n4\n0\n4\n7"}) {
    const ink::Strokes strokes = written(text);
    EXPECT_EQ(read_as(Mode::kAuto, strokes).reading.text, text);
    EXPECT_EQ(read_as(Mode::kAuto, drawn(strokes)).reading.text, text);
  }
}

TEST(Reader, EvenGapsPartNoWords) {
  const ink::Strokes wide = written("20471", 190);
  EXPECT_EQ(read_as(Mode::kAuto, wide).reading.text, "20471");
  EXPECT_EQ(read_as(Mode::kAuto, drawn(wide)).reading.text, "20471");
  // A pattern's text has no blanks, nor has what is called a line.
  const ink::Strokes words = written("1042 71");
  EXPECT_EQ(read_as(Mode::kAuto, words, "dddddd").reading.text, "104271");
  EXPECT_EQ(read_as(Mode::kLine, words).reading.text, "104271");
}

TEST(Reader, AutoGivesTheGlyphsAnswerExactly) {
  for (const char digit : {'0', '1', '2', '4', '7'}) {
    const ink::Raster raster = drawn(written(std::string(1, digit)));
    const Reading expected = digits().read(raster);
    const Reading found = read_as(Mode::kAuto, raster).reading;
    EXPECT_EQ(found.text, expected.text);
    EXPECT_EQ(found.confidence, expected.confidence);
    ASSERT_EQ(found.glyphs.size(), 1U);
    EXPECT_EQ(found.glyphs[0].box, expected.glyphs[0].box);
    EXPECT_EQ(found.glyphs[0].image, expected.glyphs[0].image);
  }
}

TEST(Reader, NothingWrittenIsRejectedWithoutGlyphs) {
  for (const Mode mode : {Mode::kGlyph, Mode::kLine, Mode::kPage, Mode::kAuto}) {
    for (const Writing& writing :
         {read_as(mode, ink::Strokes{}), read_as(mode, ink::Strokes{{{}, {}}}),
          read_as(mode, ink::Raster{}),
          read_as(mode, ink::Raster{ink::GreyImage(60, 50, 9), {}})}) {
      EXPECT_TRUE(writing.reading.rejected);
      EXPECT_EQ(writing.reading.text, "");
      EXPECT_EQ(writing.reading.confidence, 0);
      EXPECT_TRUE(writing.reading.glyphs.empty());
      EXPECT_EQ(writing.reading.model.name, "digits");
      EXPECT_NE(writing.mode, Mode::kAuto);
    }
  }
}

// A text may be of glyphs that look sure, each, where nothing says that they are cut so.
TEST(Reader, ALineThatCouldBeCutOtherwiseIsRejected) {
  const double threshold = static_cast<double>(digits().model().card().reject_threshold);
  std::mt19937 random(3);
  std::uniform_real_distribution<float> x(0, 240), y(0, 100);
  int accepted = 0, rejected = 0;
  for (int i = 0; i < 60; ++i) {
    ink::Strokes strokes = written("1407");
    for (int n = i / 6; n > 0; --n) {
      const ink::Point from{40 + x(random), 40 + y(random)};
      strokes.strokes.push_back({from, {40 + x(random), 40 + y(random)}});
    }
    const auto reading = read(digits(), strokes, {.mode = Mode::kLine}).reading;
    (reading.rejected ? rejected : accepted) += 1;
    if (reading.rejected) continue;
    const double least = std::pow(threshold, static_cast<double>(reading.glyphs.size()));
    EXPECT_GE(static_cast<double>(reading.confidence), least * 0.999) << reading.text;
  }
  EXPECT_GT(accepted, 5);
  EXPECT_GT(rejected, 5);
}

TEST(Reader, ThePagesEdgesOnATableAreNoWriting) {
  ink::Raster page = drawn(written("42\n71\n20"));
  ink::GreyImage& image = page.grey;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (y < x / 16 || x < (image.height - y) / 30) image.at(x, y) = 120;
    }
  }
  for (const Mode mode : {Mode::kPage, Mode::kAuto})
    EXPECT_EQ(read_as(mode, page).reading.text, "42\n71\n20");
}

TEST(Reader, APageInHalfShadowOnRuledPaper) {
  const std::string text = "4207 12\n71 20\n20714\n402";
  ink::Strokes strokes = written(text);
  for (ink::Stroke& stroke : strokes.strokes) {
    for (ink::Point& p : stroke) p.x = 60 + p.x / 2, p.y = 60 + p.y / 2;
  }
  ink::GreyImage image = ink::rasterize(strokes, 800, 600, {.width = 5});
  std::mt19937 random(1);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const bool rule = (y + x / 40) % 40 < 2;
      const double paper = rule ? 190 : 230;
      const double grey = paper - (paper - 60) * image.at(x, y) / 255;
      const double light = 2 * y + x > 600 ? 0.65 : 1;
      image.at(x, y) = static_cast<std::uint8_t>(grey * light + static_cast<double>(random() % 9));
    }
  }
  EXPECT_EQ(read_as(Mode::kPage, ink::Raster{image, {}}).reading.text, text);
}

TEST(Reader, ABlotBesideALineOfAPageTakesNothingFromIt) {
  ink::Raster page = drawn(written("42\n71\n20 7"));
  // Crossed out: hatching that hangs together.
  for (int y = 40; y < 135; ++y) {
    for (int x = 330; x < 430; ++x) {
      if ((x + y) % 17 < 5 || (3 * x - y + 400) % 23 < 7) page.grey.at(x, y) = 60;
    }
  }
  const Reading reading = read_as(Mode::kPage, page).reading;
  EXPECT_EQ(reading.text, "42\n71\n20 7");
  EXPECT_GE(reading.glyphs.size(), 7U);
}

// W and M are wide, and O may be 0: none of that makes them two letters.
TEST(Reader, WordsAreNotCutToPieces) {
  const Recognizer letters(
      *Model::load_file(std::string(LONGHAND_SOURCE_DIR) + "/models/alphanumeric.onnx"));
  const ink::Stroke w = {{0, 0}, {22, 95}, {45, 20}, {68, 95}, {90, 0}};
  const ink::Stroke m = {{0, 95}, {10, 0}, {42, 70}, {74, 0}, {84, 95}};
  ink::Strokes strokes;
  float x = 40;
  for (const ink::Stroke& letter : {w, written('0').strokes[0], m, w}) {
    ink::Stroke stroke = letter;
    for (ink::Point& p : stroke) p.x += x, p.y += 40;
    x = ink::bounds({{stroke}}).x + ink::bounds({{stroke}}).w + 22;
    strokes.strokes.push_back(std::move(stroke));
  }
  EXPECT_EQ(read(letters, strokes, {.mode = Mode::kLine}).reading.text, "WOMW");
  EXPECT_EQ(read(letters, drawn(strokes), {.mode = Mode::kAuto}).reading.text, "WOMW");
}

TEST(Reader, APageOfManyLinesIsNoGlyph) {
  // As high as wide, and less sure as a whole than any one glyph.
  const std::string text = "4207\n7124\n2071\n4020\n1742";
  for (const Writing& writing :
       {read_as(Mode::kAuto, written(text)), read_as(Mode::kAuto, drawn(written(text)))})
    EXPECT_EQ(writing.reading.text, text);
}

TEST(Reader, UnderlinesAreNoWriting) {
  const auto underlined = [](const std::string& text, float y) {
    ink::Strokes strokes = written(text);
    const ink::Box box = ink::bounds(strokes);
    strokes.strokes.push_back(
        {{box.x - 12, y}, {box.x + box.w / 2, y - 3}, {box.x + box.w + 15, y - 2}});
    return strokes;
  };
  for (const auto& [mode, text] : {std::pair{Mode::kGlyph, "7"},
                                   {Mode::kAuto, "7"},
                                   {Mode::kLine, "714"},
                                   {Mode::kAuto, "2071"}}) {
    const ink::Strokes strokes = underlined(text, 160);
    EXPECT_EQ(read_as(mode, strokes).reading.text, text);
    EXPECT_EQ(read_as(mode, drawn(strokes)).reading.text, text);
  }
  const ink::Strokes page = underlined("42\n71", 335);
  EXPECT_EQ(read_as(Mode::kAuto, page).reading.text, "42\n71");
  EXPECT_EQ(read_as(Mode::kAuto, drawn(page)).reading.text, "42\n71");
}

TEST(Reader, APatternRestrictsOneGlyphAndALine) {
  const ink::Raster seven = drawn(written("7"));
  const Reading not_seven = read_as(Mode::kGlyph, seven, "1").reading;
  ASSERT_EQ(not_seven.glyphs.size(), 1U);
  EXPECT_EQ(not_seven.glyphs[0].candidates.size(), 1U);
  EXPECT_EQ(not_seven.glyphs[0].text, "1");
  EXPECT_EQ(read_as(Mode::kGlyph, seven, "d").reading.text, "7");

  const ink::Raster line = drawn(written("4207"));
  EXPECT_EQ(read_as(Mode::kLine, line, "dddd").reading.text, "4207");
  EXPECT_EQ(read_as(Mode::kAuto, line, "d+").reading.text, "4207");
  const Reading too_long = read_as(Mode::kLine, line, "dddddddddd").reading;
  EXPECT_TRUE(too_long.rejected);
  EXPECT_EQ(too_long.text, "");
}

TEST(Reader, ADashThatTheModelDoesNotKnowStandsWhereThePatternHasIt) {
  ink::Strokes strokes = written("42");
  ink::Strokes rest = written("70");
  strokes.strokes.push_back({{230, 90}, {270, 90}});
  for (ink::Stroke stroke : rest.strokes) {
    for (ink::Point& p : stroke) p.x += 260;
    strokes.strokes.push_back(stroke);
  }
  for (const Writing& writing :
       {read_as(Mode::kLine, drawn(strokes), "dd-dd"), read_as(Mode::kLine, strokes, "dd-dd")}) {
    ASSERT_EQ(writing.reading.glyphs.size(), 5U);
    EXPECT_EQ(writing.reading.glyphs[2].text, "-");
    EXPECT_EQ(writing.reading.glyphs[0].text + writing.reading.glyphs[4].text, "40");
  }
}

TEST(Reader, HostilePicturesAndBoardsAreBounded) {
  std::mt19937 random(3);
  ink::GreyImage noise(48, 48);
  for (auto& pixel : noise.pixels) pixel = random() % 7 == 0 ? 0 : 255;
  ink::Strokes scribble{{{}}};
  std::uniform_real_distribution<float> place(0, 1000);
  for (int i = 0; i < 100; ++i) scribble.strokes[0].push_back({place(random), place(random)});
  ink::Strokes dots;
  for (int i = 0; i < 60; ++i) dots.strokes.push_back({{place(random), place(random)}});
  for (const Mode mode : {Mode::kLine, Mode::kPage, Mode::kAuto}) {
    read_as(mode, ink::Raster{noise, {}});
    read_as(mode, scribble);
    read_as(mode, dots);
  }
}

TEST(Reader, RefusesWhatTheModelCannotDo) {
  Card card = digits().model().card();
  const auto refused = [&](Mode mode, const char* pattern) {
    ReadOptions options{mode, std::nullopt};
    if (pattern != nullptr) options.pattern = *Pattern::parse(pattern);
    const auto result = check(options, card);
    return result ? std::string() : result.error().message;
  };
  EXPECT_THAT(refused(Mode::kGlyph, "dd"), HasSubstr("several characters"));
  EXPECT_THAT(refused(Mode::kLine, "dda"), HasSubstr("doesn't know"));
  EXPECT_THAT(refused(Mode::kGlyph, "-"), HasSubstr("doesn't know"));
  EXPECT_EQ(refused(Mode::kLine, "dd-dd"), "");
  card.normalization = ink::Normalization::kRaw;
  EXPECT_THAT(refused(Mode::kLine, nullptr), HasSubstr("glyph or auto"));
  EXPECT_EQ(refused(Mode::kAuto, nullptr), "");
  EXPECT_THAT(parse_mode("telepathy").error().message, HasSubstr("glyph, line, page, auto"));
}

}  // namespace
}  // namespace longhand::recognizer
