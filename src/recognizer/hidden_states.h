#pragma once

#include <array>
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

}  // namespace longhand::recognizer
