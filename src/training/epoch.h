#pragma once

#include <cstdint>
#include <vector>

#include "training/samples.h"

namespace longhand::training {

// A sample's turn to be learnt from. No sample has the same turn twice in a training, so that each
// turn can be augmented in its own way.
struct Draw {
  std::uint32_t sample = 0;
  std::uint32_t turn = 0;
  bool operator==(const Draw&) const = default;
};

// How many samples an epoch takes of all parts together.
std::size_t epoch_size(const Samples& samples);

// The share of each class among the characters that an epoch takes; what is no character counts for
// none. 0 for all where there are no characters.
std::vector<double> class_shares(const Samples& samples, std::size_t classes);

// How many turns a sample can have in so many epochs, and at least as many as there are epochs.
std::size_t turns(const Samples& samples, std::int64_t epochs);

// The draws of an epoch (from 0), in a random order that is a pure function of the arguments. Over
// the epochs every sample of a part has its turn before one has the next.
std::vector<Draw> draw_epoch(const Samples& samples, std::uint64_t seed, std::int64_t epoch);

}  // namespace longhand::training
