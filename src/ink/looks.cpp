#include "ink/looks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "ink/components.h"
#include "ink/filled_outlines.h"
#include "ink/find_ink.h"
#include "ink/masks.h"
#include "ink/pen_skips.h"
#include "ink/plane.h"
#include "ink/stains.h"
#include "ink/tight_cut.h"
#include "ink/wavy_line.h"

namespace longhand::ink {
namespace {

// Lengths in glyph pixels, of which the ink is 20 high or wide.
constexpr std::array<float, 2> kThinnest = {0.75F, 0.9F};  // half widths of thick parts
constexpr float kSlack = 1.5F;                          // around what a disc of that size reaches
constexpr float kRim = 0.6F;                            // soft edges around that
constexpr std::array<float, 2> kHollow = {1.2F, 1.7F};  // half widths of what outlines enclose
constexpr float kExtent = 20;
constexpr int kFinePlaces = 112;        // of the ink on the canvas, about
constexpr float kInside = 0.5F;         // coverage from which a place is ink there
constexpr float kOutline = 0.4F;        // and from which it is part of an outline
constexpr float kCrumb = 0.04F;         // of the largest component
constexpr float kLeastThick = 0.4F;     // of the ink,
constexpr float kLeastCrossed = 0.25F;  // of the ink, what a wavy line crosses,
constexpr float kLeastThin = 0.08F;     // and what else there must be
constexpr float kSmaller = 0.9F;  // of the ink's box in one direction, that the thick parts take up
constexpr float kLeastEnclosed = 0.4F;  // of the ink
constexpr float kDeepest = 2.8F;        // glyph pixels: half the width of what an outline encloses
constexpr float kMostlyKept = 0.35F;
constexpr float kFramed = 0.78F;    // of the picture's side: glyphs in their frames take up less
constexpr float kLeastCore = 0.5F;  // of the same, for what the frame is around
// Of the rest's extent (and its area): a tap is smaller, and stray where it is farther from the
// rest's box.
constexpr float kTap = 0.1F;
constexpr float kStray = 0.35F;
constexpr float kSquare = 1.25F;  // the longer side by the shorter

// The patch's places, each cut into `fine` x `fine`, and how many of those are a glyph pixel.
struct Canvas {
  Plane coverage;
  int fine = 1;
  float pixel = 1;
};

// The box around the ink, and how many places of it there are.
struct Extent {
  int x0, y0, x1 = -1, y1 = -1, area = 0;
  int width() const { return x1 - x0 + 1; }
  int height() const { return y1 - y0 + 1; }
  int longer() const { return std::max(width(), height()); }
};

Extent extent_of(const Plane& coverage) {
  Extent extent{coverage.width, coverage.height};
  for (int y = 0; y < coverage.height; ++y) {
    for (int x = 0; x < coverage.width; ++x) {
      if (coverage.at(x, y) < kOutline) continue;
      extent.x0 = std::min(extent.x0, x), extent.x1 = std::max(extent.x1, x);
      extent.y0 = std::min(extent.y0, y), extent.y1 = std::max(extent.y1, y);
      ++extent.area;
    }
  }
  return extent;
}

std::optional<Canvas> canvas_of(const Plane& coverage) {
  const int extent = extent_of(coverage).longer();
  if (extent < 3) return std::nullopt;
  Canvas canvas;
  canvas.fine = std::clamp(kFinePlaces / extent, 1, 4);
  canvas.pixel = static_cast<float>(canvas.fine * extent) / kExtent;
  canvas.coverage = Plane(coverage.width * canvas.fine, coverage.height * canvas.fine);
  const auto fine = static_cast<float>(canvas.fine);
  for (int y = 0; y < canvas.coverage.height; ++y) {
    const float v = (static_cast<float>(y) + 0.5F) / fine - 0.5F;
    for (int x = 0; x < canvas.coverage.width; ++x)
      canvas.coverage.at(x, y) =
          sample_bilinear(coverage, (static_cast<float>(x) + 0.5F) / fine - 0.5F, v);
  }
  return canvas;
}

template <typename Holds>
Mask where(const Plane& plane, Holds holds) {
  Mask mask(plane.width, plane.height);
  for (std::size_t i = 0; i < plane.size(); ++i) mask.values[i] = holds(plane.values[i]) ? 1 : 0;
  return mask;
}

// The share of each of the patch's places that is set on the canvas.
Plane shares(const Mask& mask, int fine) {
  Plane result(mask.width / fine, mask.height / fine);
  const auto all = static_cast<float>(fine * fine);
  for (int y = 0; y < mask.height; ++y) {
    for (int x = 0; x < mask.width; ++x)
      result.at(x / fine, y / fine) += static_cast<float>(mask.at(x, y)) / all;
  }
  return result;
}

Component largest_of(const std::vector<Component>& components) {
  Component largest;
  for (const Component& c : components) {
    if (c.area > largest.area) largest = c;
  }
  return largest;
}

// What is left when little of the ink stays has crumbs: components far smaller than the largest.
void drop_crumbs(Plane& coverage) {
  Grid<int> labels;
  const std::vector<Component> components = label_components(coverage, kOutline, labels);
  const auto least = kCrumb * static_cast<float>(largest_of(components).area);
  for (std::size_t i = 0; i < coverage.size(); ++i) {
    const int label = labels.values[i];
    if (label == 0) continue;
    const int area = components[static_cast<std::size_t>(label - 1)].area;
    if (static_cast<float>(area) < least) coverage.values[i] = 0;
  }
}

// What lies far from the larger things and is small taken out; nullopt where there is no such
// thing.
std::optional<Plane> without_stray(const Plane& coverage) {
  Grid<int> labels;
  const std::vector<Component> components = label_components(coverage, kOutline, labels);
  const auto least = kTap * static_cast<float>(largest_of(components).area);
  const auto is_small = [&](const Component& c) { return static_cast<float>(c.area) < least; };
  int x0 = coverage.width, x1 = 0, y0 = coverage.height, y1 = 0;
  for (const Component& c : components) {
    if (is_small(c)) continue;
    x0 = std::min(x0, c.x0), x1 = std::max(x1, c.x1);
    y0 = std::min(y0, c.y0), y1 = std::max(y1, c.y1);
  }
  const float far = kStray * static_cast<float>(std::max(x1 - x0, y1 - y0) + 1);
  Plane result = coverage;
  bool any = false;
  for (std::size_t i = 0; i < coverage.size(); ++i) {
    const int label = labels.values[i];
    if (label == 0) continue;
    const Component& c = components[static_cast<std::size_t>(label - 1)];
    const int aside = std::max(x0 - c.x1, c.x0 - x1), above = std::max(y0 - c.y1, c.y0 - y1);
    if (!is_small(c) || static_cast<float>(std::max(aside, above)) <= far) continue;
    result.values[i] = 0;
    any = true;
  }
  if (!any) return std::nullopt;
  return result;
}

// The ink where discs of that half width fit into it, and its edges there.
Plane thick_parts(const Plane& coverage, const Canvas& canvas, float half_width) {
  const Mask ink = where(canvas.coverage, [](float c) { return c >= kInside; });
  const float least = half_width * canvas.pixel;
  Mask thick = grown(shrunk(ink, least), least + kSlack);
  for (std::size_t i = 0; i < thick.size(); ++i) thick.values[i] &= ink.values[i];
  const Plane kept = shares(grown(thick, kRim * canvas.pixel), canvas.fine);
  Plane result = coverage;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (kept.values[i] <= kMostlyKept) result.values[i] = 0;
  }
  drop_crumbs(result);
  return result;
}

// The ink without a wavy line across it; nullopt where there is none.
std::optional<Plane> without_wavy_line(const Plane& coverage, const Canvas& canvas) {
  const Mask line = find_wavy_line(canvas.coverage, canvas.pixel);
  if (line.values.empty()) return std::nullopt;
  const Plane share = shares(line, canvas.fine);
  Plane result = coverage;
  for (std::size_t i = 0; i < result.size(); ++i)
    result.values[i] = std::min(result.values[i], 1 - share.values[i]);
  drop_crumbs(result);
  return result;
}

// Whether a wavy line is as wide as what it crosses is high or wide, and not nearly all there is.
bool is_crossed(const Plane& coverage, const Plane& rest) {
  const Extent all = extent_of(coverage), left = extent_of(rest);
  return static_cast<float>(left.area) >= kLeastCrossed * static_cast<float>(all.area) &&
         all.width() >= left.longer();
}

// Whether what is thin goes on past what is thick, and neither is all there is.
bool leaves_a_line_out(const Plane& coverage, const Plane& thick) {
  const Extent all = extent_of(coverage), left = extent_of(thick);
  const auto area = static_cast<float>(all.area), rest = static_cast<float>(all.area - left.area);
  const bool smaller = left.width() < kSmaller * static_cast<float>(all.width()) ||
                       left.height() < kSmaller * static_cast<float>(all.height());
  return smaller && rest >= kLeastThin * area && area - rest >= kLeastThick * area;
}

// The longer side of the largest thing among the thick parts, in places.
int core_of(const Plane& thick) {
  Grid<int> labels;
  const Component core = largest_of(label_components(thick, kOutline, labels));
  return core.area > 0 ? core.extent() : 0;
}

// Whether what was filled is enough, and nowhere deeper than a stroke: not the loop of a 9.
bool is_outline(const Plane& coverage, const Plane& filled, const Canvas& canvas) {
  const float fine = static_cast<float>(canvas.fine);
  Mask added(coverage.width, coverage.height);
  float count = 0, ink = 0;
  for (std::size_t i = 0; i < coverage.size(); ++i) {
    const bool inked = coverage.values[i] >= kOutline;
    added.values[i] = !inked && filled.values[i] >= kOutline ? 1 : 0;
    count += added.values[i];
    ink += inked ? 1 : 0;
  }
  if (count < kLeastEnclosed * ink) return false;
  const Plane depth = distance_to(complement(added));
  const float deepest = *std::max_element(depth.values.begin(), depth.values.end());
  return deepest * fine <= kDeepest * canvas.pixel + 0.5F * fine;
}

// Gaps of up to twice that half width between lines closed.
Plane closed(const Canvas& canvas, float half_width) {
  const Mask ink = where(canvas.coverage, [](float c) { return c >= kInside; });
  const float by = half_width * canvas.pixel;
  return shares(shrunk(grown(ink, by), by), canvas.fine);
}

// The ink with what a skipping pen left out; nullopt where it left out nothing.
std::optional<Plane> mended(const Plane& coverage, const Canvas& canvas) {
  const Mask skips = find_pen_skips(canvas.coverage, canvas.pixel);
  if (skips.values.empty()) return std::nullopt;
  const Plane missing = shares(skips, canvas.fine);
  Plane result = coverage;
  for (std::size_t i = 0; i < result.size(); ++i)
    result.values[i] = std::min(1.0F, result.values[i] + missing.values[i]);
  return result;
}

// The whole picture on the glyph's 28x28, its longer side filling them: nullopt where the picture
// is no frame around a core of so many places, as datasets and cells of forms are, or its ink stays
// within that frame's margins.
std::optional<Glyph> framed(const InkPatch& patch, int core, const GreyImage& picture) {
  const auto width = static_cast<float>(picture.width), height = static_cast<float>(picture.height);
  const float longer = std::max(width, height), shorter = std::min(width, height);
  const float core_pixels = static_cast<float>(core) * patch.step;
  if (longer > kSquare * shorter || std::max(patch.box.w, patch.box.h) < kFramed * longer ||
      core_pixels > kFramed * longer || core_pixels < kLeastCore * longer)
    return std::nullopt;
  const float scale = longer / Glyph::kSize;  // pixels a glyph pixel
  const float left = (width - longer) / 2, top = (height - longer) / 2;
  Glyph glyph{GreyImage(Glyph::kSize, Glyph::kSize), patch.box};
  // A few samples a pixel average what a pixel of the glyph covers.
  const int samples = std::max(1, static_cast<int>(std::lround(scale / patch.step)));
  for (int j = 0; j < Glyph::kSize; ++j) {
    for (int i = 0; i < Glyph::kSize; ++i) {
      float sum = 0;
      for (int s = 0; s < samples * samples; ++s) {
        const float u = (static_cast<float>(s % samples) + 0.5F) / static_cast<float>(samples);
        const float v = (static_cast<float>(s / samples) + 0.5F) / static_cast<float>(samples);
        const float x = left + (static_cast<float>(i) + u) * scale;
        const float y = top + (static_cast<float>(j) + v) * scale;
        sum += sample_bilinear(patch.coverage, (x - patch.origin_x) / patch.step - 0.5F,
                               (y - patch.origin_y) / patch.step - 0.5F);
      }
      const float ink = std::min(1.0F, sum / static_cast<float>(samples * samples));
      glyph.image.at(i, j) = static_cast<std::uint8_t>(std::lround(255 * ink));
    }
  }
  return glyph;
}

}  // namespace

