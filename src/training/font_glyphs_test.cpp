#include "training/font_glyphs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <set>

#include "data/test_files.h"
#include "recognizer/card.h"
#include "source_folder.h"

namespace longhand::training {
namespace {

using testing::HasSubstr;

constexpr const char* kFonts = LONGHAND_SOURCE_DIR "/tests/data/fonts";

TEST(FontGlyphs, AreDrawnForEachCharacterThatTheFontHas) {
  auto alphabet = *recognizer::builtin_alphabet("alphanumeric");
  alphabet.push_back("手");
  const auto set = draw_fonts(kFonts, alphabet);
  ASSERT_TRUE(set) << set.error().message;
  ASSERT_EQ(set->samples.size(), 62U);
  std::set<std::vector<std::uint8_t>> pictures;
  for (std::size_t i = 0; i < 62; ++i) {
    const data::Sample& sample = set->samples[i];
    EXPECT_EQ(sample.label, alphabet[i]);
    EXPECT_EQ(sample.writer, 0);
    EXPECT_EQ(sample.source, "sue-ellen-francisco");
    const auto& grey = std::get<ink::Raster>(sample.input).grey;
    EXPECT_EQ(grey.width, 56);
    EXPECT_EQ(grey.height, 56);
    EXPECT_GT(*std::max_element(grey.pixels.begin(), grey.pixels.end()), 200) << sample.label;
    for (int at = 0; at < 56; ++at) EXPECT_EQ(grey.at(at, 3) + grey.at(3, at), 0) << sample.label;
    pictures.insert(grey.pixels);
  }
  EXPECT_GE(pictures.size(), 60U);  // a plain I and l may be the same
}

TEST(FontGlyphs, SayWhatIsMissingOrBroken) {
  const data::testing::Folder folder;
  EXPECT_THAT(draw_fonts(folder.path() / "none", {"a"}).error().message,
              HasSubstr("script/data fonts"));
  folder.write("readme.txt", std::string("no font"));
  EXPECT_EQ(draw_fonts(folder.path(), {"a"}).error().code, ErrorCode::kNotFound);
  folder.write("broken.ttf", std::string("no font"));
  EXPECT_THAT(draw_fonts(folder.path(), {"a"}).error().message, HasSubstr("broken.ttf is no font"));
}

}  // namespace
}  // namespace longhand::training
