#include "recognizer/score.h"

#include <algorithm>

#include "nn/model.h"

namespace longhand::recognizer {
namespace {

constexpr std::size_t kBatch = 64;  // the arena grows with it; larger ones gain nothing

void score_batch(const Model& model, std::span<const ink::Glyph> glyphs,
                 std::vector<std::vector<float>>& scores) {
  thread_local nn::Scratch scratch;
  const std::span<const std::size_t> classes = model.classes();
  const std::size_t outputs = model.network().outputs().front().elements();
  std::vector<float> input, logits(glyphs.size() * outputs), chosen(classes.size());
  input.reserve(glyphs.size() * ink::Glyph::kSize * ink::Glyph::kSize);
  for (const ink::Glyph& glyph : glyphs) {
    for (const std::uint8_t ink : glyph.image.pixels) {
      input.push_back(static_cast<float>(ink) / 255.0F);
    }
  }
  nn::run(model.network(), scratch, input, static_cast<int>(glyphs.size()), logits);
  for (std::size_t i = 0; i < glyphs.size(); ++i) {
    std::vector<float>& out = scores.emplace_back(classes.size());
    for (std::size_t c = 0; c < classes.size(); ++c) chosen[c] = logits[i * outputs + classes[c]];
    model.confidences().of(chosen, out);
  }
}

}  // namespace

std::vector<std::vector<float>> score(const Model& model, std::span<const ink::Glyph> glyphs) {
  std::vector<std::vector<float>> scores;
  scores.reserve(glyphs.size());
  for (std::size_t i = 0; i < glyphs.size(); i += kBatch) {
    score_batch(model, glyphs.subspan(i, std::min(kBatch, glyphs.size() - i)), scores);
  }
  return scores;
}

}  // namespace longhand::recognizer
