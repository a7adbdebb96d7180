#include "recognizer/recognizer.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <vector>

#include "ink/board.h"
#include "nn/model.h"
#include "recognizer/further_looks.h"
#include "recognizer/number_context.h"

namespace longhand::recognizer {
namespace {

constexpr std::size_t kMostCandidates = 10;

using Clock = std::chrono::steady_clock;

std::int64_t micros_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

// One thread's memory, kept between calls: the arena grows to the largest network it has met.
struct Workspace {
  nn::Scratch scratch;
  std::vector<float> input, outputs, logits, confidences;
  std::vector<std::size_t> order;
};

Workspace& workspace() {
  thread_local Workspace mine;
  return mine;
}

// The classes by falling confidence; equal ones in the alphabet's order.
void rank(const std::vector<float>& confidences, std::vector<std::size_t>& order) {
  order.resize(confidences.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t wanted = std::min(kMostCandidates, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(wanted), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return confidences[a] != confidences[b] ? confidences[a] > confidences[b]
                                                              : a < b;
                    });
  order.resize(wanted);
}

}  // namespace

Recognizer::Recognizer(std::shared_ptr<const Model> model) : model_(std::move(model)) {}

template <typename Content>
Reading Recognizer::read_content(const Content& content) const {
  const auto start = Clock::now();
  const auto glyph = ink::normalize(content, model_->card().normalization);
  const std::int64_t ink_us = micros_since(start);
  Reading reading = read(glyph);
  reading.ink_us = ink_us;
  return look_further(content, model_->card().normalization, std::move(reading),
                      [&](const ink::Glyph& look) { return read(look); });
}

Reading Recognizer::read(const ink::Raster& raster) const {
  return read_content(raster);
}

Reading Recognizer::read(const ink::Strokes& strokes) const {
  if (model_->card().normalization != ink::Normalization::kInk2) return read_content(strokes);
  return read_content(ink::writing_on(strokes));
}

Reading Recognizer::read(const std::optional<ink::Glyph>& glyph) const {
  const Card& card = model_->card();
  Reading reading;
  reading.alphabet = card.alphabet_name;
  reading.model = model_->ref();
  if (!glyph) {
    reading.rejected = true;
    return reading;
  }
  const auto start = Clock::now();
  Workspace& w = workspace();
  w.input.resize(glyph->image.pixels.size());
  std::transform(glyph->image.pixels.begin(), glyph->image.pixels.end(), w.input.begin(),
                 [](std::uint8_t ink) { return static_cast<float>(ink) / 255.0F; });
  w.outputs.resize(model_->network().outputs().front().elements());
  nn::run(model_->network(), w.scratch, w.input, 1, w.outputs);
  w.logits.clear();
  for (const std::size_t c : model_->classes()) w.logits.push_back(w.outputs[c]);
  w.confidences.resize(card.alphabet.size());
  model_->confidences().of(w.logits, w.confidences);
  if (NumberContext::applies_to(card.alphabet))
    NumberContext(card.alphabet).weigh_alone(w.confidences);
  rank(w.confidences, w.order);

  GlyphReading result;
  result.box = glyph->box;
  result.parts = glyph->parts;
  result.image = glyph->image;
  for (const std::size_t c : w.order) {
    result.candidates.push_back({card.alphabet[c], w.confidences[c]});
  }
  result.text = result.candidates.front().text;
  result.confidence = result.candidates.front().confidence;
  const float sure = model_->confidences().of_shape(w.confidences);
  reading.rejected = result.confidence <= 0 || sure < card.reject_threshold;
  reading.text = reading.rejected ? "" : result.text;
  reading.confidence = result.confidence;
  reading.glyphs.push_back(std::move(result));
  reading.net_us = micros_since(start);
  return reading;
}

}  // namespace longhand::recognizer
