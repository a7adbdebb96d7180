#include "recognizer/one_or_several.h"

#include <algorithm>
#include <cstddef>

namespace longhand::recognizer {
namespace {

// One glyph is at most so wide for its height, and so confident that no second look is due.
constexpr float kWidestGlyph = 1.3F;
constexpr float kSure = 0.95F;
constexpr float kLarge = 300;  // pixels: on a page as high, writing is high enough to be read
// What has that shape and yet is several: how high each is at least, and how sure of what must be.
constexpr float kLeastOfNumber = 0.55F;
constexpr std::ptrdiff_t kLeastOfPage = 5, kSurelyPage = 9;  // signs
constexpr float kHardlyOne = 0.5F;
// What hangs together each: a sign has no more, and what a page is beyond doubt has so many.
constexpr int kMostPartsOfOne = 3;
constexpr std::size_t kSurelySigns = 5;
constexpr double kSureOfCut = 0.9;
// What is surely one glyph, seen as a pair all the same, is one that was read so surely: among
// digits of their own there is one of a thousand, an open 4 as 41.
constexpr double kSureOfPair = 0.95;

}  // namespace

bool is_glyph_shaped(const ink::Box& box) {
  return box.w <= kWidestGlyph * box.h;
}

bool is_surely_one(const Reading& whole) {
  if (whole.glyphs.empty() || whole.confidence < kSure) return false;
  const GlyphReading& glyph = whole.glyphs.front();
  return is_glyph_shaped(glyph.box) && glyph.parts <= kMostPartsOfOne;
}

bool may_be_many(const Reading& whole) {
  return !whole.glyphs.empty() && whole.glyphs.front().box.h >= kLarge;
}

bool stands_apart(std::vector<ink::Box> boxes, const ink::Box& all) {
  constexpr float kLeastGap = 0.05F;  // of the height
  std::sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
  std::size_t high = 0;
  bool counted = false;
  float reached = boxes.front().x;
  for (const ink::Box& box : boxes) {
    if (box.x > reached + kLeastGap * all.h) counted = false;
    reached = std::max(reached, box.x + box.w);
    if (counted || box.h < kLeastOfNumber * all.h) continue;
    counted = true, ++high;
  }
  return high >= 2;
}

bool is_rather_one(const Reading& whole, const Reading& page) {
  if (page.confidence >= whole.confidence) return false;
  if (page.glyphs.size() >= kSurelySigns && page.confidence >= kHardlyOne) return false;
  const auto signs = std::count_if(page.text.begin(), page.text.end(), [](unsigned char c) {
    return c > ' ' && (c & 0xC0) != 0x80;  // a character's first byte
  });
  if (page.rejected || signs < kLeastOfPage) return true;
  return !whole.rejected && signs < kSurelyPage;
}

bool is_number(const MaybeNumber& number) {
  const LineReading& line = number.line;
  if (line.glyphs.size() <= 1) return false;
  if (number.seen_as_pair) return number.whole < kSure || line.confidence >= kSureOfPair;
  if (!is_glyph_shaped(number.box)) return !line.cut || number.whole < kSure;
  if (!number.accepted || line.confidence < static_cast<double>(number.whole)) return false;
  const bool high = std::all_of(line.glyphs.begin(), line.glyphs.end(), [&](const auto& glyph) {
    return glyph.box.h >= kLeastOfNumber * number.box.h;
  });
  return high && (!line.cut || (number.whole < kHardlyOne && line.confidence >= kSureOfCut));
}

}  // namespace longhand::recognizer
