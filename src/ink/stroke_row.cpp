#include <algorithm>
#include <cmath>

#include "ink/piece_row.h"
#include "ink/stroke_groups.h"

namespace longhand::ink {
namespace {

constexpr float kOver = 0.6F;      // of the narrower one's width: strokes that lie over each other
constexpr float kAmid = 0.05F;     // of the wider one's width, from its edges
constexpr float kNear = 0.15F;     // of the height: how far apart up and down they may be
constexpr int kColumns = 96;       // looked at for cuts
constexpr int kMostCrossings = 2;  // of the path where it is cut
constexpr float kCrossing = 0.1F;  // the ink of one crossing, in heights
constexpr float kLeastPart = 0.12F;  // of the height: parts narrower than this aren't cut off

// Whether the narrower one's middle is well within the wider one: a 1 that is written close to the
// next digit reaches over its edge alone.
bool is_amid(const Box& a, const Box& b) {
  const Box &wide = a.w >= b.w ? a : b, &narrow = a.w >= b.w ? b : a;
  const float from_edge = narrow.x + narrow.w / 2 - wide.x;
  return from_edge >= kAmid * wide.w && from_edge <= (1 - kAmid) * wide.w;
}

Box box_of(const Stroke& stroke) {
  return bounds(Strokes{{stroke}});
}

// The parts of a path left and right of a column, each run of points a stroke.
void split(const Stroke& stroke, float column, std::vector<Stroke>& left,
           std::vector<Stroke>& right) {
  Stroke run{stroke.front()};
  const auto is_left = [&](const Point& p) { return p.x < column; };
  for (std::size_t i = 1; i < stroke.size(); ++i) {
    const Point &a = stroke[i - 1], &b = stroke[i];
    if (is_left(a) != is_left(b)) {
      Point on = b;
      const float f = (column - a.x) / (b.x - a.x);
      on.x = column, on.y = a.y + f * (b.y - a.y);
      run.push_back(on);
      (is_left(a) ? left : right).push_back(std::move(run));
      run = {on};
    }
    run.push_back(b);
  }
  (is_left(stroke.back()) ? left : right).push_back(std::move(run));
}

int crossings(const std::vector<Stroke>& strokes, float column) {
  int count = 0;
  for (const Stroke& stroke : strokes) {
    for (std::size_t i = 1; i < stroke.size(); ++i) {
      count += (stroke[i - 1].x < column) != (stroke[i].x < column) ? 1 : 0;
    }
  }
  return count;
}

class StrokeRow : public PieceRow {
 public:
  StrokeRow(const Strokes& strokes, const std::vector<std::size_t>& line);

  std::optional<Glyph> glyph(std::size_t first, std::size_t last,
                             Normalization normalization) const override;
  void cut(const std::vector<std::size_t>& chosen) override;

 private:
  struct Part {
    std::vector<Stroke> strokes;
    Piece piece;
  };

  void find_meetings();
  void join_those_over_each_other();
  void cut_whole(std::size_t whole);
  std::vector<float> columns_to_cut(const Part& part) const;
  void order();

  std::vector<Part> parts_;  // as pieces_
};

StrokeRow::StrokeRow(const Strokes& strokes, const std::vector<std::size_t>& line) {
  std::vector<Box> boxes;
  for (const std::size_t i : line) {
    const Stroke& stroke = strokes.strokes[i];
    if (stroke.empty()) continue;
    parts_.push_back({{stroke}, {box_of(stroke), 0, 0, 0, -1}});
    boxes.push_back(parts_.back().piece.box);
  }
  find_meetings();
  if (parts_.size() > kMostPieces) {
    std::stable_sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) {
      return a.piece.box.w + a.piece.box.h > b.piece.box.w + b.piece.box.h;
    });
    parts_.resize(kMostPieces);
  }
  height_ = usual_height(boxes);
  if (height_ <= 0) {  // dashes and dots only
    Box all = boxes.front();
    for (const Box& box : boxes) all = hull(all, box);
    height_ = std::max(all.w, 1.0F);
  }
  join_those_over_each_other();
  // A glyph of two strokes, one over the other, is higher than either.
  boxes.clear();
  for (const Part& part : parts_) boxes.push_back(part.piece.box);
  height_ = std::max(height_, usual_height(boxes));
  for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].piece.whole = i;
  order();
}

void StrokeRow::find_meetings() {
  Strokes all;
  for (const Part& part : parts_) all.strokes.push_back(part.strokes.front());
  int number = 0;
  for (const auto& group : strokes_that_meet(all)) {
    for (const std::size_t i : group) parts_[i].piece.meeting = number;
    ++number;
  }
}