std::vector<Glyph> further_looks(const Raster& raster, Normalization normalization) {
  std::vector<Glyph> looks;
  if (const auto clean = without_stains(raster)) {
    if (auto glyph = normalize(*clean, normalization)) looks.push_back(std::move(*glyph));
  }
  for (const Raster& wide : with_paper_around(raster)) {
    if (auto glyph = normalize(wide, normalization)) {
      glyph->box.x -= static_cast<float>(wide.grey.width - raster.grey.width) / 2;
      glyph->box.y -= static_cast<float>(wide.grey.height - raster.grey.height) / 2;
      looks.push_back(std::move(*glyph));
    }
  }
  const std::optional<InkPatch> found = find_ink(raster, steps_of(normalization));
  if (!found) return looks;
  const InkPatch& patch = *found;
  const auto add = [&](Plane coverage) {
    InkPatch seen = patch;
    seen.coverage = std::move(coverage);
    if (auto glyph = normalize(seen, normalization)) looks.push_back(std::move(*glyph));
  };
  if (auto rest = without_stray(patch.coverage)) add(std::move(*rest));
  const std::optional<Canvas> canvas = canvas_of(patch.coverage);
  if (!canvas) return looks;
  std::vector<Plane> thick;
  for (const float half_width : kThinnest)
    thick.push_back(thick_parts(patch.coverage, *canvas, half_width));
  if (auto glyph = framed(patch, core_of(thick.front()), raster.grey))
    looks.push_back(std::move(*glyph));
  for (Plane& parts : thick) {
    if (leaves_a_line_out(patch.coverage, parts)) add(std::move(parts));
  }
  if (auto rest = without_wavy_line(patch.coverage, *canvas)) {
    if (is_crossed(patch.coverage, *rest)) add(std::move(*rest));
  }
  const auto add_filled = [&](Plane filled) {
    if (is_outline(patch.coverage, filled, *canvas)) add(std::move(filled));
  };
  if (auto filled = filled_outlines(patch.coverage, kOutline)) add_filled(std::move(*filled));
  for (const float half_width : kHollow) add_filled(closed(*canvas, half_width));
  if (auto whole = mended(patch.coverage, *canvas)) add(std::move(*whole));
  return looks;
}

