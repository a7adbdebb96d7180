#include "recognizer/number_context.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "recognizer/hidden_states.h"
#include "recognizer/sign_size.h"

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
constexpr double kAlone = 0.1;  // a slash by itself, beside a 1
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

bool is_digit(std::string_view character) {
  return character.size() == 1 && character[0] >= '0' && character[0] <= '9';
}

Kind kind_of(std::string_view character) {
  if (character == "." || character == ",") return kPoint;
  if (character == ":") return kColon;
  if (character == "/") return kSlash;
  if (character == "-") return kDash;
  if (character == "+") return kPlus;
  if (character == "%") return kPercent;
  if (character == "#") return kHash;
  return is_digit(character) ? kDigit : kMoney;
}

}  // namespace

bool NumberContext::applies_to(std::span<const std::string> alphabet) {
  static constexpr std::array<std::string_view, 4> kMoneys = {"$", "€", "£", "¥"};
  return has_signs(alphabet) &&
         std::all_of(alphabet.begin(), alphabet.end(), [](const std::string& character) {
           return kind_of(character) != kMoney ||
                  std::find(kMoneys.begin(), kMoneys.end(), character) != kMoneys.end();
         });
}

NumberContext::NumberContext(std::span<const std::string> alphabet) {
  for (const std::string& character : alphabet) kinds_.push_back(kind_of(character));
}

double NumberContext::worth_of(std::span<const float> left, std::span<const float> right) const {
  return kNumbers.worth_of(shares_of_kinds<kKinds>(left, kinds_),
                           shares_of_kinds<kKinds>(right, kinds_));
}

void NumberContext::weigh(const std::vector<bool>& starts_number,
                          std::vector<std::vector<float>>& characters) const {
  weigh_by_kinds(kNumbers, kinds_, starts_number, characters);
}

void NumberContext::weigh_alone(std::span<float> characters) const {
  double before = 0, after = 0;
  for (std::size_t c = 0; c < characters.size(); ++c) {
    before += static_cast<double>(characters[c]);
    if (kinds_[c] == kSlash) characters[c] *= static_cast<float>(kAlone);
    after += static_cast<double>(characters[c]);
  }
  if (after <= 0) return;
  for (float& character : characters) character *= static_cast<float>(before / after);
}

}  // namespace longhand::recognizer
