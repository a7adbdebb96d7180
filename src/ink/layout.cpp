#include "ink/layout.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ink/bindings.h"
#include "ink/combs.h"
#include "ink/discs.h"
#include "ink/dot_grid.h"
#include "ink/enclosures.h"
#include "ink/find_ink.h"
#include "ink/ink_map.h"
#include "ink/median.h"
#include "ink/page_edges.h"
#include "ink/printed_lines.h"
#include "ink/underlines.h"

namespace longhand::ink {
namespace {

constexpr float kSpeck = 0.015F;    // of the usual area of a component of full height
constexpr float kDot = 0.7F;        // of the pen's width, squared: the pen set down is as large
constexpr float kClearPen = 1.5F;   // places wide; of a thinner one dots are as small as dirt
constexpr float kFrame = 0.6F;      // of the sheet: a component as large as this holds the others
constexpr int kSmallestExtent = 3;  // places of the overview; less is dirt
constexpr float kLineInked = 0.6F;  // as for one glyph: a line is long, and shows in less ink
constexpr int kMargin = 3;          // places of paper around all ink
constexpr int kSmallestSign = 8;    // places of the overview
constexpr int kPageSide = 200;      // places of it, that a page has at least
constexpr int kFineWriting = 24;    // part of its side that a page's signs are high, about
constexpr double kMostlySigns = 0.97;  // of the ink: nothing is to be gained
constexpr double kClearly = 0.02;
constexpr float kWindow = 1.5F;   // by the writing's height: how closely a page's paper is followed
constexpr int kSmallWriting = 8;  // times that fit into the sheet's smaller side: a page

Box box_in_places(const Component& c) {
  return {static_cast<float>(c.x0), static_cast<float>(c.y0), static_cast<float>(c.width()),
          static_cast<float>(c.height())};
}

// The height of the writing among the components of a plane of that size. The rim of a photographed
// page, or a box drawn around everything, is no writing.
float height_among(const std::vector<Component>& components, int width, int height) {
  std::vector<Box> boxes;
  for (const Component& c : components) {
    const bool frame = components.size() > 3 &&
                       static_cast<float>(c.width()) > kFrame * static_cast<float>(width) &&
                       static_cast<float>(c.height()) > kFrame * static_cast<float>(height);
    if (!frame && c.extent() >= kSmallestExtent) boxes.push_back(box_in_places(c));
  }
  return usual_height(boxes);
}

// The median area of the components that are about as high as a glyph.
float usual_area(const std::vector<Component>& components, float height) {
  std::vector<int> areas;
  for (const Component& c : components) {
    const auto h = static_cast<float>(c.height());
    if (h > 0.6F * height && h < 2 * height) areas.push_back(c.area);
  }
  return areas.empty() ? 0 : static_cast<float>(median(std::move(areas)));
}

// How wide the pen is, in places: the area of all that is about as high as a glyph by half its
// outline.
float pen_width(const Layout& sheet) {
  std::vector<bool> high(sheet.components.size() + 1);
  for (std::size_t n = 0; n < sheet.components.size(); ++n)
    high[n + 1] = static_cast<float>(sheet.components[n].height()) > 0.6F * sheet.height;
  const Grid<int>& labels = sheet.labels;
  std::int64_t area = 0, outline = 0;
  for (int y = 0; y < labels.height; ++y) {
    for (int x = 0; x < labels.width; ++x) {
      const bool here = high[static_cast<std::size_t>(labels.at(x, y))];
      const bool left = x > 0 && high[static_cast<std::size_t>(labels.at(x - 1, y))];
      const bool above = y > 0 && high[static_cast<std::size_t>(labels.at(x, y - 1))];
      area += here ? 1 : 0;
      outline += (here != left ? 1 : 0) + (here != above ? 1 : 0);
    }
  }
  return outline > 0 ? 2 * static_cast<float>(area) / static_cast<float>(outline) : 0;
}

// Leaves out underlines, what is drawn around writing, what printed lines leave, dirt, and what is
// beyond the limit, smallest first; the labels follow.
void drop_dirt(Layout& sheet, const Mask& printed) {
  const float pen = pen_width(sheet);
  const float dot = pen >= kClearPen ? kDot * pen * pen : std::numeric_limits<float>::max();
  const float least = std::min(dot, kSpeck * usual_area(sheet.components, sheet.height));
  std::vector<int> areas;
  for (const Component& c : sheet.components) areas.push_back(c.area);
  int at_least = 0;
  if (areas.size() > Layout::kMostComponents) {
    const auto last = areas.begin() + Layout::kMostComponents;
    std::nth_element(areas.begin(), last, areas.end(), std::greater<>());
    at_least = *last + 1;
  }
  const std::vector<bool> underline = underlines_among(sheet.components);
  const std::vector<bool> around = enclosures_among(sheet.components, sheet.labels);
  const std::vector<bool> disc = discs_among(sheet.components, sheet.labels);
  const std::vector<bool> binding = bindings_among(sheet.components);
  const std::vector<bool> comb = combs_among(sheet.components, sheet.labels, sheet.height);
  const std::vector<bool> tick = ticks_among(sheet.components, printed, sheet.height);
  std::vector<int> label_of(sheet.components.size() + 1, 0);
  std::vector<Component> kept;
  for (std::size_t n = 0; n < sheet.components.size(); ++n) {
    const Component& c = sheet.components[n];
    if (static_cast<float>(c.area) < least || c.area < at_least || underline[n] || around[n] ||
        disc[n] || binding[n] || comb[n] || tick[n])
      continue;
    kept.push_back(c);
    label_of[n + 1] = static_cast<int>(kept.size());
  }
  for (int& label : sheet.labels.values) label = label_of[static_cast<std::size_t>(label)];
  sheet.components = std::move(kept);
}

// The part of the overview that holds ink, as one component; nullopt when there is only dirt.
struct Extent {
  Component all;
  float height = 0;  // of the writing, in places of the overview
  double signs = 0;  // the share of the ink that is of components about that high, and no specks
};

double share_of_signs(const std::vector<Component>& components, float height) {
  double signs = 0, all = 0;
  for (const Component& c : components) {
    const auto h = static_cast<float>(c.height());
    all += c.area;
    if (c.height() >= kSmallestSign && h > 0.6F * height && h < 1.6F * height) signs += c.area;
  }
  return all > 0 ? signs / all : 0;
}

std::optional<Extent> extent_of_ink(const InkMap& map, const Plane& overview) {
  Grid<int> labels;
  const std::vector<Component> found = label_components(overview, map.inked(), labels);
  const int smallest = std::max(kSmallestExtent, std::max(overview.width, overview.height) / 128);
  std::optional<Component> all;
  for (const Component& c : found) {
    if (c.extent() < kSmallestExtent) continue;
    if (!all) all = c;
    all->x0 = std::min(all->x0, c.x0), all->x1 = std::max(all->x1, c.x1);
    all->y0 = std::min(all->y0, c.y0), all->y1 = std::max(all->y1, c.y1);
  }
  if (!all || all->extent() < smallest) return std::nullopt;
  const float height = height_among(found, overview.width, overview.height);
  return Extent{*all, height, share_of_signs(found, height)};
}

void leave_out(const Mask& mask, Plane& plane) {
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask.values[i]) plane.values[i] = 0;
  }
}

