#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ink/layout.h"
#include "ink/piece_row.h"
#include "ink/stroke_groups.h"
#include "ink/turn.h"

namespace longhand::recognizer {

// What is written on a picture: the boxes of its components, and rows of those.
class PictureInk {
 public:
  explicit PictureInk(const ink::Raster& raster) : PictureInk(ink::lay_out(raster)) {}
  PictureInk turned(const ink::Turn& turn) const {
    return PictureInk(sheet_ ? ink::turned(*sheet_, turn) : ink::Layout());
  }
  const std::vector<ink::Box>& boxes() const { return boxes_; }
  std::unique_ptr<ink::PieceRow> row(const std::vector<std::size_t>& line) const {
    return ink::row_of(*sheet_, line);
  }

 private:
  explicit PictureInk(std::optional<ink::Layout> sheet) : sheet_(std::move(sheet)) {
    if (!sheet_) return;
    for (const ink::Component& c : sheet_->components) boxes_.push_back(sheet_->box_of(c));
  }

  std::optional<ink::Layout> sheet_;
  std::vector<ink::Box> boxes_;
};

// The same of a board: of its strokes, those that meet together.
class BoardInk {
 public:
  explicit BoardInk(const ink::Strokes& strokes) {
    for (const ink::Stroke& stroke : strokes.strokes) {
      if (!stroke.empty()) written_.strokes.push_back(stroke);
    }
    groups_ = ink::strokes_that_meet(written_);
    for (const auto& group : groups_) {
      ink::Strokes together;
      for (const std::size_t i : group) together.strokes.push_back(written_.strokes[i]);
      boxes_.push_back(ink::bounds(together));
    }
  }
  BoardInk turned(const ink::Turn& turn) const { return BoardInk(ink::turned(written_, turn)); }
  const std::vector<ink::Box>& boxes() const { return boxes_; }
  std::unique_ptr<ink::PieceRow> row(const std::vector<std::size_t>& line) const {
    std::vector<std::size_t> strokes;
    for (const std::size_t group : line)
      strokes.insert(strokes.end(), groups_[group].begin(), groups_[group].end());
    return ink::row_of(written_, strokes);
  }

 private:
  ink::Strokes written_;
  std::vector<std::vector<std::size_t>> groups_;  // those that meet, whose boxes they are
  std::vector<ink::Box> boxes_;
};

}  // namespace longhand::recognizer
