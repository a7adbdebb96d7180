#include "ink/normalize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "ink/rasterize.h"

namespace longhand::ink {
namespace {

// A seven with a hook and a two, as a hand might draw them on a board of 100.
Strokes seven() {
  Strokes s;
  Stroke bar, leg;
  for (int i = 0; i <= 20; ++i) {
    const float t = static_cast<float>(i) / 20;
    bar.push_back({28 + 44 * t, 20 - 3 * t});
    leg.push_back({72 - 26 * t - 4 * t * t, 17 + 63 * t});
  }
  s.strokes = {bar, leg};
  return s;
}

Strokes two() {
  Strokes s;
  Stroke path;
  for (int i = 0; i <= 24; ++i) {
    const float a = 3.4F - 4.2F * static_cast<float>(i) / 24;
    path.push_back({50 + 20 * std::cos(a), 36 - 18 * std::sin(a)});
  }
  path.push_back({28, 82});
  path.push_back({76, 81});
  s.strokes = {path};
  return s;
}

Strokes moved(const Strokes& strokes, float scale, float dx, float dy) {
  Strokes result = strokes;
  for (Stroke& stroke : result.strokes) {
    for (Point& p : stroke) p.x = p.x * scale + dx, p.y = p.y * scale + dy;
  }
  return result;
}

GreyImage draw(const Strokes& strokes, int size, float width, float hardness = 1) {
  return rasterize(moved(strokes, static_cast<float>(size) / 100, 0, 0), size, size,
                   Brush{width, hardness, false});
}

GreyImage ink1(const Raster& raster) {
  const auto glyph = normalize(raster, Normalization::kInk1);
  EXPECT_TRUE(glyph.has_value());
  return glyph ? glyph->image : GreyImage(28, 28);
}
GreyImage ink1(const GreyImage& grey) { return ink1(Raster{grey, {}}); }

// The mean difference of two glyphs as a share of their mean ink: 0 the same, 2 nothing in common.
double difference(const GreyImage& a, const GreyImage& b) {
  double apart = 0, ink = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    apart += std::abs(int{a.pixels[i]} - int{b.pixels[i]});
    ink += (int{a.pixels[i]} + int{b.pixels[i]}) / 2.0;
  }
  return apart / ink;
}

// A shift by a third of a pixel makes as much; two digits are far further apart.
constexpr double kAlike = 0.35;

TEST(Difference, TellsDigitsApart) {
  EXPECT_GT(difference(ink1(draw(seven(), 140, 8)), ink1(draw(two(), 140, 8))), 3 * kAlike);
}

class BothDigits : public testing::TestWithParam<Strokes (*)()> {
 protected:
  Strokes strokes = GetParam()();
  GreyImage usual = ink1(draw(strokes, 140, 8));
};
INSTANTIATE_TEST_SUITE_P(Ink1, BothDigits, testing::Values(&seven, &two));

TEST_P(BothDigits, PensOfAnyWidthLookAlike) {
  for (const float width : {1.0F, 2.0F, 4.0F, 14.0F, 28.0F}) {
    EXPECT_LT(difference(ink1(draw(strokes, 280, width)), usual), kAlike) << width;
  }
  EXPECT_LT(difference(ink1(draw(strokes, 28, 2)), usual), kAlike);
  EXPECT_LT(difference(ink1(draw(strokes, 280, 30, 0)), usual), kAlike) << "a soft brush";
}

TEST_P(BothDigits, TheBoardsBrushPlaysNoPartInStrokes) {
  const auto glyph = normalize(strokes, Normalization::kInk1);
  ASSERT_TRUE(glyph);
  EXPECT_LT(difference(glyph->image, usual), 0.2);
  for (const float scale : {0.01F, 30.0F}) {
    const auto other = normalize(moved(strokes, scale, -700, 900), Normalization::kInk1);
    ASSERT_TRUE(other);
    EXPECT_LT(difference(glyph->image, other->image), 0.02) << scale;
  }
}

TEST_P(BothDigits, PolarityDoesNotMatter) {
  GreyImage dark = draw(strokes, 140, 8);
  for (auto& p : dark.pixels) p = static_cast<std::uint8_t>(255 - p);
  EXPECT_LT(difference(ink1(dark), usual), 0.01);
}

TEST_P(BothDigits, ContrastDoesNotMatter) {
  GreyImage faint = draw(strokes, 140, 8);
  for (auto& p : faint.pixels) p = static_cast<std::uint8_t>(120 - p / 8);
  EXPECT_LT(difference(ink1(faint), usual), 0.06);
}

TEST_P(BothDigits, PlaceAndMarginDoNotMatter) {
  const GreyImage drawn = draw(strokes, 90, 5);
  const GreyImage alone = ink1(drawn);
  GreyImage sheet(400, 300, 0);
  for (int y = 0; y < 90; ++y) {
    for (int x = 0; x < 90; ++x) sheet.at(x + 301, y + 7) = drawn.at(x, y);
  }
  EXPECT_LT(difference(ink1(sheet), alone), 0.12);
}

TEST_P(BothDigits, LightFromOneSideDoesNotMatter) {
  GreyImage photo = draw(strokes, 140, 8);
  std::mt19937 random(7);
  std::uniform_int_distribution<int> noise(-3, 3);
  for (int y = 0; y < 140; ++y) {
    for (int x = 0; x < 140; ++x) {
      const int paper = 110 + x / 2 + y / 3;
      photo.at(x, y) =
          static_cast<std::uint8_t>(paper - photo.at(x, y) * 70 / 255 + noise(random));
    }
  }
  EXPECT_LT(difference(ink1(photo), usual), 0.2);
}

TEST_P(BothDigits, SpecksDoNotMatter) {
  GreyImage dirty = draw(strokes, 140, 8);
  dirty.at(3, 3) = dirty.at(135, 4) = dirty.at(70, 138) = 255;
  EXPECT_LT(difference(ink1(dirty), usual), 0.02);
}

TEST_P(BothDigits, OpacityIsInkOnTransparentPaper) {
  const GreyImage drawn = draw(strokes, 140, 8);
  for (const int grey : {0, 255}) {
    Raster raster{GreyImage(140, 140, static_cast<std::uint8_t>(grey)), drawn};
    EXPECT_LT(difference(ink1(raster), usual), 0.01) << grey;
  }
}

TEST_P(BothDigits, ClearMarginsAroundAPictureArePaper) {
  const GreyImage drawn = draw(strokes, 140, 8);
  Raster raster{GreyImage(200, 200, 0), GreyImage(200, 200, 0)};
  for (int y = 0; y < 140; ++y) {
    for (int x = 0; x < 140; ++x) {
      raster.grey.at(x + 20, y + 40) = static_cast<std::uint8_t>(250 - drawn.at(x, y) * 220 / 255);
      raster.alpha.at(x + 20, y + 40) = 255;
    }
  }
  EXPECT_LT(difference(ink1(raster), usual), 0.06);
}

TEST_P(BothDigits, SitsWhereMnistPutsIt) {
  double mass = 0, x_mass = 0, y_mass = 0;
  for (int y = 0; y < 28; ++y) {
    for (int x = 0; x < 28; ++x) {
      const double ink = usual.at(x, y);
      mass += ink, x_mass += ink * (x + 0.5), y_mass += ink * (y + 0.5);
      const bool rim = x == 0 || y == 0 || x == 27 || y == 27;
      EXPECT_TRUE(!rim || usual.at(x, y) == 0) << x << ' ' << y;
    }
  }
  EXPECT_NEAR(x_mass / mass, 14, 0.6);
  EXPECT_NEAR(y_mass / mass, 14, 0.6);
}

TEST_P(BothDigits, TheBoxIsWhereTheInkWas) {
  const GreyImage drawn = rasterize(moved(strokes, 1, 50, 20), 300, 200, Brush{6, 1, false});
  const auto glyph = normalize(Raster{drawn, {}}, Normalization::kInk1);
  ASSERT_TRUE(glyph);
  const Box path = bounds(moved(strokes, 1, 50, 20));
  EXPECT_NEAR(glyph->box.x, path.x - 3, 1.5);
  EXPECT_NEAR(glyph->box.y, path.y - 3, 1.5);
  EXPECT_NEAR(glyph->box.w, path.w + 6, 2);
  EXPECT_NEAR(glyph->box.h, path.h + 6, 2);
}

TEST(Ink1, SlantIsTakenOut) {
  Strokes upright = seven(), slanted = upright;
  for (Stroke& stroke : slanted.strokes) {
    for (Point& p : stroke) p.x -= 0.3F * (p.y - 50);
  }
  const GreyImage a = ink1(draw(upright, 140, 8)), b = ink1(draw(slanted, 140, 8));
  // Most of it: the rest is a quarter of 0.3, a little over two pixels from top to bottom.
  EXPECT_LT(difference(a, b), 0.75);
}

TEST(Ink1, NothingWrittenIsNoGlyph) {
  EXPECT_FALSE(normalize(Raster{}, Normalization::kInk1));
  for (const int level : {0, 128, 255}) {
    const GreyImage flat(64, 48, static_cast<std::uint8_t>(level));
    EXPECT_FALSE(normalize(Raster{flat, {}}, Normalization::kInk1)) << level;
  }
  GreyImage shaded(120, 80), grainy(120, 80), speck(120, 80, 250);
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 4);
  for (int y = 0; y < 80; ++y) {
    for (int x = 0; x < 120; ++x) {
      shaded.at(x, y) = static_cast<std::uint8_t>(60 + x + y / 2);
      grainy.at(x, y) = static_cast<std::uint8_t>(200 + noise(random));
    }
  }
  speck.at(60, 40) = 0;
  EXPECT_FALSE(normalize(Raster{shaded, {}}, Normalization::kInk1));
  EXPECT_FALSE(normalize(Raster{grainy, {}}, Normalization::kInk1));
  EXPECT_FALSE(normalize(Raster{speck, {}}, Normalization::kInk1));
  Raster clear{GreyImage(50, 50, 77), GreyImage(50, 50, 0)};
  EXPECT_FALSE(normalize(clear, Normalization::kInk1));
  EXPECT_FALSE(normalize(Strokes{}, Normalization::kInk1));
  EXPECT_FALSE(normalize(Strokes{{{}, {}}}, Normalization::kInk1));
}

