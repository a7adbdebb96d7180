#include "ink/background.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace longhand::ink {
namespace {

constexpr float kOneLevel = 8;     // grey levels around the rim's commonest that count as the same
constexpr double kFlatRim = 0.55;  // share of the rim that must be of one level for a flat paper
constexpr float kDrawnLevel = 1;   // grey levels by which a drawn paper varies
constexpr double kLeastDrawn = 0.35;    // share of the places
constexpr double kLeastDrawnRim = 0.2;  // and of the rim
constexpr double kMostFaint = 0.2;      // of the places are less than half way to the ink
constexpr double kLeastTiny = 0.12;  // share of a tiny picture's places that are of its drawn level
constexpr double kRimBand = 0.8;     // |u| or |v| beyond which a sample belongs to the rim
constexpr int kGrid = 48;            // samples in either direction for the fit
constexpr int kRounds = 8;
constexpr double kBiweight = 4.685;  // 95 % efficient for normal noise

constexpr int kRankShift = 20;  // bits by which the order of numbers is coarser

struct Sample {
  double u, v, grey;
};

double centred(int i, int n) {
  return n > 1 ? 2.0 * i / (n - 1) - 1 : 0;
}

// A number's place in the order of all, in steps of an eighth of its power of two.
std::size_t rank_of(float value) {
  constexpr std::uint32_t kNegative = 0x80000000U;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return (bits & kNegative ? ~bits : bits | kNegative) >> kRankShift;
}

// Of many values the few near the quantile are told by counting; only those are put in order. None
// may be a negative zero, which has a rank of its own.
float quantile(const std::vector<float>& values, double q) {
  auto k = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::array<std::ptrdiff_t, std::size_t{1} << (32 - kRankShift)> counts{};
  for (const float v : values) ++counts[rank_of(v)];
  std::size_t rank = 0;
  for (; k >= counts[rank]; ++rank) k -= counts[rank];
  std::vector<float> near;
  near.reserve(static_cast<std::size_t>(counts[rank]));
  for (const float v : values) {
    if (rank_of(v) == rank) near.push_back(v);
  }
  std::nth_element(near.begin(), near.begin() + k, near.end());
  return near[static_cast<std::size_t>(k)];
}

std::vector<float> rim_of(const Plane& grey) {
  const int depth = std::max(1, std::min(grey.width, grey.height) / 32);
  std::vector<float> rim;
  for (int y = 0; y < grey.height; ++y) {
    const float* row = grey.row(y);
    const bool whole_row = y < depth || y >= grey.height - depth;
    const int left = whole_row ? grey.width : depth;
    rim.insert(rim.end(), row, row + left);
    rim.insert(rim.end(), row + std::max(left, grey.width - depth), row + grey.width);
  }
  return rim;
}

// The least and the greatest.
std::pair<float, float> extremes_of(const std::vector<float>& values) {
  // So many at a time, side by side, which vectorises.
  constexpr std::size_t kLanes = 32;
  std::array<float, kLanes> least{}, greatest{};
  least.fill(values.front());
  greatest.fill(values.front());
  const auto take = [&](const float* in, std::size_t count) {
    for (std::size_t k = 0; k < count; ++k) {
      const float v = in[k];
      least[k] = v < least[k] ? v : least[k];
      greatest[k] = v > greatest[k] ? v : greatest[k];
    }
  };
  const std::size_t whole = values.size() - values.size() % kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) take(values.data() + i, kLanes);
  take(values.data() + whole, values.size() - whole);
  return {*std::min_element(least.begin(), least.end()),
          *std::max_element(greatest.begin(), greatest.end())};
}

// The middle of the level that most of the rim is of, if it is of one.
std::optional<float> one_level(const std::vector<float>& rim) {
  std::array<int, 256> histogram{};
  for (const float v : rim) ++histogram[static_cast<std::size_t>(std::clamp(v, 0.0F, 255.0F))];
  constexpr int kReach = static_cast<int>(kOneLevel);
  int best = 0, most = -1;
  for (int level = 0; level < 256; ++level) {
    int count = 0;
    for (int l = std::max(0, level - kReach); l <= std::min(255, level + kReach); ++l) {
      count += histogram[static_cast<std::size_t>(l)];
    }
    if (count > most) best = level, most = count;
  }
  if (most < kFlatRim * static_cast<double>(rim.size())) return std::nullopt;
  std::vector<float> same;
  for (const float v : rim) {
    if (std::abs(v - static_cast<float>(best)) <= kOneLevel + 1) same.push_back(v);
  }
  return quantile(same, 0.5);
}

