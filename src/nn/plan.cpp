#include "nn/plan.h"

#include <algorithm>

#include "nn/refusal.h"

namespace longhand::nn {
namespace {

constexpr std::size_t kMostFloats = 256U << 20;  // 1 GiB

struct Block {
  std::size_t offset, size;
  int last;  // the step after which it is free
};

std::size_t rounded(std::size_t floats) {
  return (floats + Plan::kAlignment - 1) / Plan::kAlignment * Plan::kAlignment;
}

std::vector<bool> needed_steps(const Network& network) {
  std::vector<bool> buffer_needed(network.buffers.size(), false);
  std::vector<bool> needed(network.steps.size(), false);
  buffer_needed[static_cast<std::size_t>(network.logits)] = true;
  for (std::size_t i = network.steps.size(); i-- > 0;) {
    const Step& step = *network.steps[i];
    if (!buffer_needed[static_cast<std::size_t>(step.output())]) continue;
    needed[i] = true;
    for (const int input : step.inputs()) buffer_needed[static_cast<std::size_t>(input)] = true;
  }
  return needed;
}

// For each buffer the last step that reads it.
std::vector<int> last_readers(const Network& network, const std::vector<bool>& needed) {
  std::vector<int> last(network.buffers.size(), -1);
  for (std::size_t i = 0; i < network.steps.size(); ++i) {
    if (!needed[i]) continue;
    const Step& step = *network.steps[i];
    last[static_cast<std::size_t>(step.output())] = static_cast<int>(i);
    for (const int input : step.inputs())
      last[static_cast<std::size_t>(input)] = static_cast<int>(i);
  }
  last[static_cast<std::size_t>(network.logits)] = static_cast<int>(network.steps.size());
  return last;
}

// The lowest gap of `size` between the live blocks, which stand in order of offset.
std::size_t place(std::vector<Block>& live, Block block) {
  std::size_t offset = 0;
  auto at = live.begin();
  for (; at != live.end(); ++at) {
    if (at->offset - std::min(at->offset, offset) >= block.size) break;
    offset = std::max(offset, at->offset + at->size);
  }
  block.offset = offset;
  live.insert(at, block);
  return offset;
}

}  // namespace

Plan make_plan(const Network& network) {
  Plan plan;
  plan.needed = needed_steps(network);
  plan.offsets.assign(network.buffers.size(), 0);
  const std::vector<int> last = last_readers(network, plan.needed);
  std::vector<Block> live;
  for (std::size_t i = 0; i < network.steps.size(); ++i) {
    if (!plan.needed[i]) continue;
    const int now = static_cast<int>(i);
    std::erase_if(live, [now](const Block& block) { return block.last < now; });
    const Step& step = *network.steps[i];
    const auto output = static_cast<std::size_t>(step.output());
    const auto input = static_cast<std::size_t>(step.inputs()[0]);
    const std::size_t size = rounded(network.buffers[output].elements);
    plan.workspace = std::max(plan.workspace, step.workspace());
    // In place if the first input, of the same size, is read here for the last time.
    const auto reused = std::find_if(live.begin(), live.end(), [&](const Block& block) {
      return step.in_place() && input != 0 && last[input] == now &&
             block.offset == plan.offsets[input] && block.size == size;
    });
    if (reused != live.end()) {
      reused->last = last[output];
      plan.offsets[output] = reused->offset;
      continue;
    }
    plan.offsets[output] = place(live, {0, size, last[output]});
    plan.floats = std::max(plan.floats, plan.offsets[output] + size);
  }
  if (plan.floats > kMostFloats) refuse_large("one sample needs more than 1 GiB of working memory");
  return plan;
}

}  // namespace longhand::nn
