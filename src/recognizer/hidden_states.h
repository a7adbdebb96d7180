#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace longhand::recognizer {

// A chain of hidden states of which each is seen with a certain likelihood, as the characters of a
// word with their kinds (Rabiner, "A tutorial on hidden Markov models", 1989). Shares needn't add
// up to one.
template <std::size_t kStates>
struct HiddenStates {
  using Shares = std::array<double, kStates>;

  Shares begins{};                     // how likely each state comes first,
  std::array<Shares, kStates> next{};  // next[a][b]: b after a,
  Shares ends{};                       // and last

  // How likely each state is at each place, all places considered (the forward-backward
  // algorithm); says[i] is how likely each state makes what was seen at place i.
  std::vector<Shares> posterior(std::span<const Shares> says) const {
    const std::size_t n = says.size();
    std::vector<Shares> before(n), both(n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t s = 0; s < kStates; ++s) {
        double reached = i == 0 ? begins[s] : 0;
        for (std::size_t from = 0; i > 0 && from < kStates; ++from)
          reached += before[i - 1][from] * next[from][s];
        before[i][s] = reached * says[i][s];
      }
      scale_to_one(before[i]);
    }
    Shares after = ends;
    for (std::size_t i = n; i-- > 0;) {
      if (i + 1 < n) after = back_from(says[i + 1], after);
      for (std::size_t s = 0; s < kStates; ++s) both[i][s] = before[i][s] * after[s];
      scale_to_one(both[i]);
    }
    return both;
  }

  // What it is worth, as a logarithm, that two places which were seen so are neighbours: near 0
  // where `next` is near 1 for what they may be, and where nothing was seen.
  double worth_of(const Shares& left, const Shares& right) const {
    constexpr double kLeast = 1e-3;
    double both = 0, all_left = 0, all_right = 0;
    for (std::size_t a = 0; a < kStates; ++a) {
      all_left += left[a], all_right += right[a];
      for (std::size_t b = 0; b < kStates; ++b) both += left[a] * next[a][b] * right[b];
    }
    const double all = all_left * all_right;
    return all > 0 ? std::log(std::max(both / all, kLeast)) : 0;
  }

 private:
  // What may follow a place, from what may follow the next and what was seen there.
  Shares back_from(const Shares& seen, const Shares& after_it) const {
    Shares after{};
    for (std::size_t s = 0; s < kStates; ++s) {
      for (std::size_t to = 0; to < kStates; ++to)
        after[s] += next[s][to] * seen[to] * after_it[to];
    }
    scale_to_one(after);
    return after;
  }

  static void scale_to_one(Shares& shares) {
    double sum = 0;
    for (const double s : shares) sum += s;
    for (double& s : shares) s = sum > 0 ? s / sum : 1.0 / kStates;
  }
};

// The shares of each kind, a state of a model, in a distribution over characters of those kinds.
template <std::size_t kStates>
typename HiddenStates<kStates>::Shares shares_of_kinds(std::span<const float> characters,
                                                       std::span<const std::size_t> kinds) {
  typename HiddenStates<kStates>::Shares shares{};
  for (std::size_t c = 0; c < characters.size(); ++c)
    shares[kinds[c]] += static_cast<double>(characters[c]);
  return shares;
}

// Weighs what the glyphs of a line may be by the others of their group, whose kinds follow the
// model. kinds[c] is the state of character c; characters[i] the distribution of glyph i, whose sum
// stays as it is; starts_group[i], whether a group begins with it. Of a glyph alone nothing is
// known.
template <std::size_t kStates>
void weigh_by_kinds(const HiddenStates<kStates>& model, std::span<const std::size_t> kinds,
                    const std::vector<bool>& starts_group,
                    std::vector<std::vector<float>>& characters) {
  using Shares = typename HiddenStates<kStates>::Shares;
  for (std::size_t first = 0, end; first < characters.size(); first = end) {
    for (end = first + 1; end < characters.size() && !starts_group[end];) ++end;
    if (end - first < 2) continue;
    std::vector<Shares> says;
    for (std::size_t i = first; i < end; ++i)
      says.push_back(shares_of_kinds<kStates>(characters[i], kinds));
    const std::vector<Shares> posterior = model.posterior(says);
    for (std::size_t i = first; i < end; ++i) {
      const Shares& shares = says[i - first];
      double sum = 0;
      for (const double share : shares) sum += share;
      for (std::size_t c = 0; c < characters[i].size(); ++c) {
        const double share = shares[kinds[c]], wanted = sum * posterior[i - first][kinds[c]];
        if (share > 0) characters[i][c] *= static_cast<float>(wanted / share);
      }
    }
  }
}

}  // namespace longhand::recognizer
