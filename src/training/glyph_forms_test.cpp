#include "training/glyph_forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <set>

#include "ink/normalize.h"
#include "recognizer/card.h"
#include "source_folder.h"

namespace longhand::training {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kForms = R"(forms = [
  { of = "1", name = "a stroke", strokes = ["50,0 50,100"] },
  { of = "7", weight = 2.5, strokes = ["5,3 65.5,3! 30,100", "25% 14,52 60,48"] },
])";

std::string message(const std::string& form) {
  const auto forms = parse_forms("forms = [\n{ of = \"1\", " + form + " } ]", "own.toml");
  return forms ? "no error" : forms.error().message;
}

TEST(GlyphForms, AreReadFromText) {
  const auto forms = parse_forms(kForms, "own.toml");
  ASSERT_TRUE(forms) << forms.error().message;
  ASSERT_EQ(forms->size(), 2U);
  const Form& seven = forms->at(1);
  EXPECT_EQ(forms->at(0).name, "a stroke");
  EXPECT_EQ(seven.character, "7");
  EXPECT_EQ(seven.weight, 2.5F);
  ASSERT_EQ(seven.strokes.size(), 2U);
  EXPECT_THAT(seven.strokes[0].points, ElementsAre(FormPoint{5, 3, false}, FormPoint{65.5, 3, true},
                                                   FormPoint{30, 100, false}));
  EXPECT_EQ(seven.strokes[0].chance, 1);
  EXPECT_EQ(seven.strokes[1].chance, 0.25F);
}

TEST(GlyphForms, NameWhatIsWrongAndWhere) {
  EXPECT_THAT(message("strokes = [\"1,2\"]"),
              AllOf(HasSubstr("own.toml, line 2"), HasSubstr("at least two points")));
  for (const char* stroke : {"1,2 3", "1,2 3,x", "1,2 3,4?", "1,2 3,nan", "1,2 3,1e9", "0% 1,2 3,4",
                             "1,2 50% 3,4", "200% 1,2 3,4", ""}) {
    EXPECT_THAT(message("strokes = [\"" + std::string(stroke) + "\"]"), HasSubstr("two points"))
        << stroke;
  }
  EXPECT_THAT(message("strokes = []"), HasSubstr("array of texts"));
  EXPECT_THAT(message("strokes = [\"50% 1,2 3,4\"]"), HasSubstr("in every writing"));
  EXPECT_THAT(message("weight = 0, strokes = [\"1,2 3,4\"]"), HasSubstr("weight"));
  EXPECT_THAT(message("wieght = 2, strokes = [\"1,2 3,4\"]"), HasSubstr("no such key: wieght"));
  const auto text = [](const char* toml) { return parse_forms(toml, "own.toml").error().message; };
  EXPECT_THAT(text("forms = ["), HasSubstr("own.toml, line 1"));
  EXPECT_THAT(text("forms = [1]"), HasSubstr("must be a table"));
  EXPECT_THAT(text("form = []"), HasSubstr("one array"));
  EXPECT_THAT(text("forms = [{ of = \"12\", strokes = [\"1,2 3,4\"] }]"),
              HasSubstr("one character"));
}

TEST(GlyphForms, AreDrawnAlikeForOneSeedAndEachTimeOtherwise) {
  const auto forms = parse_forms(kForms, "");
  const std::vector<std::string> alphabet{"0", "1", "7"};
  const auto set = draw_forms(*forms, alphabet, 40, 5);
  ASSERT_EQ(set.samples.size(), 40U);
  std::set<std::vector<std::uint8_t>> pictures;
  std::map<std::string, int> labels;
  for (const data::Sample& sample : set.samples) {
    const auto& grey = std::get<ink::Raster>(sample.input).grey;
    EXPECT_EQ(grey.width, 56);
    EXPECT_GT(*std::max_element(grey.pixels.begin(), grey.pixels.end()), 150);
    for (int i = 0; i < 56; ++i) {  // nothing is cut off
      EXPECT_EQ(grey.at(i, 0) + grey.at(i, 55) + grey.at(0, i) + grey.at(55, i), 0);
    }
    pictures.insert(grey.pixels);
    ++labels[sample.label];
  }
  EXPECT_EQ(pictures.size(), 40U);
  EXPECT_EQ(labels["1"], 20);
  EXPECT_EQ(labels["7"], 20);
  const auto again = draw_forms(*forms, alphabet, 40, 5);
  const auto other = draw_forms(*forms, alphabet, 40, 6);
  const auto first = [](const data::Dataset& from) {
    return std::get<ink::Raster>(from.samples[0].input).grey;
  };
  EXPECT_EQ(first(set), first(again));
  EXPECT_NE(first(set), first(other));
  EXPECT_TRUE(draw_forms(*forms, {"x"}, 40, 5).samples.empty());
}

TEST(GlyphForms, AStrokeIsThereAsOftenAsItSays) {
  const auto forms = parse_forms(kForms, "");
  int barred = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    CounterRandom random({i});
    barred += write_form(forms->at(1), random).strokes.size() == 2 ? 1 : 0;
  }
  EXPECT_NEAR(barred, 100, 40);
}

class ShippedForms : public testing::TestWithParam<const char*> {};

TEST_P(ShippedForms, HaveSeveralWaysOfEveryCharacterAndStayInk) {
  const auto forms =
      read_forms(LONGHAND_SOURCE_DIR "/recipes/glyphs/" + std::string(GetParam()) + ".toml");
  ASSERT_TRUE(forms) << forms.error().message;
  const auto alphabet = *recognizer::builtin_alphabet(GetParam());
  for (const std::string& character : alphabet) {
    const auto ways = std::count_if(forms->begin(), forms->end(),
                                    [&](const Form& form) { return form.character == character; });
    EXPECT_GE(ways, 2) << character;
  }
  for (const data::Sample& sample : draw_forms(*forms, alphabet, 400, 1).samples) {
    const auto& raster = std::get<ink::Raster>(sample.input);
    EXPECT_TRUE(ink::normalize(raster, ink::Normalization::kInk1)) << sample.source;
  }
}

INSTANTIATE_TEST_SUITE_P(All, ShippedForms, testing::Values("digits", "letters"));

}  // namespace
}  // namespace longhand::training
