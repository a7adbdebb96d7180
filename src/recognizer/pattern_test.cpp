#include "recognizer/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace longhand::recognizer {
namespace {

using testing::HasSubstr;

Pattern parsed(std::string_view text) {
  auto pattern = Pattern::parse(text);
  EXPECT_TRUE(pattern) << text;
  return pattern ? *pattern : Pattern::anything();
}

TEST(Pattern, ElementsTakeTheirCharactersAndNoOthers) {
  const auto takes = [](std::string_view pattern, std::string_view character) {
    return parsed(pattern).elements()[0].takes(character);
  };
  EXPECT_TRUE(takes("d", "7"));
  EXPECT_FALSE(takes("d", "a"));
  EXPECT_TRUE(takes("a", "a") && takes("a", "Z"));
  EXPECT_FALSE(takes("a", "7") || takes("a", "é"));
  EXPECT_TRUE(takes("A", "Q"));
  EXPECT_FALSE(takes("A", "q"));
  EXPECT_TRUE(takes("x", "七"));
  EXPECT_TRUE(takes("-", "-"));
  EXPECT_TRUE(takes("\\d", "d"));
  EXPECT_FALSE(takes("\\d", "7"));
  EXPECT_TRUE(takes("七", "七"));
}

TEST(Pattern, CountsSayWhatMayBeMissingAndWhatRepeated) {
  const auto shape = [](std::string_view pattern) {
    std::string text;
    const Pattern of = parsed(pattern);
    for (const auto& e : of.elements()) {
      text += e.optional ? (e.repeated ? '*' : '?') : '1';
    }
    return text;
  };
  EXPECT_EQ(shape("dddd-dd-dd"), "1111111111");
  EXPECT_EQ(shape("d+"), "1*");
  EXPECT_EQ(shape("-?d*"), "?*");
}

TEST(Pattern, OneCharacterAlone) {
  EXPECT_TRUE(parsed("d").takes_one());
  EXPECT_TRUE(parsed("-?d+").takes_one());
  EXPECT_FALSE(parsed("dd").takes_one());
  EXPECT_TRUE(parsed("-?d+").takes_alone("3"));
  EXPECT_FALSE(parsed("-?d+").takes_alone("-"));
  EXPECT_TRUE(parsed("-?d*").takes_alone("-"));
  EXPECT_FALSE(parsed("dd").takes_alone("3"));
}

TEST(Pattern, RefusesWithThePlaceAndWhatWouldBeRight) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "is empty"},        {"+d", "+ at place 1"}, {"d++", "+ at place 3"},
      {"d\\", "ends in a \\"}, {"\xff", "no UTF-8"},   {std::string(65, 'd'), "more than 64"}};
  for (const auto& [text, message] : wrong) {
    const auto pattern = Pattern::parse(text);
    ASSERT_FALSE(pattern) << text;
    EXPECT_EQ(pattern.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(pattern.error().message, HasSubstr(message));
    EXPECT_THAT(pattern.error().message, HasSubstr("dddd-dd-dd"));
  }
  EXPECT_TRUE(Pattern::parse(std::string(64, 'd')));
}

}  // namespace
}  // namespace longhand::recognizer
