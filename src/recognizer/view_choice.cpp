#include "recognizer/view_choice.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ink/median.h"
#include "recognizer/sureness.h"

namespace longhand::recognizer {
namespace {

constexpr float kSure = 0.9F, kBeyondDoubt = 0.999F;
constexpr double kAlmost = 0.05;   // less sure, of what left something out
constexpr float kAsHigh = 1.6F;    // times, at most,
constexpr float kAlike = 1.3F;     // and of one another
constexpr std::size_t kOneOf = 8;  // glyphs: so often one may be a blot beside them

bool is_sure(const Writing& writing) {
  return usual_confidence(writing.reading) >= static_cast<double>(kSure);
}

bool only_strokes(const Writing& writing) {
  const auto& glyphs = writing.reading.glyphs;
  return std::all_of(glyphs.begin(), glyphs.end(),
                     [](const GlyphReading& glyph) { return is_bare_stroke(glyph.text); });
}

float middle_height(const Writing& writing) {
  std::vector<float> heights;
  for (const GlyphReading& glyph : writing.reading.glyphs) heights.push_back(glyph.box.h);
  return heights.empty() ? 0 : ink::median(std::move(heights));
}

bool as_high(float a, float b, float times) {
  return a < times * b && times * a > b;
}

// Whether they stand side by side, one hardly higher or lower than the other.
bool in_line(const ink::Box& a, const ink::Box& b) {
  constexpr float kOverlap = 0.6F, kNear = 1.2F;  // of the lower one's height, the higher one's
  const float overlap = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
  const float gap = std::max(a.x, b.x) - std::min(a.right(), b.right());
  return overlap >= kOverlap * std::min(a.h, b.h) && gap <= kNear * std::max(a.h, b.h);
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

// Glyphs that are as high as those of a view and aren't there.
struct Lost {
  std::size_t written = 0;    // clearly, and with another beside them
  std::size_t single = 0;     // clearly too: in a line with a glyph of the view, or beyond doubt
  std::size_t elsewhere = 0;  // clearly too; bare strokes aside
  std::size_t unclear = 0;
};

Lost lost_by(const Writing& whole, const Writing& view) {
  const float height = middle_height(view);
  const auto& seen = view.reading.glyphs;
  const auto is_seen = [&](const ink::Box& box) {
    return std::any_of(seen.begin(), seen.end(),
                       [&](const auto& other) { return holds_middle_of(box, other.box); });
  };
  Lost lost;
  std::vector<const GlyphReading*> clear;
  for (const GlyphReading& glyph : whole.reading.glyphs) {
    if (!as_high(glyph.box.h, height, kAsHigh) || is_seen(glyph.box)) continue;
    if (glyph.confidence < kSure) {
      ++lost.unclear;
    } else {
      clear.push_back(&glyph);
    }
  }
  for (const GlyphReading* glyph : clear) {
    const ink::Box& box = glyph->box;
    const bool stroke = is_bare_stroke(glyph->text);
    const bool paired = std::any_of(clear.begin(), clear.end(), [&](const GlyphReading* other) {
      return other != glyph && !is_bare_stroke(other->text) &&
             as_high(box.h, other->box.h, kAlike) && in_line(box, other->box);
    });
    const bool beside =
        std::any_of(seen.begin(), seen.end(), [&](const auto& o) { return in_line(box, o.box); });
    if (!stroke && paired) {
      ++lost.written;
    } else if (beside || (!stroke && glyph->confidence >= kBeyondDoubt)) {
      ++lost.single;
    } else if (!stroke) {
      ++lost.elsewhere;
    }
  }
  return lost;
}

}  // namespace

bool is_beyond_doubt(const Writing& whole) {
  return whole.mode == Mode::kGlyph && !whole.reading.rejected && is_sure(whole);
}

bool is_view_better(const Writing& whole, const Writing& view, const View& of) {
  if (view.reading.rejected) return false;
  if (whole.reading.rejected) return true;
  const auto& glyphs = whole.reading.glyphs;
  const ink::Box within = inner_part(of.part);
  if (std::none_of(glyphs.begin(), glyphs.end(),
                   [&](const GlyphReading& glyph) { return holds_middle_of(within, glyph.box); }))
    return only_strokes(whole) || (is_sure(view) && !only_strokes(view));
  // What left nothing out must be surer.
  const double less = glyphs.size() > view.reading.glyphs.size() ? kAlmost : 0;
  if (usual_confidence(view.reading) + less <= usual_confidence(whole.reading)) return false;
  const Lost lost = lost_by(whole, view);
  const std::size_t few = (view.reading.glyphs.size() - 1) / 2;
  if (!is_sure(whole)) {
    // Faint writing would be clear on the whole; what shows through is clear by chance.
    const std::size_t by_chance = of.leaves_out_faint ? 2 * lost.unclear : 0;
    return lost.written + lost.single + lost.elsewhere <= few + by_chance;
  }
  if (!of.leaves_out_faint) return lost.written + lost.single + lost.elsewhere == 0;
  return lost.written == 0 && lost.single <= view.reading.glyphs.size() / kOneOf &&
         lost.elsewhere <= few;
}

}  // namespace longhand::recognizer
