#include "recognizer/lookalikes.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace longhand::recognizer {
namespace {

constexpr std::array<std::string_view, 18> kShapes = {"Oo0", "1lIi", "Ss5", "Zz2", "Cc", "Kk",
                                                      "Mm",  "Pp",   "Uu",  "Vv",  "Ww", "Xx",
                                                      "Yy4", "B8",   "G6",  "gq9", "Jj", "Tt"};

}  // namespace

Lookalikes::Lookalikes(const std::vector<std::string>& alphabet) {
  std::map<std::string_view, std::size_t> known;
  for (const std::string& character : alphabet) {
    const auto* shape =
        std::find_if(kShapes.begin(), kShapes.end(), [&](std::string_view characters) {
          return character.size() == 1 && characters.find(character[0]) != std::string_view::npos;
        });
    const std::string_view name = shape != kShapes.end() ? *shape : std::string_view(character);
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

}  // namespace longhand::recognizer
