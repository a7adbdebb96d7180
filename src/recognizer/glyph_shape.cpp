#include "recognizer/glyph_shape.h"

#include <algorithm>
#include <utility>

#include "recognizer/sign_size.h"

namespace longhand::recognizer {
namespace {

// What is no glyph for certain, and what the measures of the others cost (logarithms of how likely
// they are), in shares of the row's height. Set on numbers made of digits that the networks were
// validated on.
constexpr double kWidest = 1.7, kWidestGap = 0.35;
constexpr double kWidthFrom = 1, kWidthCost = 6;
// m and w are wide, and a row of small letters is no higher than they are.
constexpr double kWidestLetter = 2.6, kLetterWidthFrom = 2;
constexpr double kGapFrom = 0.05, kGapCost = 8;
// What stands beside a digit may be a sign: any gap costs so much, and the more the wider it is.
constexpr double kAnyGap = 0.01, kSignApartCost = 2.5, kSignGapCost = 30;
constexpr double kSmallUnder = 0.4, kSmallCost = 5;
// Digits are all as high as each other, or wider than high.
constexpr double kSmallDigitUnder = 0.85, kSmallDigitCost = 10;

}  // namespace

Kind kind_of(const std::vector<std::string>& alphabet) {
  if (has_signs(alphabet)) return Kind::kSigns;
  const bool digits = std::all_of(alphabet.begin(), alphabet.end(), [](const std::string& c) {
    return c.size() == 1 && c[0] >= '0' && c[0] <= '9';
  });
  return digits ? Kind::kDigits : Kind::kOthers;
}

Shape shape_of(const ink::PieceRow& row, std::size_t first, std::size_t last) {
  const auto& pieces = row.pieces();
  const auto scale = static_cast<double>(row.height());
  float x0 = pieces[first].box.x, x1 = x0, y0 = pieces[first].box.y, y1 = y0;
  Shape shape;
  std::vector<std::pair<float, float>> spans;
  for (std::size_t i = first; i <= last; ++i) {
    const ink::Box& box = pieces[i].box;
    spans.emplace_back(box.x, box.x + box.w);
    x0 = std::min(x0, box.x), x1 = std::max(x1, box.x + box.w);
    y0 = std::min(y0, box.y), y1 = std::max(y1, box.y + box.h);
  }
  std::sort(spans.begin(), spans.end());
  float reached = spans.front().second;
  for (const auto& [from, to] : spans) {
    shape.gap = std::max(shape.gap, static_cast<double>(from - reached) / scale);
    reached = std::max(reached, to);
  }
  shape.width = static_cast<double>(x1 - x0) / scale;
  shape.height = static_cast<double>(y1 - y0) / scale;
  shape.middle = static_cast<double>(y0 + y1) / 2;
  return shape;
}

std::optional<double> middle_of(const ink::PieceRow& row) {
  constexpr double kHigh = 0.6;
  if (row.pieces().size() < 2) return std::nullopt;
  std::vector<double> middles;
  for (std::size_t i = 0; i < row.pieces().size(); ++i) {
    const Shape shape = shape_of(row, i, i);
    if (shape.height >= kHigh) middles.push_back(shape.middle);
  }
  if (middles.empty()) return std::nullopt;
  const auto median = middles.begin() + static_cast<std::ptrdiff_t>(middles.size() / 2);
  std::nth_element(middles.begin(), median, middles.end());
  return *median;
}

double cut_around(const ink::PieceRow& row, std::size_t first, std::size_t last) {
  const auto& pieces = row.pieces();
  const auto holds = [&](std::size_t whole, int part) {
    for (std::size_t i = first; i <= last; ++i) {
      if (pieces[i].whole == whole && pieces[i].part == part) return true;
    }
    return false;
  };
  double ink = 0;
  for (const ink::Piece& piece : pieces) {
    // Each cut lies between a part and the one before it.
    if (piece.part <= 1) continue;
    if (holds(piece.whole, piece.part) != holds(piece.whole, piece.part - 1)) {
      ink += static_cast<double>(piece.cut);
    }
  }
  return ink;
}

bool is_cut_before(const ink::PieceRow& row, std::size_t piece) {
  const auto& pieces = row.pieces();
  return piece > 0 && piece < pieces.size() && pieces[piece].whole == pieces[piece - 1].whole;
}

bool is_too_wide(const Shape& shape, Kind kind) {
  return shape.width > (kind == Kind::kOthers ? kWidestLetter : kWidest);
}

std::optional<double> prior_of(const Shape& shape, Kind kind) {
  if (is_too_wide(shape, kind) || shape.gap > kWidestGap) return std::nullopt;
  const bool digits = kind == Kind::kDigits;
  const double small_under = digits ? kSmallDigitUnder : kSmallUnder;
  const double small_cost = digits ? kSmallDigitCost : kind == Kind::kSigns ? 0 : kSmallCost;
  double prior = 0;
  const double width_from = kind == Kind::kOthers ? kLetterWidthFrom : kWidthFrom;
  prior -= kWidthCost * std::max(0.0, shape.width - width_from);
  const double gap_cost = kind == Kind::kSigns ? kSignGapCost : kGapCost;
  if (kind == Kind::kSigns && shape.gap > kAnyGap) prior -= kSignApartCost;
  prior -= gap_cost * std::max(0.0, shape.gap - kGapFrom);
  prior -= small_cost * std::max(0.0, small_under - std::max(shape.height, shape.width));
  return prior;
}

}  // namespace longhand::recognizer
