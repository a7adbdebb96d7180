#include "recognizer/card.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <set>

namespace longhand::recognizer {
namespace {

using Metadata = std::map<std::string, std::string>;

constexpr std::string_view kFormat = "1";
constexpr std::size_t kMostClasses = 100'000;

tl::unexpected<Error> bad(const std::string& key, const std::string& what) {
  return fail(ErrorCode::kCorruptModel, "the model's card: \"" + key + "\" " + what);
}

Result<std::string> required(const Metadata& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return bad(key, "is missing");
  return found->second;
}

Result<float> number(const Metadata& metadata, const std::string& key, float low, float high) {
  const auto text = required(metadata, key);
  if (!text) return tl::unexpected(text.error());
  float value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc() || stop != end || !(value >= low && value <= high)) {
    char limits[64];
    std::snprintf(limits, sizeof limits, "%g to %g", static_cast<double>(low),
                  static_cast<double>(high));
    return bad(key, "must be a number from " + std::string(limits));
  }
  return value;
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// The longest run of digits that tells two floats apart, without a locale.
std::string to_text(float value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

// "1x28x28" gives 28.
Result<int> input_size(const std::string& text) {
  int size = 0;
  const char* begin = text.data();
  const char* end = begin + text.size();
  const bool prefixed = text.rfind("1x", 0) == 0;
  const auto [stop, error] = std::from_chars(begin + (prefixed ? 2 : 0), end, size);
  const std::string form = "1x" + std::to_string(size) + "x" + std::to_string(size);
  if (error != std::errc() || text != form || size < 1 || size > 1024) {
    return bad("input", "must be like 1x28x28, a square of at most 1024");
  }
  return size;
}

const std::set<std::string> kKnown = {"format",        "name",
                                      "alphabet",      "characters",
                                      "glyphs",        "input",
                                      "temperature",   "lookalike_temperature",
                                      "normalization", "reject_threshold"};

}  // namespace

Result<Card> card_from_metadata(const Metadata& metadata) {
  Card card;
  const auto format = required(metadata, "format");
  if (!format) return tl::unexpected(format.error());
  if (*format != kFormat) {
    return fail(ErrorCode::kUnsupportedModel,
                "the model's card is of format \"" + *format + "\"; this program reads format 1");
  }
  for (const auto& [key, field] :
       {std::pair{"name", &card.name}, std::pair{"alphabet", &card.alphabet_name}}) {
    const auto value = required(metadata, key);
    if (!value) return tl::unexpected(value.error());
    if (!is_name(*value)) return bad(key, "must be 1 to 64 of a-z, 0-9 and hyphen");
    *field = *value;
  }
  const auto characters = required(metadata, "characters");
  if (!characters) return tl::unexpected(characters.error());
  auto alphabet = split_code_points(*characters);
  if (!alphabet) return bad("characters", "must be UTF-8");
  card.alphabet = std::move(*alphabet);
  if (card.alphabet.empty() || card.alphabet.size() > kMostClasses) {
    return bad("characters", "must hold 1 to 100000 characters");
  }
  if (std::set(card.alphabet.begin(), card.alphabet.end()).size() != card.alphabet.size()) {
    return bad("characters", "must not name a character twice");
  }
  if (const auto glyphs = metadata.find("glyphs"); glyphs != metadata.end()) {
    if (glyphs->second != "1" && glyphs->second != "2") return bad("glyphs", "must be 1 or 2");
    card.glyphs = glyphs->second == "2" ? 2 : 1;
  }
  if (card.glyphs == 2) {
    if (card.alphabet.size() * card.alphabet.size() > kMostClasses) {
      return bad("characters", "of pairs must be few enough for 100000 pairs");
    }
    card.alphabet = all_pairs(card.alphabet);
  }
  const auto normalization = required(metadata, "normalization");
  if (!normalization) return tl::unexpected(normalization.error());
  const auto known = ink::parse_normalization(*normalization);
  if (!known) {
    return fail(ErrorCode::kUnsupportedModel, "the model asks for the normalization \"" +
                                                  *normalization +
                                                  "\"; this program has raw, ink-1 and ink-2");
  }
  card.normalization = *known;
  const auto input = required(metadata, "input");
  if (!input) return tl::unexpected(input.error());
  const auto size = input_size(*input);
  if (!size) return tl::unexpected(size.error());
  card.input_size = *size;
  const auto temperature = number(metadata, "temperature", 0.01F, 100);
  if (!temperature) return tl::unexpected(temperature.error());
  card.temperature = *temperature;
  if (metadata.contains("lookalike_temperature")) {
    const auto lookalikes = number(metadata, "lookalike_temperature", 0.01F, 100);
    if (!lookalikes) return tl::unexpected(lookalikes.error());
    card.lookalike_temperature = *lookalikes;
  }
  const auto threshold = number(metadata, "reject_threshold", 0, 1);
  if (!threshold) return tl::unexpected(threshold.error());
  card.reject_threshold = *threshold;
  for (const auto& [key, value] : metadata) {
    if (kKnown.count(key) == 0) card.notes[key] = value;
  }
  return card;
}

Metadata to_metadata(const Card& card) {
  Metadata metadata = card.notes;
  metadata["format"] = kFormat;
  metadata["name"] = card.name;
  metadata["alphabet"] = card.alphabet_name;
  std::string characters;
  if (card.glyphs == 2) {
    metadata["glyphs"] = "2";
    // The pairs that begin with the first character end with each in turn.
    const std::string first(card.alphabet.front().substr(0, card.alphabet.front().size() / 2));
    for (const std::string& pair : card.alphabet) {
      if (pair.starts_with(first)) characters += pair.substr(first.size());
    }
  } else {
    for (const std::string& c : card.alphabet) characters += c;
  }
  metadata["characters"] = characters;
  metadata["normalization"] = ink::to_string(card.normalization);
  const std::string size = std::to_string(card.input_size);
  metadata["input"] = "1x" + size + "x" + size;
  metadata["temperature"] = to_text(card.temperature);
  if (card.lookalike_temperature != 1)
    metadata["lookalike_temperature"] = to_text(card.lookalike_temperature);
  metadata["reject_threshold"] = to_text(card.reject_threshold);
  return metadata;
}

std::vector<std::string> all_pairs(const std::vector<std::string>& characters) {
  std::vector<std::string> pairs;
  for (const std::string& left : characters) {
    for (const std::string& right : characters) pairs.push_back(left + right);
  }
  return pairs;
}

Result<std::vector<std::string>> builtin_alphabet(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  if (name == "digits") return split_code_points(kDigits);
  if (name == "letters") return split_code_points(kLetters);
  if (name == "alphanumeric") return split_code_points(std::string(kDigits).append(kLetters));
  if (name == "symbols") return split_code_points(std::string(kDigits).append("+-.,/:%#$€£¥"));
  return fail(ErrorCode::kInvalidArgument,
              "there is no alphabet \"" + std::string(name) +
                  "\"; there are: digits, letters, alphanumeric, symbols");
}

}  // namespace longhand::recognizer
