#include "recognizer/word_gaps.h"

#include <algorithm>

#include "ink/layout.h"

namespace longhand::recognizer {
namespace {

// A gap between words is wider than this share of the writing's height, and than so many times the
// usual gap between glyphs.
constexpr float kWordGap = 0.65F;
constexpr float kTimesUsualGap = 2;
// The same from middle to middle, of a line that may as well be one number.
constexpr float kTimesUsualStep = 1.35F;

float step_between(const ink::Box& left, const ink::Box& right) {
  return right.x + right.w / 2 - left.x - left.w / 2;
}

}  // namespace

float gap_between(const ink::Box& left, const ink::Box& right) {
  return std::max(0.0F, right.x - (left.x + left.w));
}

float word_gap(const std::vector<std::vector<ink::Box>>& lines) {
  std::vector<float> gaps;
  std::vector<ink::Box> boxes;
  for (const std::vector<ink::Box>& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      boxes.push_back(line[i]);
      if (i > 0) gaps.push_back(gap_between(line[i - 1], line[i]));
    }
  }
  if (gaps.empty()) return 0;
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  return std::max(kWordGap * ink::usual_height(boxes), kTimesUsualGap * *middle);
}

float word_gap(const std::vector<LineReading>& lines) {
  std::vector<std::vector<ink::Box>> boxes(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (const GlyphReading& glyph : lines[i].glyphs) boxes[i].push_back(glyph.box);
  }
  return word_gap(boxes);
}

std::string text_of(const LineReading& line, float blank_from) {
  std::string text;
  for (std::size_t i = 0; i < line.glyphs.size(); ++i) {
    const bool blank =
        i > 0 && gap_between(line.glyphs[i - 1].box, line.glyphs[i].box) > blank_from;
    if (blank) text += ' ';
    text += line.glyphs[i].text;
  }
  return text;
}

bool is_of_words(const LineReading& line) {
  if (line.glyphs.size() < 3) return false;
  std::vector<float> steps;
  for (std::size_t i = 1; i < line.glyphs.size(); ++i)
    steps.push_back(step_between(line.glyphs[i - 1].box, line.glyphs[i].box));
  std::vector<float> sorted = steps;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const float blank_from = word_gap({line});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const float gap = gap_between(line.glyphs[i].box, line.glyphs[i + 1].box);
    if (gap > blank_from && steps[i] > kTimesUsualStep * *middle) return true;
  }
  return false;
}

std::vector<std::vector<std::size_t>> words_of(std::vector<std::size_t> line,
                                               const std::vector<ink::Box>& boxes,
                                               float blank_from) {
  std::sort(line.begin(), line.end(),
            [&](std::size_t a, std::size_t b) { return boxes[a].x < boxes[b].x; });
  std::vector<std::vector<std::size_t>> words;
  float end = 0;
  for (const std::size_t i : line) {
    if (words.empty() || boxes[i].x - end > blank_from) words.emplace_back();
    const float right = boxes[i].x + boxes[i].w;
    end = words.back().empty() ? right : std::max(end, right);
    words.back().push_back(i);
  }
  return words;
}

}  // namespace longhand::recognizer
