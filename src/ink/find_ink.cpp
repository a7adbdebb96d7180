#include "ink/find_ink.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ink/bindings.h"
#include "ink/components.h"
#include "ink/discs.h"
#include "ink/dot_grid.h"
#include "ink/enclosures.h"
#include "ink/ink_map.h"
#include "ink/page_edges.h"
#include "ink/printed_lines.h"
#include "ink/underlines.h"

namespace longhand::ink {
namespace {

constexpr double kLeastWriting = 0.2;  // of the sheet's smaller side, to be the writing for sure
constexpr double kAsThick = 1.6;       // times the writing's strokes, and
constexpr double kAsLong = 0.7;        // times its extent, to be writing as well
constexpr double kLeastPart = 0.1;     // of the ink's extent, of its parts that are counted
constexpr float kLineInked = 0.6F;  // a line is long: it shows in less ink than a place alone does
constexpr float kSpeck = 0.015F;    // components smaller than this share of the largest are dirt

// What is left when dirt is taken away.
struct Findings {
  Component all;  // the box around all ink that counts, in the overview's places
  Mask dirt;      // specks, with the soft rim around them
  int parts = 0;  // components of the ink that counts, small ones aside
};

// Components that come in over the sheet's rim beside writing that doesn't: fingers, shadows, a
// neighbour's strokes. On even paper, where no shadow can be, what is about as long as that writing
// and no thicker is a part of it, as the stem of an F whose bar hangs free.
std::vector<bool> from_over_the_rim(const std::vector<Component>& components, const Part& sheet,
                                    bool even_paper) {
  const auto touches = [&](const Component& c) {
    return c.x0 <= sheet.x0 || c.y0 <= sheet.y0 || c.x1 >= sheet.x1 - 1 || c.y1 >= sheet.y1 - 1;
  };
  std::optional<std::size_t> main;
  for (std::size_t n = 0; n < components.size(); ++n) {
    if (!touches(components[n]) && (!main || components[n].area > components[*main].area)) main = n;
  }
  std::vector<bool> foreign(components.size());
  if (!main || components[*main].extent() < kLeastWriting * std::min(sheet.width(), sheet.height()))
    return foreign;
  const std::vector<double> thickness = thickness_of(components);
  for (std::size_t n = 0; n < components.size(); ++n) {
    const bool alike = even_paper && thickness[n] <= kAsThick * thickness[*main] &&
                       components[n].extent() >= kAsLong * components[*main].extent();
    foreign[n] = touches(components[n]) && !alike;
  }
  return foreign;
}

// nullopt when no component is of substance.
std::optional<Findings> drop_specks(const std::vector<Component>& components,
                                    const Grid<int>& labels, int smallest_extent, const Part* rim,
                                    bool even_paper, bool lines) {
  std::vector<bool> foreign(components.size());
  if (rim) foreign = from_over_the_rim(components, *rim, even_paper);
  if (lines) {
    const std::vector<bool> under = underlines_among(components);
    const std::vector<bool> around = enclosures_among(components, labels);
    const std::vector<bool> disc = discs_among(components, labels);
    const std::vector<bool> binding = bindings_among(components);
    for (std::size_t n = 0; n < components.size(); ++n)
      foreign[n] = foreign[n] || under[n] || around[n] || disc[n] || binding[n];
  }
  int largest = 0, longest = 0;
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    if (foreign[n]) continue;
    largest = std::max(largest, c.area);
    longest = std::max(longest, c.extent());
  }
  if (longest < smallest_extent) return std::nullopt;
  std::vector<bool> keep(components.size());
  std::optional<Component> all;
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    keep[n] = !foreign[n] && static_cast<float>(c.area) >= kSpeck * static_cast<float>(largest);
    if (!keep[n]) continue;
    if (!all) all = Component{0, c.x0, c.y0, c.x1, c.y1};
    all->area += c.area;
    all->x0 = std::min(all->x0, c.x0), all->x1 = std::max(all->x1, c.x1);
    all->y0 = std::min(all->y0, c.y0), all->y1 = std::max(all->y1, c.y1);
  }
  Findings findings{*all, Mask(labels.width, labels.height), 0};
  for (std::size_t n = 0; n < components.size(); ++n) {
    const auto extent = static_cast<double>(components[n].extent());
    findings.parts += keep[n] && extent >= kLeastPart * all->extent() ? 1 : 0;
  }
  if (std::find(keep.begin(), keep.end(), false) == keep.end()) return findings;
  for (int y = 0; y < labels.height; ++y) {
    for (int x = 0; x < labels.width; ++x) {
      const int label = labels.at(x, y);
      if (label == 0 || keep[static_cast<std::size_t>(label - 1)]) continue;
      for (int ny = std::max(0, y - 1); ny <= std::min(labels.height - 1, y + 1); ++ny) {
        for (int nx = std::max(0, x - 1); nx <= std::min(labels.width - 1, x + 1); ++nx) {
          const int near = labels.at(nx, ny);
          if (near == 0 || near == label) findings.dirt.at(nx, ny) = 1;
        }
      }
    }
  }
  return findings;
}

std::string rounded(double value) {
  return std::to_string(static_cast<int>(value + 0.5));
}

