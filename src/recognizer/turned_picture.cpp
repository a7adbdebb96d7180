#include "recognizer/turned_picture.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "ink/median.h"
#include "recognizer/sureness.h"

namespace longhand::recognizer {
namespace {

constexpr double kSure = 0.97;        // of each glyph, as it lies: not turned,
constexpr float kSureText = 0.95F;    // of the whole text
constexpr double kSureTurned = 0.97;  // and turned
constexpr std::size_t kLeastGlyphs = 2;
constexpr std::size_t kMostGlyphs = 250;  // of a picture that is read four times
constexpr double kLeastShare = 0.3;       // of the glyphs, that there are when it is turned
constexpr double kLeastGain = 0.3;        // natural logarithm of the likelihoods' ratio
constexpr std::size_t kLeastSigns = 3;    // that stand apart: fewer may be one glyph's parts
constexpr double kClear = 0.35;           // of the signs, of another direction, at most
constexpr double kNothing = 0.3;          // as sure as this is what couldn't be read at all

float middle(float from, float extent) {
  return from + extent / 2;
}

// Whether the nearest neighbour of a box stands above or below rather than beside it.
bool is_neighbour_above(const std::vector<ink::Box>& boxes, const ink::Box& box) {
  float nearest = std::numeric_limits<float>::max();
  bool above = false;
  for (const ink::Box& other : boxes) {
    if (&other == &box) continue;
    const float dx = middle(other.x, other.w) - middle(box.x, box.w);
    const float dy = middle(other.y, other.h) - middle(box.y, box.h);
    const float distance = std::hypot(dx, dy);
    if (distance >= nearest) continue;
    nearest = distance;
    above = std::abs(dy) > std::abs(dx);
  }
  return above;
}

// Those that may be signs: of a third of the largest sides' middle and more.
std::vector<ink::Box> signs_among(const std::vector<ink::Box>& boxes) {
  std::vector<float> sides;
  for (const ink::Box& box : boxes) sides.push_back(std::max(box.w, box.h));
  const float usual = ink::median(std::move(sides));
  std::vector<ink::Box> signs;
  for (const ink::Box& box : boxes) {
    if (std::max(box.w, box.h) >= usual / 3 && signs.size() < kMostGlyphs) signs.push_back(box);
  }
  return signs;
}

}  // namespace

bool may_lie_turned(const Writing& as_it_lies) {
  const Reading& reading = as_it_lies.reading;
  const std::size_t count = reading.glyphs.size();
  if (count < kLeastGlyphs) return reading.rejected;
  return count <= kMostGlyphs && (reading.rejected || reading.confidence < kSureText) &&
         sureness_of_shapes(reading).usual < kSure;
}

std::vector<int> turns_to_try(const std::vector<ink::Box>& boxes) {
  if (boxes.size() < kLeastSigns) return {};
  const std::vector<ink::Box> signs = signs_among(boxes);
  if (signs.size() < kLeastSigns) return {};
  const auto above = std::count_if(signs.begin(), signs.end(), [&](const ink::Box& box) {
    return is_neighbour_above(signs, box);
  });
  const double share = static_cast<double>(above) / static_cast<double>(signs.size());
  if (share > 1 - kClear) return {1, 3};
  if (share < kClear) return {2};
  return {1, 3, 2};
}

bool is_turned_better(const Writing& as_it_is, const Writing& turned) {
  if (turned.reading.rejected || turned.mode == Mode::kGlyph ||
      (!as_it_is.reading.rejected && turned.reading.confidence <= as_it_is.reading.confidence))
    return false;
  const Sureness before = sureness_of_shapes(as_it_is.reading);
  const Sureness after = sureness_of_shapes(turned.reading);
  const auto all = static_cast<double>(as_it_is.reading.glyphs.size());
  if (after.glyphs < kLeastGlyphs || after.usual < kSureTurned ||
      static_cast<double>(turned.reading.glyphs.size()) < kLeastShare * all)
    return false;
  const double usual = before.glyphs > 0 ? before.usual : kNothing;
  const auto count =
      static_cast<double>(std::min(after.glyphs, std::max(before.glyphs, kLeastGlyphs)));
  return count * (std::log(after.usual) - std::log(usual)) >= kLeastGain;
}

bool is_surer(const Writing& one, const Writing& other) {
  return sureness_of_shapes(one.reading).usual > sureness_of_shapes(other.reading).usual;
}

}  // namespace longhand::recognizer
