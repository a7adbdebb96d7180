#include "ink/normalize.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "ink/even_out.h"
#include "ink/find_ink.h"
#include "ink/rasterize.h"
#include "ink/stroke_groups.h"

namespace longhand::ink {
namespace {

// One axis of a resize with a triangle filter, its support widened where the picture shrinks: what
// Pillow calls BILINEAR, and so the nearest to how the system of 2018 scaled its pictures.
struct Tap {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Tap> taps_for(int from, int to) {
  std::vector<Tap> taps(static_cast<std::size_t>(to));
  const float ratio = static_cast<float>(from) / static_cast<float>(to);
  const float support = std::max(1.0F, ratio);
  for (int i = 0; i < to; ++i) {
    const float centre = (static_cast<float>(i) + 0.5F) * ratio;
    const int first = std::max(0, static_cast<int>(centre - support + 0.5F));
    const int last = std::min(from, static_cast<int>(centre + support + 0.5F));
    Tap& tap = taps[static_cast<std::size_t>(i)];
    tap.first = first;
    float sum = 0;
    for (int k = first; k < last; ++k) {
      const float d = std::abs(static_cast<float>(k) + 0.5F - centre) / support;
      tap.weights.push_back(d < 1 ? 1 - d : 0);
      sum += tap.weights.back();
    }
    for (float& w : tap.weights) w /= sum;
  }
  return taps;
}

GreyImage resize(const GreyImage& image, int size) {
  const std::vector<Tap> columns = taps_for(image.width, size), rows = taps_for(image.height, size);
  GreyImage result(size, size);
  std::vector<float> line(static_cast<std::size_t>(image.width));
  for (int j = 0; j < size; ++j) {
    const Tap& row = rows[static_cast<std::size_t>(j)];
    std::fill(line.begin(), line.end(), 0.0F);
    for (std::size_t k = 0; k < row.weights.size(); ++k) {
      for (int x = 0; x < image.width; ++x) {
        line[static_cast<std::size_t>(x)] +=
            row.weights[k] * static_cast<float>(image.at(x, row.first + static_cast<int>(k)));
      }
    }
    for (int i = 0; i < size; ++i) {
      const Tap& column = columns[static_cast<std::size_t>(i)];
      float sum = 0;
      for (std::size_t k = 0; k < column.weights.size(); ++k) {
        sum += column.weights[k] * line[static_cast<std::size_t>(column.first) + k];
      }
      result.at(i, j) = static_cast<std::uint8_t>(std::clamp(sum + 0.5F, 0.0F, 255.0F));
    }
  }
  return result;
}

// The strokes on a board of 28x28 with a white line of 2, as the system of 2018 drew them; boards
// of other sizes are scaled so that the writing fills it as it filled theirs.
GreyImage on_the_board_of_2018(const Strokes& strokes, const Box& box) {
  constexpr float kWriting = 20;
  const float extent = std::max(box.w, box.h);
  const float scale = extent > 0 ? kWriting / extent : 1;
  constexpr float kMiddle = Glyph::kSize / 2.0F;
  Strokes drawn = strokes;
  for (Stroke& stroke : drawn.strokes) {
    for (Point& p : stroke) {
      p.x = (p.x - box.x - box.w / 2) * scale + kMiddle;
      p.y = (p.y - box.y - box.h / 2) * scale + kMiddle;
    }
  }
  return rasterize(drawn, Glyph::kSize, Glyph::kSize, Brush{});
}

Evenness evenness_of(Normalization normalization) {
  return normalization == Normalization::kInk1 ? Evenness::ink1() : Evenness::ink2();
}

}  // namespace

std::string_view to_string(Normalization normalization) {
  switch (normalization) {
    case Normalization::kRaw:
      return "raw";
    case Normalization::kInk1:
      return "ink-1";
    case Normalization::kInk2:
      return "ink-2";
  }
  return "";
}

std::optional<Normalization> parse_normalization(std::string_view name) {
  if (name == "raw") return Normalization::kRaw;
  if (name == "ink-1") return Normalization::kInk1;
  if (name == "ink-2") return Normalization::kInk2;
  return std::nullopt;
}

std::optional<Glyph> normalize(const Raster& raster, Normalization normalization, Trace* trace) {
  if (raster.grey.empty()) return std::nullopt;
  if (normalization == Normalization::kRaw) {
    const Box whole = {0, 0, static_cast<float>(raster.grey.width),
                       static_cast<float>(raster.grey.height)};
    return Glyph{resize(raster.grey, Glyph::kSize), whole};
  }
  const std::optional<InkPatch> patch = find_ink(raster, steps_of(normalization), trace);
  if (!patch) return std::nullopt;
  return normalize(*patch, normalization, trace);
}

std::optional<Glyph> normalize(const InkPatch& patch, Normalization normalization, Trace* trace) {
  if (normalization == Normalization::kRaw) {
    throw std::logic_error("normalize: raw glyphs come from pictures, not from found ink");
  }
  std::optional<GreyImage> image = even_out(patch, evenness_of(normalization), trace);
  if (!image) return std::nullopt;
  return Glyph{std::move(*image), patch.box, patch.parts};
}

std::optional<Glyph> normalize(const Strokes& strokes, Normalization normalization) {
  const bool any = std::any_of(strokes.strokes.begin(), strokes.strokes.end(),
                               [](const Stroke& stroke) { return !stroke.empty(); });
  if (!any) return std::nullopt;
  const Box box = bounds(strokes);
  if (normalization == Normalization::kRaw) {
    return Glyph{on_the_board_of_2018(strokes, box), box};
  }
  std::optional<GreyImage> image = even_out(strokes, evenness_of(normalization));
  if (!image) return std::nullopt;
  return Glyph{std::move(*image), box, static_cast<int>(strokes_that_meet(strokes).size())};
}

}  // namespace longhand::ink
