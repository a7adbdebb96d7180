#include "picture/tones.h"

#include <algorithm>
#include <cmath>

namespace longhand::picture {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

// What luma tells apart less than this share of what the colours differ by is hard to read in it;
// colours that differ by less than so many grey levels are noise.
constexpr double kPoor = 0.25, kLeast = 4;

Vector times(const Matrix& matrix, const Vector& vector) {
  Vector result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) result[i] += matrix[i][j] * vector[j];
  }
  return result;
}

double dot(const Vector& a, const Vector& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

double variance(const Matrix& covariance, const Vector& direction) {
  return dot(direction, times(covariance, direction));
}

// The direction of the largest variance, of length 1, by repeated multiplication from each axis:
// one of them may be at a right angle to it.
Vector principal(const Matrix& covariance) {
  constexpr int kTimes = 60;
  Vector best{1, 0, 0};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    Vector direction{};
    direction[axis] = 1;
    for (int i = 0; i < kTimes; ++i) {
      const Vector next = times(covariance, direction);
      const double length = std::sqrt(dot(next, next));
      if (length <= 0) break;
      for (std::size_t k = 0; k < 3; ++k) direction[k] = next[k] / length;
    }
    if (variance(covariance, direction) > variance(covariance, best)) best = direction;
  }
  return best;
}

}  // namespace

Tones Colors::tones() const {
  if (count_ <= 0) return {};
  const auto count = static_cast<double>(count_);
  const auto mean_of = [&](std::int64_t sum) { return static_cast<double>(sum) / count; };
  Matrix covariance{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double all = mean_of(products_[i][j]) - mean_of(sums_[i]) * mean_of(sums_[j]);
      // Each of two neighbours has its own grain.
      covariance[i][j] = covariance[j][i] = all - mean_of(grain_[i][j]) / 2;
    }
  }
  const Vector luma = {0.299, 0.587, 0.114};
  Vector axis = principal(covariance);
  // A grey that changes by one is three colours that each do.
  for (double& part : axis) part /= std::sqrt(3.0);
  const double by_luma = std::sqrt(std::max(0.0, variance(covariance, luma)));
  const double by_axis = std::sqrt(std::max(0.0, variance(covariance, axis)));
  if (by_axis < kLeast || by_luma >= kPoor * by_axis) return {};
  if (dot(luma, times(covariance, axis)) < 0) {
    for (double& part : axis) part = -part;
  }
  const auto weight = [](double value) {
    return static_cast<std::int32_t>(std::lround(65536 * value));
  };
  const Vector sums = {static_cast<double>(sums_[0]), static_cast<double>(sums_[1]),
                       static_cast<double>(sums_[2])};
  const double mean = dot(axis, sums) / count;
  return {weight(axis[0]), weight(axis[1]), weight(axis[2]), weight(128 - mean)};
}

}  // namespace longhand::picture
