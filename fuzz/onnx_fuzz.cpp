// Model files from anybody: loading must refuse or take them, and what was taken must run, within
// limits that keep one input quick.

#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "nn/model.h"

namespace nn = longhand::nn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nn::LoadLimits limits;
  limits.max_nodes = 200;
  limits.max_tensor_elements = 1U << 16;
  limits.max_multiply_adds = 1U << 20;
  const auto model = nn::Model::load(std::as_bytes(std::span(data, size)), limits);
  if (!model) {
    if (model.error().message.empty()) std::abort();  // a refusal says why
    return 0;
  }
  constexpr int kBatch = 2;
  const std::vector<float> input((*model)->input().elements() * kBatch, 0.5F);
  std::vector<float> output((*model)->outputs()[0].elements() * kBatch);
  nn::Scratch scratch;
  nn::run(**model, scratch, input, kBatch, output);
  return 0;
}
