#include <algorithm>
#include <cmath>

#include "ink/find_ink.h"
#include "ink/piece_row.h"
#include "ink/seams.h"

namespace longhand::ink {
namespace {

constexpr int kRim = 2;         // places of soft edge that belong to the ink beside them
constexpr float kScrap = 0.5F;  // a scrap of a broken pen is smaller than this share of the height
constexpr float kScrapGap = 0.25F;  // and nearer than this above or below what it belongs to

class InkRow : public PieceRow {
 public:
  InkRow(const Layout& sheet, const std::vector<std::size_t>& line);

  std::optional<Glyph> glyph(std::size_t first, std::size_t last,
                             Normalization normalization) const override;
  void cut(const std::vector<std::size_t>& chosen) override;

 private:
  // A piece's places: its number in owner_, and the box around them (inclusive, in the row's).
  struct Part {
    int number = 0;
    Component places;
  };

  void take_components(const std::vector<std::size_t>& line);
  void join_scraps();
  void spread_rim();
  void cut_whole(std::size_t whole);
  void add_parts(const std::vector<float>& cuts, std::size_t whole, int first_number);
  void order();
  Component join(std::size_t first, std::size_t last) const;

  const Layout& sheet_;
  int x0_ = 0, y0_ = 0;  // of the row in the sheet's places
  Plane coverage_;
  Grid<int> owner_;          // 0: of no piece; else Part::number, also on the soft rim
  Grid<std::uint8_t> core_;  // 1 where there is ink, 0 on rims
  int numbers_ = 0;
  std::vector<Part> parts_;  // as pieces_
  std::vector<bool> was_cut_;
};

// The largest components of a line that has too many.
std::vector<std::size_t> largest(const Layout& sheet, std::vector<std::size_t> line) {
  const auto area = [&](std::size_t n) { return sheet.components[n].area; };
  std::stable_sort(line.begin(), line.end(),
                   [&](std::size_t a, std::size_t b) { return area(a) > area(b); });
  line.resize(std::min(line.size(), kMostPieces));
  return line;
}

Component hull(const Component& a, const Component& b) {
  return {a.area + b.area, std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1),
          std::max(a.y1, b.y1)};
}

InkRow::InkRow(const Layout& sheet, const std::vector<std::size_t>& line) : sheet_(sheet) {
  take_components(line.size() > kMostPieces ? largest(sheet, line) : line);
  join_scraps();
  spread_rim();
  was_cut_.assign(parts_.size(), false);
  std::vector<Box> boxes;
  for (const Part& part : parts_) {
    const Component& c = part.places;
    boxes.push_back({0, 0, 0, static_cast<float>(c.y1 - c.y0 + 1)});
  }
  height_ = usual_height(boxes) * static_cast<float>(sheet.step);
  for (std::size_t i = 0; i < parts_.size(); ++i) pieces_.push_back({{}, i, 0, 0});
  order();
}

void InkRow::take_components(const std::vector<std::size_t>& line) {
  Component all = sheet_.components[line.front()];
  for (const std::size_t n : line) all = hull(all, sheet_.components[n]);
  x0_ = std::max(0, all.x0 - kRim), y0_ = std::max(0, all.y0 - kRim);
  const int x1 = std::min(sheet_.coverage.width - 1, all.x1 + kRim);
  const int y1 = std::min(sheet_.coverage.height - 1, all.y1 + kRim);
  coverage_ = Plane(x1 - x0_ + 1, y1 - y0_ + 1);
  owner_ = Grid<int>(coverage_.width, coverage_.height);
  std::vector<int> number_of(sheet_.components.size() + 1, 0);
  for (const std::size_t n : line) {
    number_of[n + 1] = ++numbers_;
    Component c = sheet_.components[n];
    c.x0 -= x0_, c.x1 -= x0_, c.y0 -= y0_, c.y1 -= y0_;
    parts_.push_back({numbers_, c});
  }
  core_ = Grid<std::uint8_t>(coverage_.width, coverage_.height);
  for (int y = 0; y < coverage_.height; ++y) {
    for (int x = 0; x < coverage_.width; ++x) {
      const int label = sheet_.labels.at(x + x0_, y + y0_);
      const int number = number_of[static_cast<std::size_t>(label)];
      // What belongs to other lines, and dirt, is paper here.
      if (label != 0 && number == 0) continue;
      coverage_.at(x, y) = sheet_.coverage.at(x + x0_, y + y0_);
      owner_.at(x, y) = number;
      core_.at(x, y) = number != 0;
    }
  }
}

// A small part of a glyph that the pen left out of touch (the bar of a 5, a piece of a broken line)
// becomes one with what lies under or over it.
void InkRow::join_scraps() {
  std::vector<Box> boxes;
  for (const Part& part : parts_) {
    const Component& c = part.places;
    boxes.push_back({0, 0, 0, static_cast<float>(c.y1 - c.y0 + 1)});
  }
  const float height = usual_height(boxes);
  const auto extent = [](const Component& c) { return std::max(c.x1 - c.x0, c.y1 - c.y0) + 1; };
  std::stable_sort(parts_.begin(), parts_.end(), [&](const Part& a, const Part& b) {
    return extent(a.places) < extent(b.places);
  });
  std::vector<int> becomes(static_cast<std::size_t>(numbers_) + 1);
  for (int n = 0; n <= numbers_; ++n) becomes[static_cast<std::size_t>(n)] = n;
  std::vector<Part> kept;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Component& scrap = parts_[i].places;
    Part* owner = nullptr;
    float nearest = kScrapGap * height;
    for (std::size_t k = i + 1;
         k < parts_.size() && static_cast<float>(extent(scrap)) < kScrap * height; ++k) {
      const Component& c = parts_[k].places;
      const int shared = std::min(c.x1, scrap.x1) - std::max(c.x0, scrap.x0) + 1;
      const auto gap = static_cast<float>(std::max({0, c.y0 - scrap.y1, scrap.y0 - c.y1}));
      if (2 * shared > scrap.x1 - scrap.x0 + 1 && gap < nearest) {
        nearest = gap, owner = &parts_[k];
      }
    }
    if (owner == nullptr) {
      kept.push_back(parts_[i]);
      continue;
    }
    owner->places = hull(owner->places, scrap);
    becomes[static_cast<std::size_t>(parts_[i].number)] = owner->number;
  }
  for (std::size_t n = becomes.size(); n-- > 1;) {
    while (becomes[n] != becomes[static_cast<std::size_t>(becomes[n])]) {
      becomes[n] = becomes[static_cast<std::size_t>(becomes[n])];
    }
  }
  for (int& number : owner_.values) number = becomes[static_cast<std::size_t>(number)];
  parts_ = std::move(kept);
}

