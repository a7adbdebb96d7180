#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numbers>

namespace longhand::training {

// Random numbers that are a pure function of a key, such as (seed, epoch, sample): whoever asks, on
// whatever thread and in whatever order, gets the same. SplitMix64 (Steele, Lea, Flood 2014), whose
// n-th value is a hash of key + n * constant. Not for secrets.
class CounterRandom {
 public:
  explicit CounterRandom(std::initializer_list<std::uint64_t> key) {
    for (const std::uint64_t part : key) state_ = mix(state_ + kStep + part);
  }

  std::uint64_t next() { return mix(state_ += kStep); }

  // In [0, 1), 24 bits.
  float uniform() { return static_cast<float>(next() >> 40U) * 0x1p-24F; }
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  // In [-amount, amount).
  float either_way(float amount) { return uniform(-amount, amount); }
  bool chance(float probability) { return uniform() < probability; }

  // In [0, bound), bound > 0; the bias of at most bound / 2^64 does not matter here.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

  // Of deviation 1 (Box-Muller).
  float normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - static_cast<double>(uniform())));
    const double angle = 2.0 * std::numbers::pi * static_cast<double>(uniform());
    return static_cast<float>(radius * std::cos(angle));
  }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15U;
  static std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
  }

  std::uint64_t state_ = 0;
};

// The first part of every key, so that no two uses of one seed see the same numbers.
enum class RandomUse : std::uint64_t {
  kInitialization = 1,
  kSplit,
  kShuffle,
  kAugmentation,
  kNegative,
  kDropout,
  kValidationNegative,
  kForms,
  kPairs,
};
inline std::uint64_t use(RandomUse what) {
  return static_cast<std::uint64_t>(what);
}

}  // namespace longhand::training
