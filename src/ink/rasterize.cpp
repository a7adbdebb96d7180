#include "ink/rasterize.h"

#include <algorithm>
#include <cmath>

namespace longhand::ink {
namespace {

constexpr float kLeastPressure = 0.25F;

float radius_at(const Point& p, const Brush& brush) {
  // A NaN, from a device without pressure, compares false and means full pressure.
  const bool light = brush.uses_pressure && p.pressure < 1;
  return brush.width / 2 * (light ? std::max(kLeastPressure, p.pressure) : 1);
}

// Blackens what the brush covers on its way from a to b: full inside, fading over the soft part.
void draw_piece(GreyImage& image, const Point& a, const Point& b, const Brush& brush) {
  const float ra = radius_at(a, brush), rb = radius_at(b, brush);
  const float reach = std::max(ra, rb) + 1;
  const auto first = [&](float v) { return static_cast<int>(std::max(0.0F, v - reach)); };
  const auto last = [&](float v, int size) {
    return static_cast<int>(std::min(static_cast<float>(size - 1), v + reach));
  };
  const float dx = b.x - a.x, dy = b.y - a.y;
  const float square = dx * dx + dy * dy;
  for (int y = first(std::min(a.y, b.y)); y <= last(std::max(a.y, b.y), image.height); ++y) {
    // The part of the way that passes near this row: a long piece touches few pixels of each.
    float xa = a.x, xb = b.x;
    if (std::abs(dy) > 1e-3F) {
      const float ta = std::clamp((static_cast<float>(y) - reach - a.y) / dy, 0.0F, 1.0F);
      const float tb = std::clamp((static_cast<float>(y) + 1 + reach - a.y) / dy, 0.0F, 1.0F);
      xa = a.x + ta * dx, xb = a.x + tb * dx;
    }
    for (int x = first(std::min(xa, xb)); x <= last(std::max(xa, xb), image.width); ++x) {
      const float px = static_cast<float>(x) + 0.5F - a.x, py = static_cast<float>(y) + 0.5F - a.y;
      const float t = square > 0 ? std::clamp((px * dx + py * dy) / square, 0.0F, 1.0F) : 0;
      const float ex = px - t * dx, ey = py - t * dy;
      const float radius = ra + t * (rb - ra);
      // The soft rim reaches inwards from the edge; a hard brush has one pixel of it.
      const float rim = std::max(1.0F, 2 * radius * (1 - brush.hardness));
      const float inside = radius + 0.5F - std::sqrt(ex * ex + ey * ey);
      const float ink = std::clamp(inside / rim, 0.0F, 1.0F);
      // Thinner than a pixel: as much ink as such a line leaves, not a line of full width.
      const float share = std::min(1.0F, 2 * radius);
      const auto level = static_cast<std::uint8_t>(ink * share * 255 + 0.5F);
      image.at(x, y) = std::max(image.at(x, y), level);
    }
  }
}

}  // namespace

GreyImage rasterize(const Strokes& strokes, int width, int height, const Brush& brush) {
  GreyImage image(width, height);
  for (const Stroke& stroke : strokes.strokes) {
    if (stroke.size() == 1) draw_piece(image, stroke[0], stroke[0], brush);
    for (std::size_t i = 1; i < stroke.size(); ++i) {
      draw_piece(image, stroke[i - 1], stroke[i], brush);
    }
  }
  return image;
}

}  // namespace longhand::ink
