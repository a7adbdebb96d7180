#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

namespace longhand::recognizer {

// A distribution over an alphabet of a glyph that is any of some characters of one byte, the first
// one a little likelier.
inline std::vector<float> any_of(const std::string& characters,
                                 const std::vector<std::string>& alphabet) {
  std::vector<float> shares(alphabet.size(), 0.0F);
  float share = 0.9F / static_cast<float>(characters.size()) + 0.02F;
  for (const char c : characters) {
    const auto at = std::find(alphabet.begin(), alphabet.end(), std::string(1, c));
    shares[static_cast<std::size_t>(at - alphabet.begin())] = share;
    share -= 0.02F;
  }
  return shares;
}

// What a line of such glyphs reads as once it is weighed; gaps[i] is a glyph with a gap before it.
// Checks that each glyph's sum stays as it was.
using Weigh = std::function<void(const std::vector<bool>&, std::vector<std::vector<float>>&)>;
inline std::string read_weighed(const std::vector<std::string>& glyphs,
                                const std::vector<std::size_t>& gaps,
                                const std::vector<std::string>& alphabet, const Weigh& weigh) {
  std::vector<std::vector<float>> before;
  std::vector<bool> starts(glyphs.size());
  for (const std::string& any : glyphs) before.push_back(any_of(any, alphabet));
  for (const std::size_t at : gaps) starts[at] = true;
  std::vector<std::vector<float>> after = before;
  weigh(starts, after);
  std::string text;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto sum = [](const std::vector<float>& c) {
      return std::accumulate(c.begin(), c.end(), 0.0F);
    };
    EXPECT_NEAR(sum(after[i]), sum(before[i]), 1e-4);
    const auto best = std::max_element(after[i].begin(), after[i].end()) - after[i].begin();
    text += alphabet[static_cast<std::size_t>(best)];
  }
  return text;
}

}  // namespace longhand::recognizer