void InkRow::spread_rim() {
  for (int round = 0; round < kRim; ++round) {
    const Grid<int> before = owner_;
    for (int y = 0; y < owner_.height; ++y) {
      for (int x = 0; x < owner_.width; ++x) {
        if (before.at(x, y) != 0) continue;
        for (int ny = std::max(0, y - 1); ny <= std::min(owner_.height - 1, y + 1); ++ny) {
          for (int nx = std::max(0, x - 1); nx <= std::min(owner_.width - 1, x + 1); ++nx) {
            if (before.at(nx, ny) != 0) owner_.at(x, y) = before.at(nx, ny);
          }
        }
      }
    }
  }
}

// Pieces and parts by the middles of their boxes, which are set here.
void InkRow::order() {
  std::vector<std::size_t> places(parts_.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    const Component &p = parts_[a].places, &q = parts_[b].places;
    return p.x0 + p.x1 < q.x0 + q.x1;
  });
  std::vector<Part> parts;
  std::vector<Piece> pieces;
  for (const std::size_t i : places) {
    Component c = parts_[i].places;
    c.x0 += x0_, c.x1 += x0_, c.y0 += y0_, c.y1 += y0_;
    parts.push_back(parts_[i]);
    pieces.push_back(pieces_[i]);
    pieces.back().box = sheet_.box_of(c);
  }
  parts_ = std::move(parts);
  pieces_ = std::move(pieces);
}

void InkRow::cut(const std::vector<std::size_t>& chosen) {
  for (const std::size_t whole : chosen) {
    if (was_cut_[whole] || pieces_.size() >= kMostPieces) continue;
    was_cut_[whole] = true;
    cut_whole(whole);
  }
  order();
}