// Adds what the overview, whose places are k pixels wide, knows for no writing to a mask of the
// sheet's places.
void add_foreign(const Mask& foreign, int k, const Layout& sheet, Mask& mask) {
  for (int j = 0; j < mask.height; ++j) {
    for (int i = 0; i < mask.width; ++i) {
      const int x = (sheet.x0 + i * sheet.step + sheet.step / 2) / k;
      const int y = (sheet.y0 + j * sheet.step + sheet.step / 2) / k;
      if (x < 0 || y < 0 || x >= foreign.width || y >= foreign.height) continue;
      if (foreign.at(x, y)) mask.at(i, j) = 1;
    }
  }
}

}  // namespace

Box Layout::box_of(const Component& c) const {
  const auto s = static_cast<float>(step);
  return {static_cast<float>(x0) + s * static_cast<float>(c.x0),
          static_cast<float>(y0) + s * static_cast<float>(c.y0), s * static_cast<float>(c.width()),
          s * static_cast<float>(c.height())};
}

float usual_height(const std::vector<Box>& boxes) {
  std::vector<float> heights;
  float total = 0;
  for (const Box& box : boxes) {
    heights.push_back(box.h);
    total += box.h;
  }
  std::sort(heights.begin(), heights.end());
  float sum = 0;
  for (const float h : heights) {
    sum += h;
    if (2 * sum >= total) return h;
  }
  return 0;
}

