#include "recognizer/pattern.h"

#include <algorithm>

#include "recognizer/card.h"

namespace longhand::recognizer {
namespace {

using Element = Pattern::Element;
using Kind = Element::Kind;

bool is_one_of(std::string_view character, char first, char last) {
  return character.size() == 1 && character[0] >= first && character[0] <= last;
}

Element element_of(const std::string& character) {
  if (character == "d") return {.kind = Kind::kDigit};
  if (character == "a") return {.kind = Kind::kLetter};
  if (character == "A") return {.kind = Kind::kUpper};
  if (character == "x") return {.kind = Kind::kAny};
  return {.kind = Kind::kLiteral, .literal = character};
}

bool is_count(const std::string& character) {
  return character == "+" || character == "*" || character == "?";
}

// Elements that must stand in any text.
std::size_t least_length(const std::vector<Element>& elements) {
  return static_cast<std::size_t>(std::count_if(elements.begin(), elements.end(),
                                                [](const Element& e) { return !e.optional; }));
}

}  // namespace

bool Element::takes(std::string_view character) const {
  switch (kind) {
    case Kind::kDigit:
      return is_one_of(character, '0', '9');
    case Kind::kLetter:
      return is_one_of(character, 'A', 'Z') || is_one_of(character, 'a', 'z');
    case Kind::kUpper:
      return is_one_of(character, 'A', 'Z');
    case Kind::kAny:
      return true;
    case Kind::kLiteral:
      return character == literal;
  }
  return false;
}

Result<Pattern> Pattern::parse(std::string_view text) {
  const auto refuse = [](const std::string& what) {
    return fail(ErrorCode::kInvalidArgument,
                "the pattern " + what +
                    "; a pattern is like dddd-dd-dd: d a digit, a a letter, A a capital, x any "
                    "character, \\ before a character that stands for itself, and +, * or ? after "
                    "one that is repeated or may be missing");
  };
  const auto characters = split_code_points(text);
  if (!characters) return refuse("is no UTF-8");
  if (characters->empty()) return refuse("is empty");
  Pattern pattern;
  pattern.text_ = text;
  bool countable = false;  // whether a +, * or ? may come now
  for (std::size_t i = 0; i < characters->size(); ++i) {
    const std::string& character = (*characters)[i];
    if (is_count(character)) {
      if (!countable) {
        return refuse("has a " + character + " at place " + std::to_string(i + 1) +
                      " with nothing before it to repeat");
      }
      countable = false;
      if (character == "+") pattern.elements_.push_back(pattern.elements_.back());
      pattern.elements_.back().optional = true;
      pattern.elements_.back().repeated = character != "?";
      continue;
    }
    countable = true;
    if (character != "\\") {
      pattern.elements_.push_back(element_of(character));
    } else if (++i < characters->size()) {
      pattern.elements_.push_back({.kind = Kind::kLiteral, .literal = (*characters)[i]});
    } else {
      return refuse("ends in a \\ with no character after it");
    }
  }
  if (pattern.elements_.size() > kMostElements) {
    return refuse("has more than " + std::to_string(kMostElements) + " places");
  }
  return pattern;
}

Pattern Pattern::anything() {
  Pattern pattern;
  pattern.text_ = "x*";
  pattern.elements_.push_back({.kind = Kind::kAny, .optional = true, .repeated = true});
  return pattern;
}

bool Pattern::takes_one() const {
  return std::any_of(elements_.begin(), elements_.end(), [&](const Element& element) {
    return least_length(elements_) <= (element.optional ? 0U : 1U);
  });
}

bool Pattern::takes_alone(std::string_view character) const {
  return std::any_of(elements_.begin(), elements_.end(), [&](const Element& element) {
    return element.takes(character) && least_length(elements_) <= (element.optional ? 0U : 1U);
  });
}

}  // namespace longhand::recognizer
