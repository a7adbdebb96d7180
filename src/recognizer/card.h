#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "ink/normalize.h"

namespace longhand::recognizer {

// What a model says of itself: flat strings in ONNX's metadata_props, see docs/formats.md.
struct Card {
  std::string name;  // "digits": lower case, digits and hyphens
  std::string
      alphabet_name;  // "digits", "letters", ...: what `--alphabet` asks for; key "alphabet"
  // The classes, as the logits: one code point each, or all pairs of the characters, in their
  // order; key "characters".
  std::vector<std::string> alphabet;
  int glyphs = 1;  // characters a class, which touch, 1 or 2; key "glyphs", 1 where it is missing
  ink::Normalization normalization = ink::Normalization::kRaw;
  int input_size = 28;    // the input is 1 x input_size x input_size, 0..1, ink 1
  float temperature = 1;  // logits are divided by it before the softmax
  // Confidences of characters that one shape may be are brought nearer to each other by it
  // (lookalikes.h); key "lookalike_temperature", 1 where it is missing: as they are.
  float lookalike_temperature = 1;
  float reject_threshold = 0;  // a glyph whose shape is less sure is rejected (confidences.h)
  std::map<std::string, std::string> notes;  // all other keys: recipe, data, seed, date, ...
};

// From and to metadata_props. from_metadata refuses, naming the key and what it must be, a card
// that lacks a required key, is of another format, repeats a character, names an unknown
// normalization, or has a number that is none or out of range.
Result<Card> card_from_metadata(const std::map<std::string, std::string>& metadata);
std::map<std::string, std::string> to_metadata(const Card& card);

// All pairs of characters: "00", "01", ... for digits.
std::vector<std::string> all_pairs(const std::vector<std::string>& characters);

// Splits UTF-8 into code points; kInvalidArgument for what is no UTF-8.
Result<std::vector<std::string>> split_code_points(std::string_view utf8);
// One code point as UTF-8. `code_point` must be a Unicode scalar value.
std::string to_utf8(char32_t code_point);
// The first code point of well-formed, non-empty UTF-8.
char32_t first_code_point(std::string_view utf8);

// The alphabets that are built in: "digits" (0-9), "letters" (A-Z a-z), "alphanumeric" (both) and
// "symbols" (digits, + - . , / : % # and the signs of dollar, euro, pound and yen), in this order;
// kInvalidArgument for a name that is not known, listing those that are.
Result<std::vector<std::string>> builtin_alphabet(std::string_view name);

}  // namespace longhand::recognizer
