#include "recognizer/try_out.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "nn/model.h"

namespace longhand::recognizer {
namespace {

constexpr int kSamples = 8;

// The level of a place (-1 to 1 either way) in the probe of that number: blank, full, strokes, in
// which a network that finds nothing in noise still finds something, and noise of a fixed seed.
float probe(int number, float x, float y, float noise) {
  constexpr float kHalfWidth = 0.12F;
  switch (number) {
    case 0:
      return 0;
    case 1:
      return 1;
    case 2:
      return std::abs(x) < kHalfWidth && std::abs(y) < 0.7F ? 1 : 0;
    case 3:
      return std::abs(y) < kHalfWidth && std::abs(x) < 0.7F ? 1 : 0;
    case 4:
      return std::abs(std::hypot(1.4F * x, y) - 0.6F) < kHalfWidth ? 1 : 0;
    case 5:
      return std::abs(x + y) < kHalfWidth && std::abs(y) < 0.7F ? 1 : 0;
    default:
      return noise;
  }
}

// Pictures that a sound network gives finite scores for, one after the other.
std::vector<float> probe_inputs(std::size_t elements) {
  std::vector<float> inputs(elements * kSamples);
  const auto side =
      static_cast<std::size_t>(std::max(1.0, std::sqrt(static_cast<double>(elements))));
  const auto place = [side](std::size_t at) {
    return (2 * static_cast<float>(at) + 1) / static_cast<float>(side) - 1;
  };
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    state = state * 1664525U + 1013904223U;
    const std::size_t at = i % elements;
    inputs[i] = probe(static_cast<int>(i / elements), place(at % side), place(at / side),
                      static_cast<float>(state >> 8) / static_cast<float>(1U << 24));
  }
  return inputs;
}

}  // namespace

Result<void> try_out(const Model& model) {
  const nn::Model& network = model.network();
  const std::size_t in = network.input().elements();
  const std::size_t out = network.outputs().front().elements();
  const auto inputs = probe_inputs(in);
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
  // Each score is that of the picture before.
  if (std::equal(together.begin() + static_cast<std::ptrdiff_t>(out), together.end(),
                 together.begin()))
    return fail(ErrorCode::kCorruptModel, "it gives the same scores whatever it is shown");
  return {};
}

}  // namespace longhand::recognizer
