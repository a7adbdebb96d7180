#include "ink/stretched.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ink/find_ink.h"
#include "ink/tight_cut.h"

namespace longhand::ink {
namespace {

// Digits are taller than wide: most by so much, a 1 by more.
constexpr std::array<float, 2> kNarrower = {0.6F, 0.35F};
constexpr float kFills = 0.65F;  // of the picture's side; twenty of MNIST's 28 are more
// What a program stretched is as wide as it is high and in the middle of its frame, but for as much
// of the side, and a pixel.
constexpr float kOff = 0.02F;

bool may_be_stretched(const Box& box, const GreyImage& picture) {
  const auto width = static_cast<float>(picture.width), height = static_cast<float>(picture.height);
  const float side = std::max(width, height), off = kOff * side + 1;
  return width - height <= off && height - width <= off && std::abs(box.w - box.h) <= off &&
         std::max(box.w, box.h) >= kFills * side &&
         std::abs(box.x + box.w / 2 - width / 2) <= off / 2 &&
         std::abs(box.y + box.h / 2 - height / 2) <= off / 2;
}

// The mean of what each place covers.
Plane resized(const Plane& plane, int width, int height) {
  Plane result(width, height);
  const float sx = static_cast<float>(plane.width) / static_cast<float>(width);
  const float sy = static_cast<float>(plane.height) / static_cast<float>(height);
  const int nx = std::max(1, static_cast<int>(std::ceil(2 * sx)));
  const int ny = std::max(1, static_cast<int>(std::ceil(2 * sy)));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      float sum = 0;
      for (int i = 0; i < nx * ny; ++i) {
        const float u = (static_cast<float>(i % nx) + 0.5F) / static_cast<float>(nx);
        const float v = (static_cast<float>(i / nx) + 0.5F) / static_cast<float>(ny);
        sum += sample_bilinear(plane, (static_cast<float>(x) + u) * sx - 0.5F,
                               (static_cast<float>(y) + v) * sy - 0.5F);
      }
      result.at(x, y) = sum / static_cast<float>(nx * ny);
    }
  }
  return result;
}

// The patch narrower by that factor. Small pictures become higher instead, so that none of their
// few columns is lost.
InkPatch narrowed(const InkPatch& patch, float by) {
  const Plane& coverage = patch.coverage;
  const float higher = std::clamp(
      static_cast<float>(InkPatch::kMaxExtent) / static_cast<float>(coverage.height), 1.0F, 1 / by);
  const auto length = [](int places, float factor) {
    return std::max(1, static_cast<int>(std::lround(static_cast<float>(places) * factor)));
  };
  InkPatch result = patch;
  result.coverage =
      resized(coverage, length(coverage.width, higher * by), length(coverage.height, higher));
  return result;
}

}  // namespace

std::vector<Glyph> before_stretching(const Raster& raster, Normalization normalization) {
  std::vector<Glyph> glyphs;
  const auto see = [&](const Raster& picture) {
    const auto patch = find_ink(picture, steps_of(normalization));
    if (!patch || !may_be_stretched(patch->box, picture.grey)) return;
    for (const float by : kNarrower) {
      auto glyph = normalize(narrowed(*patch, by), normalization);
      if (!glyph) continue;
      glyph->box.x -= static_cast<float>(picture.grey.width - raster.grey.width) / 2;
      glyph->box.y -= static_cast<float>(picture.grey.height - raster.grey.height) / 2;
      glyphs.push_back(std::move(*glyph));
    }
  };
  for (const Raster& wide : with_paper_around(raster)) see(wide);
  see(raster);
  return glyphs;
}

}  // namespace longhand::ink
