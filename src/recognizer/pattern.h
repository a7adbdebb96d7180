#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace longhand::recognizer {

// What a text must look like, for a reader that knows it: "dddd-dd-dd", "Add", "d+".
//
//     d  a digit 0-9            +  one or more of the element before it
//     a  a letter of A-Z, a-z   *  any number of it, none too
//     A  a letter of A-Z        ?  one of it or none
//     x  any character          \  the next character itself: \d is the letter d
//
// Every other character stands for itself. The whole text must fit, a page's line by line; blanks
// between words aren't counted. Immutable.
class Pattern {
 public:
  static constexpr std::size_t kMostElements = 64;

  // One place of the text, or none, or many.
  struct Element {
    enum class Kind { kDigit, kLetter, kUpper, kAny, kLiteral };
    Kind kind = Kind::kAny;
    std::string literal = {};  // UTF-8, of kLiteral
    bool optional = false;     // may be left out
    bool repeated = false;     // may stand again after itself

    // Whether a character (one code point, UTF-8) may stand here.
    bool takes(std::string_view character) const;
  };

  // kInvalidArgument, saying what is wrong and where, for a pattern that is empty, too long, no
  // UTF-8, or has a +, * or ? after nothing or a \ before nothing.
  static Result<Pattern> parse(std::string_view text);
  // Any characters, as many as there are: what reading without a pattern means.
  static Pattern anything();

  const std::vector<Element>& elements() const { return elements_; }
  // Whether a text of one character may fit; and whether this one does.
  bool takes_one() const;
  bool takes_alone(std::string_view character) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<Element> elements_;
};

}  // namespace longhand::recognizer