// The paper's level where a program drew it: many places are of one level to the last, nothing lies
// beyond it, and few lie near it, as shade would. So the ink may take up most of the rim, as it
// does where the cut is tight.
std::optional<float> drawn_level(const Plane& grey, const std::vector<float>& rim) {
  const auto share = [](const std::vector<float>& values, float level, float within) {
    int count = 0;
    for (const float v : values) count += std::abs(v - level) <= within ? 1 : 0;
    return static_cast<double>(count) / static_cast<double>(values.size());
  };
  const auto [darkest, lightest] = extremes_of(grey.values);
  const float half = (lightest - darkest) / 2;
  std::optional<float> best;
  double most = kLeastDrawn;
  for (const float level : {darkest, lightest}) {
    const double places = share(grey.values, level, kDrawnLevel);
    if (places < most || share(rim, level, kDrawnLevel) < kLeastDrawnRim ||
        share(grey.values, level, half) > places + kMostFaint)
      continue;
    most = places;
    best = level;
  }
  return best;
}

std::vector<Sample> samples_of(const Plane& grey) {
  std::vector<Sample> samples;
  const int nx = std::min(kGrid, grey.width), ny = std::min(kGrid, grey.height);
  for (int j = 0; j < ny; ++j) {
    const int y = ny > 1 ? j * (grey.height - 1) / (ny - 1) : 0;
    for (int i = 0; i < nx; ++i) {
      const int x = nx > 1 ? i * (grey.width - 1) / (nx - 1) : 0;
      samples.push_back({centred(x, grey.width), centred(y, grey.height), grey.at(x, y)});
    }
  }
  return samples;
}

// Solves the 6x6 system a * x = b by elimination with pivoting; columns without a pivot (a picture
// of one row, say) give 0.
std::array<double, 6> solve(std::array<std::array<double, 7>, 6> a) {
  std::array<bool, 6> used{};
  for (std::size_t col = 0; col < 6; ++col) {
    std::size_t pivot = col;
    for (std::size_t r = col + 1; r < 6; ++r) {
      if (std::abs(a[r][col]) > std::abs(a[pivot][col])) pivot = r;
    }
    if (std::abs(a[pivot][col]) < 1e-9) continue;
    used[col] = true;
    std::swap(a[pivot], a[col]);
    for (std::size_t r = 0; r < 6; ++r) {
      if (r == col) continue;
      const double factor = a[r][col] / a[col][col];
      for (std::size_t k = col; k < 7; ++k) a[r][k] -= factor * a[col][k];
    }
  }
  std::array<double, 6> x{};
  for (std::size_t i = 0; i < 6; ++i) x[i] = used[i] ? a[i][6] / a[i][i] : 0;
  return x;
}

std::array<double, 6> weighted_fit(const std::vector<Sample>& samples,
                                   const std::vector<double>& weights) {
  std::array<std::array<double, 7>, 6> a{};
  for (std::size_t s = 0; s < samples.size(); ++s) {
    const auto& [u, v, grey] = samples[s];
    const std::array<double, 7> row = {1, u, v, u * u, u * v, v * v, grey};
    for (std::size_t i = 0; i < 6; ++i) {
      for (std::size_t k = 0; k < 7; ++k) a[i][k] += weights[s] * row[i] * row[k];
    }
  }
  return solve(a);
}

bool near_rim(const Sample& sample) {
  return std::abs(sample.u) > kRimBand || std::abs(sample.v) > kRimBand;
}

// 1.4826 times the median of the absolute residuals, the deviation of normal noise, over the rim's
// samples only: further in the ink may be the majority.
double noise_around(const Background& background, const std::vector<Sample>& samples) {
  std::vector<float> residuals;
  for (const Sample& sample : samples) {
    if (!near_rim(sample)) continue;
    residuals.push_back(
        static_cast<float>(std::abs(sample.grey - background.at(sample.u, sample.v))));
  }
  return 1.4826 * quantile(residuals, 0.5);
}

Plane complement(const Plane& grey) {
  Plane result = grey;
  for (float& v : result.values) v = 255 - v;
  return result;
}