void tell(const InkMap& map, Trace& trace) {
  const Part& sheet = map.sheet();
  const Plane& overview = map.overview();
  const bool whole = sheet == Part{0, 0, overview.width, overview.height};
  trace.add("as searched",
            std::to_string(map.width()) + " x " + std::to_string(map.height()) +
                " pixels, reduced by " + std::to_string(map.overview_step()),
            map.seen());
  trace.add("paper",
            (whole ? "all of the picture; noise "
                   : "a sheet of " + std::to_string(sheet.width()) + " x " +
                         std::to_string(sheet.height()) + " places; noise ") +
                rounded(map.noise()) + " grey levels",
            map.paper());
  trace.add("ink",
            std::string(map.light_ink() ? "lighter" : "darker") + " than the paper by " +
                rounded(map.contrast()) + " grey levels",
            picture_of(overview, 200));
}

// What was taken out, in grey, beside what stays, in white.
void tell(const Mask& lines, const Findings& findings, const Plane& overview, float inked,
          Trace& trace) {
  GreyImage kept(overview.width, overview.height), lost(overview.width, overview.height);
  for (std::size_t i = 0; i < overview.size(); ++i) {
    const bool line = !lines.values.empty() && lines.values[i] != 0;
    const bool dirt = findings.dirt.values[i] != 0;
    if (line || dirt) lost.pixels[i] = line ? 255 : 140;
    if (!line && !dirt && overview.values[i] >= inked) kept.pixels[i] = 255;
  }
  trace.add("taken out",
            "printed lines white; specks, what is drawn around and what comes over the rim grey",
            std::move(lost));
  const Component& box = findings.all;
  trace.add(
      "kept",
      std::to_string(box.x1 - box.x0 + 1) + " x " + std::to_string(box.y1 - box.y0 + 1) + " places",
      std::move(kept));
}

}  // namespace

InkSteps steps_of(Normalization normalization) {
  return normalization == Normalization::kInk1 ? InkSteps::ink1() : InkSteps::ink2();
}

std::optional<InkPatch> find_ink(const Raster& raster, const InkSteps& steps, Trace* trace) {
  const std::optional<InkMap> map = InkMap::of(raster, steps.paper);
  if (!map) return std::nullopt;
  if (trace != nullptr) tell(*map, *trace);
  Plane overview = map->overview();
  Mask lines;  // and dots, and the page's edges
  if (steps.lines &&
      !find_printed_lines(overview, map->sheet(), kLineInked * map->inked(), lines).empty()) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines.values[i]) overview.values[i] = 0;
    }
  }
  Grid<int> labels;
  std::vector<Component> components = label_components(overview, map->inked(), labels);
  const auto take_out = [&](const Mask& mask) {
    if (mask.values.empty()) return;
    if (lines.values.empty()) lines = Mask(overview.width, overview.height);
    for (std::size_t i = 0; i < mask.size(); ++i) {
      if (mask.values[i]) overview.values[i] = 0, lines.values[i] = 1;
    }
    components = label_components(overview, map->inked(), labels);
  };
  if (steps.lines) take_out(find_dot_grid(components, labels));
  if (steps.rim) take_out(find_page_edges(components, labels, map->sheet()));
  const int k = map->overview_step();
  const int smallest = std::max(3, std::max(overview.width, overview.height) / 64);
  const std::optional<Findings> findings =
      drop_specks(components, labels, smallest, steps.rim ? &map->sheet() : nullptr,
                  map->even_paper(), steps.lines);
  if (!findings) return std::nullopt;
  if (trace != nullptr) tell(lines, *findings, overview, map->inked(), *trace);
  const bool any_line = !lines.values.empty();
  const Component& found = findings->all;

  // Once more, from the picture's own pixels, at a resolution that fits the ink alone.
  const auto places = [](int pixels, int step) { return (pixels + step - 1) / step; };
  const int extent = (std::max(found.x1 - found.x0, found.y1 - found.y0) + 1) * k;
  const int fine = places(extent, InkPatch::kMaxExtent);
  constexpr int kMargin = 3;
  const int x0 = found.x0 * k - kMargin * fine, y0 = found.y0 * k - kMargin * fine;
  const int columns = places((found.x1 - found.x0 + 1) * k, fine) + 2 * kMargin;
  const int rows = places((found.y1 - found.y0 + 1) * k, fine) + 2 * kMargin;
  InkPatch patch;
  patch.parts = std::max(1, findings->parts);
  patch.origin_x = static_cast<float>(x0);
  patch.origin_y = static_cast<float>(y0);
  patch.step = static_cast<float>(fine);
  patch.box = {static_cast<float>(found.x0 * k), static_cast<float>(found.y0 * k),
               static_cast<float>(std::min((found.x1 + 1) * k, map->width()) - found.x0 * k),
               static_cast<float>(std::min((found.y1 + 1) * k, map->height()) - found.y0 * k)};
  patch.coverage = map->coverage(x0, y0, columns, rows, fine);
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      // What the overview dropped as dirt is paper.
      const int ox = (x0 + i * fine + fine / 2) / k, oy = (y0 + j * fine + fine / 2) / k;
      const bool outside = ox < 0 || oy < 0 || ox >= overview.width || oy >= overview.height;
      if (outside || findings->dirt.at(ox, oy) || (any_line && lines.at(ox, oy)))
        patch.coverage.at(i, j) = 0;
    }
  }
  if (trace != nullptr)
    trace->add("cut out", "at " + std::to_string(fine) + " pixels a place",
               picture_of(patch.coverage, 200));
  return patch;
}

}  // namespace longhand::ink
