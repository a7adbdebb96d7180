#include "training/epoch.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "training/counter_random.h"

namespace longhand::training {
namespace {

std::vector<Part> parts_of(const Samples& samples) {
  if (!samples.parts.empty()) return samples.parts;
  return {{0, samples.size(), samples.size()}};
}

template <typename T>
void shuffle(std::vector<T>& values, CounterRandom random) {
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[random.below(i)]);
  }
}

// A part's samples stand in one endless row, permutation after permutation; each epoch takes the
// next per_epoch of it.
class Row {
 public:
  Row(const Part& part, std::uint64_t number, std::uint64_t seed)
      : part_(part), number_(number), seed_(seed), order_(part.end - part.begin) {}

  void take(std::uint64_t first, std::uint64_t count, std::vector<Draw>& draws) {
    for (std::uint64_t at = first; at < first + count; ++at) {
      const std::uint64_t turn = at / order_.size();
      if (at == first || at % order_.size() == 0) start(turn);
      draws.push_back({order_[at % order_.size()], static_cast<std::uint32_t>(turn)});
    }
  }

 private:
  void start(std::uint64_t turn) {
    std::iota(order_.begin(), order_.end(), static_cast<std::uint32_t>(part_.begin));
    // Where epochs take whole permutations, the order of the epoch's own shuffle is enough.
    if (part_.per_epoch % order_.size() == 0) return;
    shuffle(order_, CounterRandom({use(RandomUse::kShuffle), seed_, turn, 1 + number_}));
  }

  Part part_;
  std::uint64_t number_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> order_;
};

}  // namespace

std::size_t epoch_size(const Samples& samples) {
  std::size_t size = 0;
  for (const Part& part : parts_of(samples)) size += part.per_epoch;
  return size;
}

std::vector<double> class_shares(const Samples& samples, std::size_t classes) {
  std::vector<double> shares(classes, 0);
  double all = 0;
  for (const Part& part : parts_of(samples)) {
    const double each =
        static_cast<double>(part.per_epoch) / static_cast<double>(part.end - part.begin);
    for (std::size_t i = part.begin; i < part.end; ++i) {
      if (samples.labels[i] == Samples::kNothing) continue;
      shares[static_cast<std::size_t>(samples.labels[i])] += each;
      all += each;
    }
  }
  for (double& share : shares) share = all > 0 ? share / all : 0;
  return shares;
}

std::size_t turns(const Samples& samples, std::int64_t epochs) {
  auto most = static_cast<std::size_t>(epochs);
  for (const Part& part : parts_of(samples)) {
    const std::size_t size = part.end - part.begin;
    most = std::max(most, (part.per_epoch * static_cast<std::size_t>(epochs) + size - 1) / size);
  }
  return most;
}

std::vector<Draw> draw_epoch(const Samples& samples, std::uint64_t seed, std::int64_t epoch) {
  std::vector<Draw> draws;
  draws.reserve(epoch_size(samples));
  std::uint64_t number = 0;
  for (const Part& part : parts_of(samples)) {
    const auto count = static_cast<std::uint64_t>(part.per_epoch);
    Row(part, number++, seed).take(count * static_cast<std::uint64_t>(epoch), count, draws);
  }
  shuffle(draws,
          CounterRandom({use(RandomUse::kShuffle), seed, static_cast<std::uint64_t>(epoch)}));
  return draws;
}

}  // namespace longhand::training
