#include "recognizer/note_choice.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace longhand::recognizer {
namespace {

constexpr float kSure = 0.9F;
constexpr float kAsHigh = 1.6F;  // times, at most

// How sure its glyphs are on the average; 0 where there are none.
double usual_confidence(const Writing& writing) {
  const auto& glyphs = writing.reading.glyphs;
  if (glyphs.empty()) return 0;
  double logs = 0;
  for (const GlyphReading& glyph : glyphs)
    logs += std::log(std::max(1e-6, static_cast<double>(glyph.confidence)));
  return std::exp(logs / static_cast<double>(glyphs.size()));
}

float middle_height(const Writing& writing) {
  std::vector<float> heights;
  for (const GlyphReading& glyph : writing.reading.glyphs) heights.push_back(glyph.box.h);
  if (heights.empty()) return 0;
  const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::nth_element(heights.begin(), middle, heights.end());
  return *middle;
}

bool holds_middle_of(const ink::Box& box, const ink::Box& of) {
  const float x = of.x + of.w / 2, y = of.y + of.h / 2;
  return x >= box.x && x <= box.right() && y >= box.y && y <= box.bottom();
}

}  // namespace

bool is_doubtful(const Writing& whole) {
  return whole.reading.rejected || usual_confidence(whole) < static_cast<double>(kSure);
}

bool is_rather_note(const Writing& whole, const Writing& alone, const ink::Box& sheet) {
  if (alone.reading.rejected) return false;
  if (whole.reading.rejected) return true;
  if (usual_confidence(alone) <= usual_confidence(whole)) return false;
  const float height = middle_height(alone);
  const auto& glyphs = whole.reading.glyphs;
  const auto written = std::count_if(glyphs.begin(), glyphs.end(), [&](const GlyphReading& glyph) {
    const bool as_high = glyph.box.h < kAsHigh * height && kAsHigh * glyph.box.h > height;
    return as_high && glyph.confidence >= kSure && !holds_middle_of(sheet, glyph.box);
  });
  return 2 * static_cast<std::size_t>(written) < alone.reading.glyphs.size();
}

}  // namespace longhand::recognizer
