#include "recognizer/line_context.h"

#include <algorithm>

#include "recognizer/letter_pairs.h"
#include "recognizer/number_context.h"
#include "recognizer/stature.h"
#include "recognizer/word_context.h"
#include "recognizer/word_gaps.h"

namespace longhand::recognizer {
namespace {

// Which glyphs have a gap between words before them.
std::vector<bool> starts_of_words(const std::vector<ink::Box>& boxes) {
  const float blank_from = word_gap(std::vector<std::vector<ink::Box>>{boxes});
  std::vector<bool> starts(boxes.size());
  for (std::size_t i = 1; i < boxes.size(); ++i)
    starts[i] = gap_between(boxes[i - 1], boxes[i]) > blank_from;
  return starts;
}

}  // namespace

void weigh_by_line(const std::vector<ink::Box>& boxes, const std::vector<std::string>& alphabet,
                   std::vector<std::vector<float>>& characters) {
  if (NumberContext::applies_to(alphabet)) {
    NumberContext(alphabet).weigh(starts_of_words(boxes), characters);
  } else if (has_both_cases(alphabet)) {
    weigh_by_stature(boxes, alphabet, characters);
    const std::vector<bool> starts = starts_of_words(boxes);
    weigh_by_neighbours(starts, alphabet, characters);
    LetterPairs(alphabet).weigh(starts, characters);
  }
}

}  // namespace longhand::recognizer
