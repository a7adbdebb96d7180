#pragma once

#include <string>
#include <vector>

namespace longhand::recognizer {

// Weighs what glyphs of one line may be by their neighbours in the same word: people write words of
// small letters, of capitals, of a capital and small letters, and numbers, and mix them seldom. So
// O is no 0 in BOX, and l no 1 in hello; what is no look-alike stays what it is, as the digits of
// A4 do. A hidden Markov model of the kinds of characters; each glyph's share of a kind becomes
// what its neighbours leave of it (the forward-backward algorithm). Marks are of no kind and part
// nothing.
//
// characters[i] is the distribution over `alphabet` of glyph i, whose sum stays as it is;
// starts_word[i], whether there is a gap before it.
void weigh_by_neighbours(const std::vector<bool>& starts_word,
                         const std::vector<std::string>& alphabet,
                         std::vector<std::vector<float>>& characters);

}  // namespace longhand::recognizer
