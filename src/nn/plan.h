#pragma once

#include <cstddef>
#include <vector>

#include "nn/graph_builder.h"

namespace longhand::nn {

// Where each buffer lies in the arena. Offsets are in floats, for one sample; with a batch all are
// multiplied by it.
struct Plan {
  static constexpr std::size_t kAlignment = 16;  // floats: a cache line
  std::vector<std::size_t> offsets;              // by buffer; the input's is unused
  std::vector<bool> needed;                      // by step: whether the logits depend on it
  std::size_t floats = 0;                        // of one sample
  std::size_t workspace = 0;                     // floats, whatever the batch
};

// Buffers whose lives don't meet share memory. Throws Refusal if one sample needs over 1 GiB.
Plan make_plan(const Network& network);

}  // namespace longhand::nn