std::vector<Glyph> further_looks(const Strokes& strokes, Normalization normalization) {
  const auto extent_of_stroke = [](const Stroke& stroke) {
    const Box box = bounds({{stroke}});
    return std::max(box.w, box.h);
  };
  float longest = 0;
  for (const Stroke& stroke : strokes.strokes)
    longest = std::max(longest, extent_of_stroke(stroke));
  const auto is_tap = [&](const Stroke& stroke) {
    return !stroke.empty() && extent_of_stroke(stroke) <= kTap * longest;
  };
  Strokes rest;
  std::remove_copy_if(strokes.strokes.begin(), strokes.strokes.end(),
                      std::back_inserter(rest.strokes), is_tap);
  const Box box = bounds(rest);
  const float far = kStray * std::max(box.w, box.h);
  std::size_t stray = 0;
  for (const Stroke& stroke : strokes.strokes) {
    if (!is_tap(stroke)) continue;
    const Point& p = stroke.front();
    const float aside = std::max({box.x - p.x, p.x - (box.x + box.w), 0.0F});
    const float above = std::max({box.y - p.y, p.y - (box.y + box.h), 0.0F});
    if (std::max(aside, above) > far) {
      ++stray;
    } else {
      rest.strokes.push_back(stroke);
    }
  }
  std::vector<Glyph> looks;
  if (stray == 0) return looks;
  if (auto glyph = normalize(rest, normalization)) looks.push_back(std::move(*glyph));
  return looks;
}

}  // namespace longhand::ink