// The mean of the places within `radius` in x and y, from a table of sums.
Plane box_mean(const Plane& grey, int radius) {
  Grid<double> sums(grey.width + 1, grey.height + 1);
  for (int y = 0; y < grey.height; ++y) {
    double row = 0;
    for (int x = 0; x < grey.width; ++x) {
      row += grey.at(x, y);
      sums.at(x + 1, y + 1) = sums.at(x + 1, y) + row;
    }
  }
  Plane result(grey.width, grey.height);
  for (int y = 0; y < grey.height; ++y) {
    const int y0 = std::max(0, y - radius), y1 = std::min(grey.height, y + radius + 1);
    for (int x = 0; x < grey.width; ++x) {
      const int x0 = std::max(0, x - radius), x1 = std::min(grey.width, x + radius + 1);
      const double sum = sums.at(x1, y1) - sums.at(x0, y1) - sums.at(x1, y0) + sums.at(x0, y0);
      result.at(x, y) = static_cast<float>(sum / ((x1 - x0) * (y1 - y0)));
    }
  }
  return result;
}

}  // namespace

Background fit_background(const Plane& grey) {
  Background background;
  std::vector<float> rim = rim_of(grey);
  if (const std::optional<float> level = drawn_level(grey, rim)) {
    background.c[0] = *level;
    return background;
  }
  if (const std::optional<float> level = one_level(rim)) {
    background.c[0] = *level;
    // The noise of the rim, not of the whole: the ink may well be the greater part of a tight cut.
    for (float& value : rim) value = std::abs(value - *level);
    background.noise = deviation_of(std::move(rim));
    return background;
  }
  background.flat = false;
  const std::vector<Sample> samples = samples_of(grey);
  // From the rim, which is paper for the most part, to all samples that agree with it.
  std::vector<double> weights(samples.size());
  for (std::size_t s = 0; s < samples.size(); ++s) weights[s] = near_rim(samples[s]) ? 1 : 0;
  for (int round = 0; round < kRounds; ++round) {
    background.c = weighted_fit(samples, weights);
    const double reach = kBiweight * std::max(1.0, noise_around(background, samples));
    for (std::size_t s = 0; s < samples.size(); ++s) {
      const double r = (samples[s].grey - background.at(samples[s].u, samples[s].v)) / reach;
      weights[s] = std::abs(r) < 1 ? (1 - r * r) * (1 - r * r) : 0;
    }
  }
  background.noise = noise_around(background, samples);
  return background;
}

std::optional<Background> fit_tiny_background(const Plane& grey) {
  const auto [darkest, lightest] = std::minmax_element(grey.values.begin(), grey.values.end());
  std::optional<Background> background;
  auto most = static_cast<std::ptrdiff_t>(kLeastTiny * static_cast<double>(grey.size()));
  for (const float level : {*darkest, *lightest}) {
    const auto same = std::count_if(grey.values.begin(), grey.values.end(),
                                    [&](float v) { return std::abs(v - level) <= kDrawnLevel; });
    if (same <= most) continue;
    most = same;
    background = Background();
    background->c[0] = level;
  }
  return background;
}

bool ink_is_light(const Plane& grey, int radius) {
  const Plane highest = local_maximum(grey, radius);
  const Plane lowest = complement(local_maximum(complement(grey), radius));
  const Plane mean = box_mean(grey, radius);
  double light = 0;
  for (std::size_t i = 0; i < grey.size(); ++i) {
    const double contrast = static_cast<double>(highest.values[i]) - lowest.values[i];
    const double middle = (static_cast<double>(highest.values[i]) + lowest.values[i]) / 2;
    light += contrast * (middle - mean.values[i]);
  }
  return light > 0;
}

Plane local_paper(const Plane& grey, bool light_ink, int radius) {
  const Plane source = light_ink ? complement(grey) : grey;
  Plane paper = local_maximum(source, radius);
  paper = complement(local_maximum(complement(paper), radius));
  std::vector<float> off;
  off.reserve(paper.size());
  for (std::size_t i = 0; i < paper.size(); ++i) off.push_back(paper.values[i] - source.values[i]);
  const float bias = quantile(off, 0.4);
  for (float& v : paper.values) v -= bias;
  return light_ink ? complement(paper) : paper;
}

double deviation_of(std::vector<float> off) {
  for (float& v : off) v = std::abs(v);
  // A normal deviation is 1.907 times the 0.4-quantile of what it deviates by; a lower quantile
  // than the median, since some may be ink.
  return 1.907 * quantile(off, 0.4);
}

}  // namespace longhand::ink
