#include "recognizer/card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "base/sha256.h"
#include "recognizer/tiny_model.h"

namespace longhand::recognizer {
namespace {

using testing::HasSubstr;

TEST(Utf8, SplitsAndJoins) {
  const auto split = split_code_points("a\u00e9\u4e03\U0001d7d8");
  ASSERT_TRUE(split);
  EXPECT_EQ(*split, (std::vector<std::string>{"a", "\u00e9", "\u4e03", "\U0001d7d8"}));
  for (const char32_t c : {U'0', U'\u00e9', U'\u4e03', U'\U0001d7d8', U'\U0010ffff'}) {
    EXPECT_EQ(first_code_point(to_utf8(c)), c);
    EXPECT_EQ(split_code_points(to_utf8(c))->size(), 1U);
  }
}

TEST(Utf8, RefusesWhatIsNone) {
  for (const std::string bad : {"\x80", "\xc0\xaf", "\xc1\x81", "\xe0\x80\xaf", "\xed\xa0\x80",
                                "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xe4\xb8", "\xff"}) {
    const auto result = split_code_points(bad);
    ASSERT_FALSE(result) << to_hex(
        std::span(reinterpret_cast<const std::uint8_t*>(bad.data()), bad.size()));
    EXPECT_THAT(result.error().message, HasSubstr("position"));
  }
}

TEST(Card, GoesThroughMetadataUnchanged) {
  Card card = digits_card("mine");
  card.temperature = 1.2345678F;
  card.lookalike_temperature = 1.75F;
  card.reject_threshold = 0.1F;
  card.notes["seed"] = "7";
  const auto back = card_from_metadata(to_metadata(card));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->name, card.name);
  EXPECT_EQ(back->alphabet_name, "digits");
  EXPECT_EQ(back->alphabet, card.alphabet);
  EXPECT_EQ(back->normalization, card.normalization);
  EXPECT_EQ(back->temperature, card.temperature);
  EXPECT_EQ(back->lookalike_temperature, card.lookalike_temperature);
  EXPECT_EQ(back->reject_threshold, card.reject_threshold);
  EXPECT_EQ(back->notes, card.notes);
}

TEST(Card, OfPairsNamesTheirCharactersOnce) {
  Card card = digits_card("pairs");
  card.alphabet = all_pairs({"a", "\u00e9"});
  card.glyphs = 2;
  const auto metadata = to_metadata(card);
  EXPECT_EQ(metadata.at("characters"), "a\u00e9");
  EXPECT_EQ(metadata.at("glyphs"), "2");
  const auto back = card_from_metadata(metadata);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->glyphs, 2);
  EXPECT_EQ(back->alphabet, (std::vector<std::string>{"aa", "a\u00e9", "\u00e9a", "\u00e9\u00e9"}));
}

// Of a thousand characters there would be a million pairs.
TEST(Card, RefusesMorePairsThanClasses) {
  auto metadata = to_metadata(digits_card("pairs"));
  metadata["glyphs"] = "2";
  metadata["characters"].clear();
  for (char32_t c = 0x4e00; c < 0x4e00 + 400; ++c) metadata["characters"] += to_utf8(c);
  EXPECT_THAT(card_from_metadata(metadata).error().message, HasSubstr("100000 pairs"));
}

struct Fault {
  const char* key;
  const char* value;  // nullptr: the key is missing
  const char* message;
};

class BrokenCard : public testing::TestWithParam<Fault> {};
INSTANTIATE_TEST_SUITE_P(
    Card, BrokenCard,
    testing::Values(
        Fault{"format", nullptr, "\"format\" is missing"}, Fault{"format", "2", "format 1"},
        Fault{"name", "", "\"name\" must be"}, Fault{"name", "../evil", "\"name\" must be"},
        Fault{"alphabet", "Ziffern", "\"alphabet\" must be"},
        Fault{"characters", "", "1 to 100000"}, Fault{"characters", "0120", "twice"},
        Fault{"characters", "\xff", "UTF-8"}, Fault{"glyphs", "3", "1 or 2"},
        Fault{"normalization", "ink-99", "ink-99"}, Fault{"input", "28x28", "like 1x28x28"},
        Fault{"input", "1x28x32", "like 1x28x28"}, Fault{"input", "1x0x0", "like 1x28x28"},
        Fault{"input", "1x99999999999x28", "like 1x28x28"},
        Fault{"temperature", "0", "from 0.01 to 100"},
        Fault{"temperature", "nan", "from 0.01 to 100"},
        Fault{"temperature", "1,5", "from 0.01 to 100"},
        Fault{"lookalike_temperature", "0", "from 0.01 to 100"},
        Fault{"reject_threshold", "1.5", "from 0 to 1"},
        Fault{"reject_threshold", nullptr, "is missing"}));

TEST_P(BrokenCard, IsRefusedWithItsKeyNamed) {
  auto metadata = to_metadata(digits_card("mine"));
  const auto& [key, value, message] = GetParam();
  if (value == nullptr) {
    metadata.erase(key);
  } else {
    metadata[key] = value;
  }
  const auto result = card_from_metadata(metadata);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr(message));
}

TEST(Alphabet, HoldsItsCharactersOnceInOrder) {
  for (const auto& [name, size, first, last] :
       {std::tuple("digits", 10U, "0", "9"), std::tuple("letters", 52U, "A", "z"),
        std::tuple("alphanumeric", 62U, "0", "z"), std::tuple("symbols", 22U, "0", "¥")}) {
    const auto alphabet = builtin_alphabet(name);
    ASSERT_TRUE(alphabet) << name;
    EXPECT_EQ(alphabet->size(), size) << name;
    EXPECT_EQ(alphabet->front(), first) << name;
    EXPECT_EQ(alphabet->back(), last) << name;
    EXPECT_EQ(std::set(alphabet->begin(), alphabet->end()).size(), size) << name;
  }
}

TEST(Alphabet, AnUnknownOneListsThoseThereAre) {
  EXPECT_THAT(builtin_alphabet("runes").error().message,
              HasSubstr("digits, letters, alphanumeric, symbols"));
}

}  // namespace
}  // namespace longhand::recognizer