namespace {

// A picture as a first look at it has it: paper and ink, what is no writing, and where writing is.
struct Overview {
  InkMap map;
  Mask foreign;  // printed lines and the page's edges, in the overview's places
  Extent extent;
};

std::optional<Overview> look_over(const Raster& raster, const PaperSteps& steps) {
  std::optional<InkMap> map = InkMap::of(raster, steps);
  if (!map) return std::nullopt;
  Plane overview = map->overview();
  Mask foreign;
  if (find_printed_lines(overview, map->sheet(), kLineInked * map->inked(), foreign).empty()) {
    foreign = Mask(overview.width, overview.height);
  }
  const Mask dots = find_dot_grid(overview, map->inked());
  for (std::size_t i = 0; i < dots.size(); ++i) foreign.values[i] |= dots.values[i];
  leave_out(foreign, overview);
  const Mask edges = find_page_edges(overview, map->sheet(), map->inked());
  leave_out(edges, overview);
  for (std::size_t i = 0; i < edges.size(); ++i) foreign.values[i] |= edges.values[i];
  const std::optional<Extent> extent = extent_of_ink(*map, overview);
  if (!extent) return std::nullopt;
  return Overview{std::move(*map), std::move(foreign), *extent};
}

// Uneven paper is followed as closely as the writing allows: past the edge of a shadow, say. How
// large the writing is isn't known before it is found, so some sizes are tried, and the one counts
// by which most of the ink is signs of one height.
std::optional<Overview> look_closely(const Raster& raster) {
  PaperSteps steps = InkSteps::ink2().paper;
  std::optional<Overview> best = look_over(raster, steps);
  if (best && (best->map.even_paper() || best->extent.signs >= kMostlySigns)) return best;
  const auto try_with = [&](int writing, double better_by) {
    steps.writing = writing;
    std::optional<Overview> seen = look_over(raster, steps);
    if (seen && (!best || seen->extent.signs >= best->extent.signs + better_by))
      best = std::move(seen);
  };
  const int side = std::min(raster.grey.width, raster.grey.height);
  const int places = best ? side / best->map.overview_step() : std::min(side, InkMap::kOverview);
  if (places >= kPageSide) try_with(places / kFineWriting, kClearly);
  if (!best) return best;
  const int writing = static_cast<int>(kWindow * best->extent.height);
  if (writing > 0 && kSmallWriting * writing <= places) try_with(writing, -kClearly / 2);
  return best;
}

}  // namespace

std::optional<Layout> lay_out(const Raster& raster) {
  const std::optional<Overview> seen = look_closely(raster);
  if (!seen) return std::nullopt;
  const InkMap& map = seen->map;

  // Once more, from the picture's own pixels, at a resolution that fits a glyph.
  const int k = map.overview_step();
  const Component& all = seen->extent.all;
  const int glyph = std::max(1, static_cast<int>(seen->extent.height) * k);
  const auto places = [](int pixels, int step) { return (pixels + step - 1) / step; };
  Layout sheet;
  sheet.step = places(glyph, Layout::kUsualHeight);
  const auto count = [&](int step) {
    return static_cast<std::int64_t>(places(all.width() * k, step)) *
           places(all.height() * k, step);
  };
  while (count(sheet.step) > Layout::kMostPlaces) ++sheet.step;
  sheet.x0 = all.x0 * k - kMargin * sheet.step;
  sheet.y0 = all.y0 * k - kMargin * sheet.step;
  sheet.coverage =
      map.coverage(sheet.x0, sheet.y0, places(all.width() * k, sheet.step) + 2 * kMargin,
                   places(all.height() * k, sheet.step) + 2 * kMargin, sheet.step);
  Mask rules;
  find_page_lines(sheet.coverage,
                  seen->extent.height * static_cast<float>(k) / static_cast<float>(sheet.step),
                  kLineInked * map.inked(), rules);
  if (rules.values.empty()) rules = Mask(sheet.coverage.width, sheet.coverage.height);
  add_foreign(seen->foreign, k, sheet, rules);
  leave_out(rules, sheet.coverage);
  sheet.inked = map.inked();
  sheet.components = label_components(sheet.coverage, sheet.inked, sheet.labels);
  sheet.height = height_among(sheet.components, sheet.coverage.width, sheet.coverage.height);
  drop_dirt(sheet, rules);
  if (sheet.components.empty() || sheet.height <= 0) return std::nullopt;
  return sheet;
}

}  // namespace longhand::ink
