#include "recognizer/touching.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "recognizer/lattice.h"

namespace longhand::recognizer {
namespace {

constexpr double kLeastShare = 1e-6;

// Set on numbers made of digits that the networks were validated on; twice or half of each changes
// little.
constexpr double kCut = 2;           // the logarithm of a cut's worth where all agree
constexpr double kPairWeight = 2;    // of the pair's own shares against those of its parts
constexpr double kNoneWeight = 2;    // of its being a pair at all
constexpr double kReadWeight = 1.5;  // of the pair's shares in reading what was cut

double share_of(float share) {
  return std::max(kLeastShare, static_cast<double>(share));
}
double log_of(float share) {
  return std::log(share_of(share));
}

float top_of(std::span<const float> shares) {
  return *std::max_element(shares.begin(), shares.end());
}

void normalise(std::vector<double>& shares) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= sum;
}

// Messages along a row: message[i][c] is what the glyphs before i say of glyph i being c.
std::vector<std::vector<double>> messages(std::span<const std::vector<float>> glyphs,
                                          std::span<const std::vector<float>> pairs,
                                          bool backwards) {
  const std::size_t n = glyphs.size(), classes = glyphs.front().size();
  std::vector<std::vector<double>> message(n, std::vector<double>(classes, 1));
  for (std::size_t step = 1; step < n; ++step) {
    const std::size_t to = backwards ? n - 1 - step : step;
    const std::size_t from = backwards ? to + 1 : to - 1;
    const std::vector<float>& pair = pairs[std::min(from, to)];
    if (pair.empty()) continue;
    for (std::size_t b = 0; b < classes; ++b) {
      double sum = 0;
      for (std::size_t a = 0; a < classes; ++a) {
        const float both = backwards ? pair[b * classes + a] : pair[a * classes + b];
        sum += message[from][a] * share_of(glyphs[from][a]) * std::pow(share_of(both), kReadWeight);
      }
      message[to][b] = sum;
    }
    normalise(message[to]);
  }
  return message;
}

}  // namespace

double bond_of(std::span<const float> left, std::span<const float> right,
               std::span<const float> pair) {
  double agreed = 2 * std::log(kLeastShare) + kPairWeight * std::log(kLeastShare);
  for (std::size_t l = 0; l < left.size(); ++l) {
    for (std::size_t r = 0; r < right.size(); ++r) {
      agreed = std::max(agreed, log_of(left[l]) + log_of(right[r]) +
                                    kPairWeight * log_of(pair[l * right.size() + r]));
    }
  }
  agreed -= log_of(top_of(left)) + log_of(top_of(right));
  const double some = kNoneWeight * std::log(std::max(kLeastShare, 1 - none_share(pair)));
  return std::max(kWorstBond, kCut + agreed + some);
}

PairReading read_pair(std::span<const float> pair) {
  const auto n = static_cast<std::size_t>(std::lround(std::sqrt(pair.size())));
  const auto top =
      static_cast<std::size_t>(std::max_element(pair.begin(), pair.end()) - pair.begin());
  PairReading reading{top / n, top % n, static_cast<double>(pair[top]), {}, {}};
  reading.left.resize(n), reading.right.resize(n);
  for (std::size_t i = 0; i < pair.size(); ++i) {
    reading.left[i / n] += pair[i];
    reading.right[i % n] += pair[i];
  }
  return reading;
}

std::vector<std::vector<float>> weigh_by_pairs(std::span<const std::vector<float>> glyphs,
                                               std::span<const std::vector<float>> pairs) {
  const auto before = messages(glyphs, pairs, false);
  const auto after = messages(glyphs, pairs, true);
  std::vector<std::vector<float>> weighed;
  for (std::size_t i = 0; i < glyphs.size(); ++i) {
    const double all = std::accumulate(glyphs[i].begin(), glyphs[i].end(), 0.0);
    std::vector<double> shares(glyphs[i].size());
    for (std::size_t c = 0; c < shares.size(); ++c) {
      shares[c] = share_of(glyphs[i][c]) * before[i][c] * after[i][c];
    }
    normalise(shares);
    std::vector<float>& out = weighed.emplace_back();
    for (const double share : shares) out.push_back(static_cast<float>(all * share));
  }
  return weighed;
}

}  // namespace longhand::recognizer
