#include "recognizer/lookalikes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

namespace longhand::recognizer {
namespace {

constexpr std::array<std::string_view, 18> kShapes = {"Oo0", "1lIi", "Ss5", "Zz2", "Cc", "Kk",
                                                      "Mm",  "Pp",   "Uu",  "Vv",  "Ww", "Xx",
                                                      "Yy4", "B8",   "G6",  "gq9", "Jj", "Tt"};

// The characters of the same shape; itself alone where no other has it.
std::string_view shape_of(std::string_view character) {
  const auto* shape = std::find_if(kShapes.begin(), kShapes.end(), [&](std::string_view of) {
    return character.size() == 1 && of.find(character[0]) != std::string_view::npos;
  });
  return shape != kShapes.end() ? *shape : character;
}

}  // namespace

bool look_alike(std::string_view one, std::string_view other) {
  return shape_of(one) == shape_of(other);
}

Lookalikes::Lookalikes(const std::vector<std::string>& alphabet) {
  std::map<std::string_view, std::size_t> known;
  for (const std::string& character : alphabet) {
    const std::string_view name = shape_of(character);
    shape_of_.push_back(known.emplace(name, known.size()).first->second);
  }
  shapes_ = known.size();
}

double Lookalikes::top(std::span<const float> characters) const {
  std::vector<double> shares(shapes_);
  for (std::size_t c = 0; c < characters.size(); ++c)
    shares[shape_of_[c]] += static_cast<double>(characters[c]);
  return *std::max_element(shares.begin(), shares.end());
}

void Lookalikes::temper(float temperature, std::span<float> characters) const {
  if (temperature == 1) return;
  const std::vector<float> as_it_was(characters.begin(), characters.end());
  std::vector<double> before(shapes_), after(shapes_), powers(characters.size());
  for (std::size_t c = 0; c < characters.size(); ++c) {
    powers[c] = std::pow(static_cast<double>(characters[c]), 1 / static_cast<double>(temperature));
    before[shape_of_[c]] += static_cast<double>(characters[c]);
    after[shape_of_[c]] += powers[c];
  }
  for (std::size_t c = 0; c < characters.size(); ++c) {
    const std::size_t shape = shape_of_[c];
    if (after[shape] > 0)
      characters[c] = static_cast<float>(powers[c] / after[shape] * before[shape]);
  }
  keep_first(as_it_was, characters);
}

// Gives the shape of what was likeliest back so much of what it was that it is so again.
void Lookalikes::keep_first(std::span<const float> before, std::span<float> after) const {
  constexpr float kShort = 0.999F;  // of the way to where both are alike
  const auto best = std::max_element(before.begin(), before.end()) - before.begin();
  const auto first = static_cast<std::size_t>(best);
  const float rival = *std::max_element(after.begin(), after.end());
  if (after[first] >= rival) return;
  const float share = kShort * (before[first] - rival) / (before[first] - after[first]);
  for (std::size_t c = 0; c < after.size(); ++c) {
    if (shape_of_[c] == shape_of_[first]) after[c] = before[c] + share * (after[c] - before[c]);
  }
}

}  // namespace longhand::recognizer
