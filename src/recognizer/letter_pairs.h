#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace longhand::recognizer {

// Which letters follow which in words, whatever their case: ll and u look alike, and after q comes
// u. By how often they do so in five languages that Latin letters write (script/letter-pairs), and
// softly, so that a name or a code of other letters is read as it stands. Digits and marks go with
// everything.
class LetterPairs {
 public:
  explicit LetterPairs(std::span<const std::string> alphabet);

  // What it is worth, as a logarithm, that two glyphs are neighbours in one word, each by its
  // distribution over the alphabet: about 0 for letters that often are.
  double worth_of(std::span<const float> left, std::span<const float> right) const;

  // Weighs what the glyphs of one line may be by their neighbours in the same word: a hidden Markov
  // model of the letters. characters[i] is the distribution of glyph i, whose sum stays as it is,
  // as do the shares of either case of a letter; starts_word[i], whether there is a gap before it.
  void weigh(const std::vector<bool>& starts_word,
             std::vector<std::vector<float>>& characters) const;

 private:
  std::vector<std::size_t> letters_;  // of the alphabet's characters
};

}  // namespace longhand::recognizer