TEST(Ink1, TakesAnyShapeOfPicture) {
  for (const auto& [w, h] : {std::pair{1, 1}, {1, 500}, {500, 1}, {3, 3}, {2000, 3}, {5, 4000}}) {
    GreyImage image(w, h, 10);
    for (int i = 0; i < std::max(w, h); i += 3) image.at(i % w, i % h) = 240;
    const auto glyph = normalize(Raster{image, {}}, Normalization::kInk1);
    EXPECT_TRUE(!glyph || glyph->image.pixels.size() == 784U);
  }
}

TEST(Ink1, StrokesOfAnyExtentAreTaken) {
  const Strokes dot{{{{5, 5}}}};
  const auto glyph = normalize(dot, Normalization::kInk1);
  ASSERT_TRUE(glyph);
  EXPECT_GT(glyph->image.at(14, 14), 100);
  EXPECT_EQ(glyph->image.at(3, 14), 0) << "a dot stays one";
  EXPECT_TRUE(normalize(Strokes{{{{-1e6F, -1e6F}, {1e6F, 1e6F}}}}, Normalization::kInk1));
  EXPECT_TRUE(normalize(Strokes{{{{1e6F, 0}, {999999.94F, 0}}}}, Normalization::kInk1));
}

TEST(Ink1, AScribbleOfManyPointsIsBoundedWork) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> place(0, 1000);
  Strokes scribble;
  scribble.strokes.emplace_back();
  for (int i = 0; i < 50'000; ++i) scribble.strokes[0].push_back({place(random), place(random)});
  ASSERT_TRUE(check(scribble));
  EXPECT_TRUE(normalize(scribble, Normalization::kInk1));
}

TEST(Raw, ScalesTheWholePictureAndNothingElse) {
  GreyImage image(28, 28);
  for (std::size_t i = 0; i < 784; ++i) image.pixels[i] = static_cast<std::uint8_t>(i % 251);
  const auto same = normalize(Raster{image, {}}, Normalization::kRaw);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->image, image);
  EXPECT_EQ(same->box, (Box{0, 0, 28, 28}));
  const GreyImage flat(300, 100, 93);
  const auto reduced = normalize(Raster{flat, {}}, Normalization::kRaw);
  ASSERT_TRUE(reduced);
  EXPECT_EQ(reduced->image, GreyImage(28, 28, 93));
}

TEST(Names, GoBothWays) {
  for (const auto n : {Normalization::kRaw, Normalization::kInk1, Normalization::kInk2}) {
    EXPECT_EQ(parse_normalization(to_string(n)), n);
  }
  EXPECT_FALSE(parse_normalization("ink-0"));
}

}  // namespace
}  // namespace longhand::ink