void InkRow::cut_whole(std::size_t whole) {
  const auto place = std::find_if(pieces_.begin(), pieces_.end(),
                                  [&](const Piece& piece) { return piece.whole == whole; });
  const std::ptrdiff_t at = place - pieces_.begin();
  const Part part = parts_[static_cast<std::size_t>(at)];
  const Component& box = part.places;
  Plane ink(box.x1 - box.x0 + 1, box.y1 - box.y0 + 1);
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      const bool own = owner_.at(box.x0 + x, box.y0 + y) == part.number;
      if (own) ink.at(x, y) = std::min(1.0F, coverage_.at(box.x0 + x, box.y0 + y));
    }
  }
  const float height = height_ / static_cast<float>(sheet_.step);
  const std::vector<Seam> seams = find_seams(ink, height);
  if (seams.empty()) return;
  const int first_number = numbers_ + 1;
  numbers_ += static_cast<int>(seams.size()) + 1;
  for (int y = std::max(0, box.y0 - kRim); y <= std::min(owner_.height - 1, box.y1 + kRim); ++y) {
    const auto row = static_cast<std::size_t>(std::clamp(y - box.y0, 0, ink.height - 1));
    for (int x = std::max(0, box.x0 - kRim); x <= std::min(owner_.width - 1, box.x1 + kRim); ++x) {
      int& owner = owner_.at(x, y);
      if (owner != part.number) continue;
      owner = first_number;
      for (const Seam& seam : seams) owner += box.x0 + seam.x[row] <= x ? 1 : 0;
    }
  }
  pieces_.erase(place);
  parts_.erase(parts_.begin() + at);
  std::vector<float> cuts{0};
  for (const Seam& seam : seams) cuts.push_back(seam.ink / height);
  // The parts' boxes are found within the whole's.
  parts_.push_back({first_number, box});
  add_parts(cuts, whole, first_number);
}

// Replaces the last part, which stands for a whole, by its parts.
void InkRow::add_parts(const std::vector<float>& cuts, std::size_t whole, int first_number) {
  const Component box = parts_.back().places;
  parts_.pop_back();
  std::vector<Component> found(cuts.size());
  for (int y = box.y0; y <= box.y1; ++y) {
    for (int x = box.x0; x <= box.x1; ++x) {
      const int number = owner_.at(x, y) - first_number;
      if (number < 0 || !core_.at(x, y)) continue;
      Component& c = found[static_cast<std::size_t>(number)];
      c = c.area == 0 ? Component{1, x, y, x, y} : hull(c, {1, x, y, x, y});
    }
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].area == 0) continue;
    const int number = static_cast<int>(i);
    parts_.push_back({first_number + number, found[i]});
    pieces_.push_back({{}, whole, number + 1, cuts[i]});
  }
}

Component InkRow::join(std::size_t first, std::size_t last) const {
  Component all = parts_[first].places;
  for (std::size_t i = first + 1; i <= last; ++i) all = hull(all, parts_[i].places);
  return all;
}

std::optional<Glyph> InkRow::glyph(std::size_t first, std::size_t last,
                                   Normalization normalization) const {
  const Component all = join(first, last);
  std::vector<int> numbers;
  for (std::size_t i = first; i <= last; ++i) numbers.push_back(parts_[i].number);
  const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
  std::vector<bool> chosen(static_cast<std::size_t>(*most - *least) + 1);
  for (const int n : numbers) chosen[static_cast<std::size_t>(n - *least)] = true;

  // As find_ink() cuts out its one glyph: the same extent, margin and softness.
  constexpr int kMargin = 3;
  const int width = all.x1 - all.x0 + 1, height = all.y1 - all.y0 + 1;
  const int k = (std::max(width, height) + InkPatch::kMaxExtent - 1) / InkPatch::kMaxExtent;
  const float share = 1.0F / static_cast<float>(k * k);
  InkPatch patch;
  patch.coverage = Plane((width + k - 1) / k + 2 * kMargin, (height + k - 1) / k + 2 * kMargin);
  const int left = all.x0 - kMargin * k, top = all.y0 - kMargin * k;
  for (int y = std::max(0, all.y0 - kRim); y <= std::min(owner_.height - 1, all.y1 + kRim); ++y) {
    float* out = patch.coverage.row((y - top) / k);
    for (int x = std::max(0, all.x0 - kRim); x <= std::min(owner_.width - 1, all.x1 + kRim); ++x) {
      const int n = owner_.at(x, y);
      if (n < *least || n > *most || !chosen[static_cast<std::size_t>(n - *least)]) continue;
      out[(x - left) / k] += share * coverage_.at(x, y);
    }
  }
  patch.step = static_cast<float>(k * sheet_.step);
  patch.origin_x = static_cast<float>(sheet_.x0 + (x0_ + left) * sheet_.step);
  patch.origin_y = static_cast<float>(sheet_.y0 + (y0_ + top) * sheet_.step);
  Component in_sheet = all;
  in_sheet.x0 += x0_, in_sheet.x1 += x0_, in_sheet.y0 += y0_, in_sheet.y1 += y0_;
  patch.box = sheet_.box_of(in_sheet);
  return normalize(patch, normalization);
}

}  // namespace

std::unique_ptr<PieceRow> row_of(const Layout& sheet, const std::vector<std::size_t>& line) {
  return std::make_unique<InkRow>(sheet, line);
}

}  // namespace longhand::ink
