#include "recognizer/page_verdict.h"

#include <algorithm>

#include "recognizer/sureness.h"

namespace longhand::recognizer {
namespace {

// Chosen on computed pages, whose glyphs are read with 0.99 and more on the average, and on photos,
// diagrams and icons without handwriting, in which those were 0.3 to 0.9, or few of many.
constexpr double kLeastSure = 0.95;     // of the shapes that were read, on the average
constexpr double kLeastShare = 0.2;     // of what was found,
constexpr double kLeastStrokes = 0.75;  // and where it is bare strokes alone
constexpr std::size_t kFew = 4;         // glyphs: of a blot or two beside a number nothing follows

}  // namespace

bool is_written_page(const Reading& read, std::size_t found) {
  if (read.glyphs.empty()) return false;
  if (found <= kFew) return true;
  const auto count = static_cast<double>(read.glyphs.size()), all = static_cast<double>(found);
  const bool strokes = std::all_of(read.glyphs.begin(), read.glyphs.end(),
                                   [](const auto& glyph) { return is_bare_stroke(glyph.text); });
  return sureness_of_shapes(read).usual >= kLeastSure &&
         count >= (strokes ? kLeastStrokes : kLeastShare) * all;
}

}  // namespace longhand::recognizer
