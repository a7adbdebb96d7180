#pragma once

#include <span>
#include <string>
#include <vector>

namespace longhand::recognizer {

// What stands beside what in numbers, dates, times and amounts of money: no full stop after a
// full stop, no slash where a number begins, nothing but the end after a percent sign. For
// alphabets of digits and signs (sign_size.h), whose shapes alone tell neither a slash from a
// leaning 1 nor a dash from a long dot. By the kinds of neighbours; from how people write, no set
// of data.
class NumberContext {
 public:
  // Whether an alphabet has signs beside digits and nothing else.
  static bool applies_to(std::span<const std::string> alphabet);

  // REQUIRES: applies_to(alphabet).
  explicit NumberContext(std::span<const std::string> alphabet);

  // What it is worth, as a logarithm, that two glyphs are neighbours in one number; each by its
  // distribution over the alphabet. 0 for two digits, else less.
  double worth_of(std::span<const float> left, std::span<const float> right) const;

  // Weighs what the glyphs of one line may be by their neighbours in the same number: a hidden
  // Markov model of their kinds. characters[i] is the distribution of glyph i, whose sum stays as
  // it is; starts_number[i], whether there is a gap before it.
  void weigh(const std::vector<bool>& starts_number,
             std::vector<std::vector<float>>& characters) const;

  // The same for a glyph that stands alone: a lone slash is a 1 sooner.
  void weigh_alone(std::span<float> characters) const;

 private:
  std::vector<std::size_t> kinds_;  // of the alphabet's characters
};

}  // namespace longhand::recognizer