// A glyph's strokes cross, or stand one over the other: a bar over a stem, a dot over an i.
void StrokeRow::join_those_over_each_other() {
  constexpr int kMostRounds = 8;
  bool again = true;
  for (int round = 0; again && round < kMostRounds; ++round) {
    again = false;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      for (std::size_t k = i + 1; k < parts_.size(); ++k) {
        const Box &a = parts_[i].piece.box, &b = parts_[k].piece.box;
        const float over = std::min(a.x + a.w, b.x + b.w) - std::max(a.x, b.x);
        const float apart = std::max(a.y, b.y) - std::min(a.y + a.h, b.y + b.h);
        if (over < kOver * std::min(a.w, b.w) || over < 0 || apart > kNear * height_) continue;
        if (!is_amid(a, b)) continue;
        parts_[i].strokes.insert(parts_[i].strokes.end(), parts_[k].strokes.begin(),
                                 parts_[k].strokes.end());
        parts_[i].piece.box = hull(a, b);
        parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(k--));
        again = true;
      }
    }
  }
}

void StrokeRow::order() {
  std::stable_sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) {
    return 2 * a.piece.box.x + a.piece.box.w < 2 * b.piece.box.x + b.piece.box.w;
  });
  pieces_.clear();
  for (const Part& part : parts_) pieces_.push_back(part.piece);
}

std::optional<Glyph> StrokeRow::glyph(std::size_t first, std::size_t last,
                                      Normalization normalization) const {
  Strokes strokes;
  for (std::size_t i = first; i <= last; ++i) {
    strokes.strokes.insert(strokes.strokes.end(), parts_[i].strokes.begin(),
                           parts_[i].strokes.end());
  }
  return normalize(strokes, normalization);
}

void StrokeRow::cut(const std::vector<std::size_t>& chosen) {
  for (const std::size_t whole : chosen) {
    if (parts_.size() < kMostPieces) cut_whole(whole);
  }
  order();
}

// The middles of the runs of columns where the path passes the fewest times.
std::vector<float> StrokeRow::columns_to_cut(const Part& part) const {
  const Box& box = part.piece.box;
  const auto column = [&](int i) {
    return box.x + box.w * (static_cast<float>(i) + 0.5F) / kColumns;
  };
  std::vector<int> counts;
  for (int i = 0; i < kColumns; ++i) counts.push_back(crossings(part.strokes, column(i)));
  std::vector<float> columns;
  for (int i = 0; i < kColumns;) {
    int end = i + 1;
    while (end < kColumns &&
           counts[static_cast<std::size_t>(end)] == counts[static_cast<std::size_t>(i)])
      ++end;
    const int count = counts[static_cast<std::size_t>(i)];
    const bool inside = i > 0 && end < kColumns;
    const bool valley = inside && counts[static_cast<std::size_t>(i - 1)] > count &&
                        counts[static_cast<std::size_t>(end)] > count;
    const float at = (column(i) + column(end - 1)) / 2;
    const float edge = std::min(at - box.x, box.x + box.w - at);
    if (valley && count <= kMostCrossings && edge > kLeastPart * height_) columns.push_back(at);
    i = end;
  }
  return columns;
}

void StrokeRow::cut_whole(std::size_t whole) {
  const auto place = std::find_if(parts_.begin(), parts_.end(),
                                  [&](const Part& part) { return part.piece.whole == whole; });
  Part rest = *place;
  const std::vector<float> columns = columns_to_cut(rest);
  if (columns.empty()) return;
  parts_.erase(place);
  int number = 0;  // of the part before
  float ink = 0;
  const auto add = [&](std::vector<Stroke> strokes) {
    Box box = box_of(strokes.front());
    for (const Stroke& stroke : strokes) box = hull(box, box_of(stroke));
    parts_.push_back({std::move(strokes), {box, whole, ++number, ink, rest.piece.meeting}});
  };
  for (const float column : columns) {
    std::vector<Stroke> left, right;
    for (const Stroke& stroke : rest.strokes) split(stroke, column, left, right);
    if (left.empty() || right.empty()) continue;
    add(std::move(left));
    ink = kCrossing * static_cast<float>(crossings(rest.strokes, column));
    rest.strokes = std::move(right);
  }
  add(std::move(rest.strokes));
}

}  // namespace

std::unique_ptr<PieceRow> row_of(const Strokes& strokes, const std::vector<std::size_t>& line) {
  return std::make_unique<StrokeRow>(strokes, line);
}

}  // namespace longhand::ink
