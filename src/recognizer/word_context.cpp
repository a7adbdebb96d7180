#include "recognizer/word_context.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "recognizer/hidden_states.h"

namespace longhand::recognizer {
namespace {

enum Kind : std::size_t { kSmall, kCapital, kDigit, kMark, kKinds };

// What a word has been so far. A capital that begins it says nothing of what follows.
enum State : std::size_t { kInSmall, kAfterFirst, kInCapitals, kInNumber, kStates };
constexpr std::array<Kind, kStates> kKindOf = {kSmall, kCapital, kCapital, kDigit};
using Shares = HiddenStates<kStates>::Shares;

constexpr double kMixed = 0.02;  // a capital within small letters, or the other way round
constexpr double kCode = 0.2;    // a letter beside a digit
constexpr HiddenStates<kStates> kWords = {{0.4, 0.35, 0, 0.25},
                                          {{
                                              {1, 0, kMixed, kCode},  // small letters go on
                                              {0.5, 0, 0.5, kCode},   // one capital
                                              {kMixed, 0, 1, kCode},  // capitals
                                              {kCode, 0, kCode, 1},   // digits
                                          }},
                                          {1, 1, 1, 1}};

Kind kind_of(const std::string& character) {
  const char c = character.size() == 1 ? character[0] : ' ';
  if (c >= 'a' && c <= 'z') return kSmall;
  if (c >= 'A' && c <= 'Z') return kCapital;
  return c >= '0' && c <= '9' ? kDigit : kMark;
}

// A word's glyphs: how likely each state makes what the network says, marks left aside.
class Word {
 public:
  void add(std::size_t glyph, const std::array<double, kKinds>& shares) {
    const double known = shares[kSmall] + shares[kCapital] + shares[kDigit];
    if (known <= shares[kMark]) return;  // a mark parts nothing
    Shares says{};
    for (std::size_t s = 0; s < kStates; ++s) says[s] = shares[kKindOf[s]];
    glyphs_.push_back(glyph);
    says_.push_back(says);
  }

  const std::vector<std::size_t>& glyphs() const { return glyphs_; }

  // How likely each state is at each glyph, all of them considered.
  std::vector<Shares> posterior() const { return kWords.posterior(says_); }

 private:
  std::vector<std::size_t> glyphs_;
  std::vector<Shares> says_;
};

}  // namespace

void weigh_by_neighbours(const std::vector<bool>& starts_word,
                         const std::vector<std::string>& alphabet,
                         std::vector<std::vector<float>>& characters) {
  std::vector<Kind> kinds;
  for (const std::string& c : alphabet) kinds.push_back(kind_of(c));
  const auto shares_of = [&](const std::vector<float>& of) {
    std::array<double, kKinds> shares{};
    for (std::size_t c = 0; c < of.size(); ++c) shares[kinds[c]] += static_cast<double>(of[c]);
    return shares;
  };
  std::vector<Word> words;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    if (words.empty() || starts_word[i]) words.emplace_back();
    words.back().add(i, shares_of(characters[i]));
  }
  for (const Word& word : words) {
    if (word.glyphs().size() < 2) continue;
    const std::vector<Shares> posterior = word.posterior();
    for (std::size_t n = 0; n < posterior.size(); ++n) {
      std::vector<float>& glyph = characters[word.glyphs()[n]];
      const auto shares = shares_of(glyph);
      const double known = shares[kSmall] + shares[kCapital] + shares[kDigit];
      std::array<double, kKinds> wanted{};
      for (std::size_t s = 0; s < kStates; ++s) wanted[kKindOf[s]] += known * posterior[n][s];
      for (std::size_t c = 0; c < glyph.size(); ++c) {
        const Kind kind = kinds[c];
        if (kind == kMark || shares[kind] <= 0) continue;
        glyph[c] = static_cast<float>(static_cast<double>(glyph[c]) * wanted[kind] / shares[kind]);
      }
    }
  }
}

}  // namespace longhand::recognizer
