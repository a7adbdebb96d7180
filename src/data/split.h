#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace longhand::data {

// Places in a data set, rising, each in one of the two.
struct Split {
  std::vector<std::size_t> kept;
  std::vector<std::size_t> held_out;
};

// Holds out about `share` (0..1) of the samples, for validation. Where `writers` names them (one of
// 0 or more for every sample), whole writers are held out, drawn until the share is reached, so
// that no hand is on both sides; else single samples. The same seed gives the same split on every
// machine. `writers` has `count` entries or none.
Split hold_out(std::size_t count, std::span<const int> writers, double share, std::uint64_t seed);

}  // namespace longhand::data
