#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nn/kernels.h"

namespace longhand::nn {

class LinearStep;

// Where a step finds its numbers. Each buffer holds `batch` samples one after the other.
struct StepBuffers {
  std::span<const float* const> inputs;
  float* output;
  float* workspace;  // Step::workspace() floats
  std::size_t batch;
};

// One operation of a planned network: reads buffers, writes one. Built and fused while the graph is
// read, then prepared once, then run from many threads.
class Step {
 public:
  Step(std::vector<int> inputs, int output) : inputs_(std::move(inputs)), output_(output) {}
  virtual ~Step() = default;

  // Packs weights for the kernels that will run it; nothing may be fused after.
  virtual void prepare(const Kernels&) {}
  virtual void run(const Kernels& kernels, const StepBuffers& buffers) const = 0;
  // Floats that run() needs besides, whatever the batch; known once prepared.
  virtual std::size_t workspace() const { return 0; }
  // Whether the output may be the first input's memory.
  virtual bool in_place() const { return false; }
  // Fuses `activation` on the way out, if nothing stands there yet and the step knows how.
  virtual bool fuse(Activation) { return false; }
  virtual LinearStep* linear() { return nullptr; }
  // Numbers learned that this step holds.
  virtual std::uint64_t parameters() const { return 0; }

  const std::vector<int>& inputs() const { return inputs_; }
  int output() const { return output_; }

 protected:
  std::vector<int> inputs_;  // indices of buffers
  int output_;
};

}  // namespace longhand::nn
