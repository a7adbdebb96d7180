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

bool is_sure(const Writing& writing) {
  return usual_confidence(writing) >= static_cast<double>(kSure);
}

float middle_height(const Writing& writing) {
  std::vector<float> heights;
  for (const GlyphReading& glyph : writing.reading.glyphs) heights.push_back(glyph.box.h);
  if (heights.empty()) return 0;
  const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::nth_element(heights.begin(), middle, heights.end());
  return *middle;
}

// A sheet without its rim, in whose place its edges may have been read.
ink::Box inner_part(const ink::Box& sheet) {
  constexpr float kRim = 0.1F;  // of its width and height
  return {sheet.x + kRim * sheet.w, sheet.y + kRim * sheet.h, (1 - 2 * kRim) * sheet.w,
          (1 - 2 * kRim) * sheet.h};
}

bool holds_middle_of(const ink::Box& box, const ink::Box& of) {
  const float x = of.x + of.w / 2, y = of.y + of.h / 2;
  return x >= box.x && x <= box.right() && y >= box.y && y <= box.bottom();
}

}  // namespace

bool may_be_of_note(const Writing& whole) {
  return whole.mode != Mode::kGlyph || whole.reading.rejected || !is_sure(whole);
}

bool is_rather_note(const Writing& whole, const Writing& alone, const ink::Box& sheet) {
  if (alone.reading.rejected) return false;
  if (whole.reading.rejected) return true;
  const auto& glyphs = whole.reading.glyphs;
  const ink::Box within = inner_part(sheet);
  if (std::none_of(glyphs.begin(), glyphs.end(),
                   [&](const GlyphReading& glyph) { return holds_middle_of(within, glyph.box); }))
    return true;
  if (usual_confidence(alone) <= usual_confidence(whole)) return false;
  const float height = middle_height(alone);
  const auto is_read_alone = [&](const ink::Box& box) {
    const auto& there = alone.reading.glyphs;
    return std::any_of(there.begin(), there.end(),
                       [&](const GlyphReading& glyph) { return holds_middle_of(glyph.box, box); });
  };
  const auto written = std::count_if(glyphs.begin(), glyphs.end(), [&](const GlyphReading& glyph) {
    const bool as_high = glyph.box.h < kAsHigh * height && kAsHigh * glyph.box.h > height;
    return as_high && glyph.confidence >= kSure && !is_read_alone(glyph.box);
  });
  const auto most = is_sure(whole) ? 0 : (alone.reading.glyphs.size() - 1) / 2;
  return static_cast<std::size_t>(written) <= most;
}

}  // namespace longhand::recognizer
