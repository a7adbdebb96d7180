#include "recognizer/number_context.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "recognizer/hidden_states.h"

namespace longhand::recognizer {
namespace {

enum Kind : std::size_t {
  kDigit,
  kPoint,  // a full stop or a comma
  kColon,
  kSlash,
  kDash,
  kPlus,
  kPercent,
  kHash,
  kMoney,
  kKinds
};
using Model = HiddenStates<kKinds>;
using Shares = Model::Shares;

// Shares as people write them, roughly: seldom, hardly ever, and never but by an odd hand.
constexpr double kAlone = 0.1;  // a slash or a comma by itself, beside a digit
constexpr double kOften = 0.35, kSeldom = 0.1, kHardly = 0.02, kNever = 0.002;

constexpr Model numbers() {
  Model model;
  for (auto& row : model.next) row.fill(kNever);
  for (Shares& row : model.next) row[kDigit] = 1;
  model.next[kDigit] = {1, kOften, kSeldom, kSeldom, kSeldom, kHardly, kSeldom, kNever, kSeldom};
  model.next[kPercent].fill(kNever);
  model.next[kPoint][kDash] = kHardly;  // 5.-
  model.next[kDash][kMoney] = model.next[kMoney][kDash] = kSeldom;
  model.next[kPlus][kMoney] = model.next[kMoney][kPlus] = kHardly;
  model.next[kPercent][kDash] = kHardly;  // 5%-10%
  model.begins = {1, kHardly, kNever, kNever, kSeldom, kSeldom, kNever, kSeldom, kSeldom};
  model.ends = {1, kHardly, kNever, kNever, kHardly, kHardly, 1, kNever, 1};
  return model;
}
constexpr Model kNumbers = numbers();

Kind kind_of(std::string_view character) {
  if (character == "." || character == ",") return kPoint;
  if (character == ":") return kColon;
  if (character == "/") return kSlash;
  if (character == "-") return kDash;
  if (character == "+") return kPlus;
  if (character == "%") return kPercent;
  if (character == "#") return kHash;
  return character.size() == 1 && character[0] >= '0' && character[0] <= '9' ? kDigit : kMoney;
}

Shares shares_of(std::span<const float> characters, const std::vector<std::size_t>& kinds) {
  Shares shares{};
  for (std::size_t c = 0; c < characters.size(); ++c)
    shares[kinds[c]] += static_cast<double>(characters[c]);
  return shares;
}

}  // namespace

NumberContext::NumberContext(std::span<const std::string> alphabet) {
  for (const std::string& character : alphabet) kinds_.push_back(kind_of(character));
}

double NumberContext::worth_of(std::span<const float> left, std::span<const float> right) const {
  const Shares l = shares_of(left, kinds_), r = shares_of(right, kinds_);
  double both = 0, all_left = 0, all_right = 0;
  for (std::size_t a = 0; a < kKinds; ++a) {
    all_left += l[a], all_right += r[a];
    for (std::size_t b = 0; b < kKinds; ++b) both += l[a] * kNumbers.next[a][b] * r[b];
  }
  const double all = all_left * all_right;
  return all > 0 ? std::log(std::max(both / all, kNever)) : 0;
}

void NumberContext::weigh(const std::vector<bool>& starts_number,
                          std::vector<std::vector<float>>& characters) const {
  for (std::size_t first = 0; first < characters.size();) {
    std::size_t end = first + 1;
    while (end < characters.size() && !starts_number[end]) ++end;
    std::vector<Shares> says;
    for (std::size_t i = first; i < end; ++i) says.push_back(shares_of(characters[i], kinds_));
    const std::vector<Shares> posterior = kNumbers.posterior(says);
    for (std::size_t i = first; end - first > 1 && i < end; ++i) {
      const Shares& shares = says[i - first];
      double sum = 0;
      for (const double share : shares) sum += share;
      for (std::size_t c = 0; c < characters[i].size(); ++c) {
        const std::size_t kind = kinds_[c];
        if (shares[kind] <= 0) continue;
        const double wanted = sum * posterior[i - first][kind];
        characters[i][c] =
            static_cast<float>(static_cast<double>(characters[i][c]) * wanted / shares[kind]);
      }
    }
    first = end;
  }
}

void NumberContext::weigh_alone(std::span<float> characters) const {
  double before = 0, after = 0;
  for (std::size_t c = 0; c < characters.size(); ++c) {
    before += static_cast<double>(characters[c]);
    if (kinds_[c] == kSlash || kinds_[c] == kPoint) characters[c] *= static_cast<float>(kAlone);
    after += static_cast<double>(characters[c]);
  }
  if (after <= 0) return;
  for (float& character : characters) character *= static_cast<float>(before / after);
}

}  // namespace longhand::recognizer
