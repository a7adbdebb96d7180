// Lines, pages and patterns: the first byte says how, what follows is a pattern up to a NUL, then
// strokes as JSON or the pixels of a small picture. In place of networks, confidences that depend
// on the ink alone; half of the inputs have a network of pairs too.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/recognition_request.h"
#include "ink/layout.h"
#include "ink/piece_row.h"
#include "ink/text_lines.h"
#include "recognizer/line_reader.h"

namespace {

using namespace longhand;

// Confidences that depend on the ink and on nothing else, so that every way may win.
template <std::size_t kClasses>
std::vector<std::vector<float>> scores(const std::vector<ink::Glyph>& glyphs) {
  std::vector<std::vector<float>> result;
  for (const ink::Glyph& glyph : glyphs) {
    unsigned sum = 0;
    for (const std::uint8_t ink : glyph.image.pixels) sum = sum * 31 + ink;
    std::vector<float> one(kClasses, 0.1F / kClasses);
    one[sum % kClasses] = 0.9F;
    result.push_back(std::move(one));
  }
  return result;
}

void read(ink::PieceRow& row, const recognizer::Pattern& pattern,
          const recognizer::Scorer& pairs, std::size_t& budget) {
  recognizer::Card card;
  card.alphabet = *recognizer::builtin_alphabet("digits");
  card.normalization = ink::Normalization::kInk1;
  const auto line = recognizer::read_line(row, card, pattern, scores<10>, pairs, budget);
  if (!(line.confidence >= 0 && line.confidence <= 1)) std::abort();
  for (const auto& glyph : line.glyphs) {
    if (glyph.candidates.empty() || glyph.text.empty()) std::abort();
  }
}

template <typename Content>
void read_lines(const Content& content, const std::vector<ink::Box>& boxes,
                const recognizer::Pattern& pattern, const recognizer::Scorer& pairs) {
  std::size_t members = 0;
  std::size_t budget = 60;  // of guesses: a blot takes tens of milliseconds under the sanitizers
  for (const auto& line : ink::find_lines(boxes)) {
    members += line.size();
    read(*ink::row_of(content, line), pattern, pairs, budget);
  }
  if (members != boxes.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const unsigned how = data[0];
  std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t end = std::min(rest.find('\0'), rest.size());
  const auto parsed = recognizer::Pattern::parse(rest.substr(0, end));
  if (!parsed && parsed.error().message.empty()) std::abort();
  const auto pattern = parsed ? *parsed : recognizer::Pattern::anything();
  const auto pairs = how % 4 < 2 ? recognizer::Scorer() : recognizer::Scorer(scores<100>);
  rest.remove_prefix(std::min(end + 1, rest.size()));

  std::vector<ink::Box> boxes;
  if (how % 2 == 0) {
    const auto strokes = api::parse_strokes(rest, {.max_strokes = 40, .max_points = 400});
    if (!strokes) return 0;
    ink::Strokes written;
    for (const auto& stroke : strokes->strokes) {
      if (!stroke.empty()) written.strokes.push_back(stroke);
    }
    for (const auto& stroke : written.strokes) boxes.push_back(ink::bounds({{stroke}}));
    read_lines(written, boxes, pattern, pairs);
    return 0;
  }
  const int width = static_cast<int>(how / 2) + 1;
  const int height = std::min<int>(200, static_cast<int>(rest.size()) / width);
  if (height == 0) return 0;
  ink::GreyImage grey(width, height);
  std::copy_n(rest.begin(), grey.pixels.size(), grey.pixels.begin());
  const auto layout = ink::lay_out({grey, {}});
  if (!layout) return 0;
  for (const auto& c : layout->components) boxes.push_back(layout->box_of(c));
  read_lines(*layout, boxes, pattern, pairs);
  return 0;
}
