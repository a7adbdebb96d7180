#include <algorithm>
#include <cmath>
#include <cstdint>

#include "evaluation/evaluation.h"

namespace longhand::evaluation {
namespace {

constexpr std::size_t kDraws = 1000;
constexpr std::size_t kWithin = 950;  // of them: the band is one of 95 %

// SplitMix64 (Steele, Lea and Flood, 2014): the same band on every machine.
class Generator {
 public:
  bool chance(std::uint64_t of_2_53) { return next() >> 11U < of_2_53; }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EB;
    return z ^ (z >> 31U);
  }

  std::uint64_t state_ = 0;
};

}  // namespace

double calibration_error_band(const std::vector<CalibrationBin>& bins,
                              std::span<const float> unsure_first) {
  std::vector<std::uint64_t> chances;
  for (const float confidence : unsure_first)
    chances.push_back(
        static_cast<std::uint64_t>(std::clamp(static_cast<double>(confidence), 0.0, 1.0) * 0x1p53));
  if (chances.empty()) return 0;

  Generator generator;
  std::vector<double> errors;
  for (std::size_t draw = 0; draw < kDraws; ++draw) {
    double error = 0;
    std::size_t i = 0;
    for (const CalibrationBin& bin : bins) {
      std::size_t right = 0;
      for (const std::size_t end = i + bin.samples; i < end; ++i)
        right += generator.chance(chances[i]) ? 1 : 0;
      error += std::abs(bin.confidence * static_cast<double>(bin.samples) -
                        static_cast<double>(right));
    }
    errors.push_back(error / static_cast<double>(chances.size()));
  }
  const auto limit = errors.begin() + (kWithin - 1);
  std::nth_element(errors.begin(), limit, errors.end());
  return *limit;
}

}  // namespace longhand::evaluation
