#include "recognizer/line_context.h"

#include <algorithm>

#include "recognizer/letter_case.h"
#include "recognizer/number_context.h"
#include "recognizer/sign_size.h"
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
  if (has_signs(alphabet)) {
    NumberContext(alphabet).weigh(starts_of_words(boxes), characters);
  } else if (has_both_cases(alphabet)) {
    std::vector<float> heights;
    for (const ink::Box& box : boxes) heights.push_back(std::max(1e-3F, box.h));
    weigh_by_height(heights, alphabet, characters);
    weigh_by_neighbours(starts_of_words(boxes), alphabet, characters);
  }
}

}  // namespace longhand::recognizer
