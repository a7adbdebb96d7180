#include "recognizer/try_out.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "nn/model.h"

namespace longhand::recognizer {
namespace {

// Pictures that a sound network gives finite scores for: blank, full, and noise of a fixed seed.
std::vector<float> probe_inputs(std::size_t elements, int count) {
  std::vector<float> inputs(elements * static_cast<std::size_t>(count));
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    state = state * 1664525U + 1013904223U;
    const std::size_t sample = i / elements;
    inputs[i] = sample == 0   ? 0.0F
                : sample == 1 ? 1.0F
                              : static_cast<float>(state >> 8) / static_cast<float>(1U << 24);
  }
  return inputs;
}

}  // namespace

Result<void> try_out(const Model& model) {
  constexpr int kSamples = 8;
  const nn::Model& network = model.network();
  const std::size_t in = network.input().elements();
  const std::size_t out = network.outputs().front().elements();
  const auto inputs = probe_inputs(in, kSamples);
  std::vector<float> together(out * kSamples);
  std::vector<float> alone(out);
  nn::Scratch scratch;
  nn::run(network, scratch, inputs, kSamples, together);
  for (const float score : together)
    if (!std::isfinite(score))
      return fail(ErrorCode::kCorruptModel, "it runs, but gives scores that are no numbers");
  for (std::size_t i = 0; i < kSamples; ++i) {
    nn::run(network, scratch, std::span(inputs).subspan(i * in, in), 1, alone);
    if (!std::equal(alone.begin(), alone.end(),
                    together.begin() + static_cast<std::ptrdiff_t>(i * out)))
      return fail(ErrorCode::kCorruptModel,
                  "its scores depend on what else is read with a picture");
  }
  if (std::equal(together.begin(), together.begin() + static_cast<std::ptrdiff_t>(out),
                 together.end() - static_cast<std::ptrdiff_t>(out)))
    return fail(ErrorCode::kCorruptModel, "it gives the same scores whatever it is shown");
  return {};
}

}  // namespace longhand::recognizer
