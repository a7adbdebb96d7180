#include "recognizer/sureness.h"

#include <algorithm>
#include <cmath>

#include "recognizer/lookalikes.h"

namespace longhand::recognizer {
namespace {

// Of what `confidence_of` says of each glyph.
template <typename ConfidenceOf>
Sureness sureness(const Reading& reading, ConfidenceOf confidence_of) {
  double logs = 0, stroke_logs = 0;
  std::size_t count = 0, strokes = 0;
  for (const GlyphReading& glyph : reading.glyphs) {
    const bool stroke = is_bare_stroke(glyph.text);
    (stroke ? stroke_logs : logs) += std::log(std::max(1e-6, confidence_of(glyph)));
    (stroke ? strokes : count) += 1;
  }
  if (count == 0) logs = stroke_logs, count = strokes;
  return {count == 0 ? 0 : std::exp(logs / static_cast<double>(count)), count};
}

double confidence_of_shape(const GlyphReading& glyph) {
  double sum = 0;
  for (const Candidate& candidate : glyph.candidates) {
    if (look_alike(candidate.text, glyph.text)) sum += static_cast<double>(candidate.confidence);
  }
  return std::max(sum, static_cast<double>(glyph.confidence));
}

}  // namespace

bool is_bare_stroke(std::string_view text) {
  constexpr std::string_view kStrokes = "1Il-./,|";
  return text.size() == 1 && kStrokes.find(text.front()) != std::string_view::npos;
}

double usual_confidence(const Reading& reading) {
  const auto confidence_of = [](const GlyphReading& glyph) {
    return static_cast<double>(glyph.confidence);
  };
  return sureness(reading, confidence_of).usual;
}

Sureness sureness_of_shapes(const Reading& reading) {
  return sureness(reading, confidence_of_shape);
}

}  // namespace longhand::recognizer
