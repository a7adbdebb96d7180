#include "recognizer/further_looks.h"

#include <chrono>
#include <string_view>
#include <type_traits>
#include <utility>

#include "ink/hollow_bar.h"
#include "ink/looks.h"
#include "ink/stretched.h"
#include "recognizer/sureness.h"

namespace longhand::recognizer {
namespace {

// Of the first reading's doubt: among several looks one is always a little surer than another.
constexpr float kMostDoubtLeft = 0.75F;
// What was stretched must be so sure of its shape: narrowed, a scribble too may be some digit.
constexpr double kSureOfStretched = 0.995;

// What was read as a round thing, and surely, may be the outline of a bar.
Reading as_bar(Reading first, const std::function<Reading(const ink::Glyph&)>& read) {
  constexpr std::string_view kRound = "0Oo";
  if (first.text.size() != 1 || kRound.find(first.text.front()) == std::string_view::npos)
    return first;
  const GlyphReading& glyph = first.glyphs.front();
  const auto bar = ink::filled_bar({glyph.image, glyph.box, glyph.parts});
  if (!bar) return first;
  Reading reading = read(*bar);
  if (reading.rejected) return first;
  reading.glyphs.front().image = glyph.image;
  reading.ink_us = first.ink_us;
  reading.net_us += first.net_us;
  return reading;
}

}  // namespace

template <typename Content>
Reading look_further(const Content& content, ink::Normalization normalization, Reading first,
                     const std::function<Reading(const ink::Glyph&)>& read) {
  using Clock = std::chrono::steady_clock;
  if (normalization != ink::Normalization::kInk2) return first;
  if (!first.rejected) return as_bar(std::move(first), read);
  const auto start = Clock::now();
  std::int64_t net_us = 0;
  Reading best = first;
  const auto try_out = [&](const ink::Glyph& look, double least) {
    Reading reading = read(look);
    net_us += reading.net_us;
    if (sureness_of_shapes(reading).usual < least) return;
    if (reading.confidence > best.confidence) best = std::move(reading);
  };
  for (const ink::Glyph& look : ink::further_looks(content, normalization)) {
    try_out(look, 0);
    if (!best.rejected) break;
  }
  if constexpr (std::is_same_v<Content, ink::Raster>) {
    if (best.rejected) {
      for (const ink::Glyph& look : ink::before_stretching(content, normalization))
        try_out(look, kSureOfStretched);
    }
  }
  const auto all = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  const std::int64_t ink_us = first.ink_us + all.count() - net_us;
  net_us += first.net_us;
  if (1 - best.confidence > kMostDoubtLeft * (1 - first.confidence)) best = std::move(first);
  best.ink_us = ink_us;
  best.net_us = net_us;
  return best;
}

template Reading look_further(const ink::Raster&, ink::Normalization, Reading,
                              const std::function<Reading(const ink::Glyph&)>&);
template Reading look_further(const ink::Strokes&, ink::Normalization, Reading,
                              const std::function<Reading(const ink::Glyph&)>&);

}  // namespace longhand::recognizer
