#include "recognizer/letter_pairs.h"

#include "recognizer/hidden_states.h"
#include "recognizer/letter_pairs_table.h"

namespace longhand::recognizer {
namespace {

// A letter, or whatever is none.
constexpr std::size_t kNone = 26, kKinds = 27;
using Model = HiddenStates<kKinds>;
using Shares = Model::Shares;

// How much the table counts; what letters that are neighbours are usually worth by it, which is
// taken off, so that a word of many letters is no better than one of few.
constexpr double kTrust = 0.85, kUsual = 1.2;

constexpr double share_of(std::size_t a, std::size_t b) {
  const auto ends = static_cast<double>(kLetterPairs[a][26]);
  const double share = static_cast<double>(kLetterPairs[a][b]) / (10'000 - ends);
  return (1 - kTrust + kTrust * 26 * share) / kUsual;
}

constexpr Model words() {
  Model model;
  for (Shares& row : model.next) row.fill(1);
  model.begins.fill(1), model.ends.fill(1);
  for (std::size_t a = 0; a < 26; ++a) {
    model.begins[a] = share_of(26, a);
    for (std::size_t b = 0; b < 26; ++b) model.next[a][b] = share_of(a, b);
  }
  return model;
}
constexpr Model kWords = words();

std::size_t letter_of(const std::string& character) {
  const char c = character.size() == 1 ? character[0] : ' ';
  if (c >= 'a' && c <= 'z') return static_cast<std::size_t>(c - 'a');
  return c >= 'A' && c <= 'Z' ? static_cast<std::size_t>(c - 'A') : kNone;
}

}  // namespace

LetterPairs::LetterPairs(std::span<const std::string> alphabet) {
  for (const std::string& character : alphabet) letters_.push_back(letter_of(character));
}

double LetterPairs::worth_of(std::span<const float> left, std::span<const float> right) const {
  return kWords.worth_of(shares_of_kinds<kKinds>(left, letters_),
                         shares_of_kinds<kKinds>(right, letters_));
}

void LetterPairs::weigh(const std::vector<bool>& starts_word,
                        std::vector<std::vector<float>>& characters) const {
  weigh_by_kinds(kWords, letters_, starts_word, characters);
}

}  // namespace longhand::recognizer
