#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

namespace longhand::data {
namespace {

// SplitMix64 (Steele, Lea and Flood, 2014): the standard library's shuffle differs between
// implementations, a split must not.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

  // Even over 0..bound-1 but for a bias under 2^-32 for any set that fits in memory.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace

Split hold_out(std::size_t count, std::span<const int> writers, double share, std::uint64_t seed) {
  if (!writers.empty() && writers.size() != count)
    throw std::logic_error("hold_out: a writer for every sample, or for none");
  const bool by_writer =
      !writers.empty() && std::all_of(writers.begin(), writers.end(), [](int w) { return w >= 0; });
  // Groups that stay together, in an order that depends on the data alone.
  std::map<int, std::vector<std::size_t>> of_writer;
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < count; ++i) {
    if (by_writer)
      of_writer[writers[i]].push_back(i);
    else
      groups.push_back({i});
  }
  for (auto& [writer, samples] : of_writer) groups.push_back(std::move(samples));

  Generator generator(seed);
  for (std::size_t i = groups.size(); i > 1; --i)
    std::swap(groups[i - 1], groups[generator.below(i)]);

  const auto wanted = static_cast<std::size_t>(
      std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(count)));
  Split split;
  for (const auto& group : groups) {
    auto& side = split.held_out.size() < wanted ? split.held_out : split.kept;
    side.insert(side.end(), group.begin(), group.end());
  }
  std::sort(split.kept.begin(), split.kept.end());
  std::sort(split.held_out.begin(), split.held_out.end());
  return split;
}

}  // namespace longhand::data
